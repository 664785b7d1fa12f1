/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.springsse;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Publishes the result of a method of a Spring bean as an event. Nothing is published if
 * the method throws an exception or returns {@code null} or an empty
 * {@link java.util.Optional}. An {@link SseEvent} is published unchanged. The value of a
 * {@link java.util.concurrent.CompletionStage} is published when the stage completes. If
 * the event cannot be published, the caller of the method receives the exception. This is
 * an {@link InvalidSseDataException} for a value that cannot be the data of an event,
 * such as a {@code Publisher} or a list of events. If the declared return type already
 * shows this, the creation of the bean fails.
 * <p>
 * The data is written with the declared type of the method and with its
 * {@code @JsonView}, if present. A {@code @JsonView} is an error if the
 * {@link SsePayloadEncoder} does not support views.
 * <p>
 * The annotation works through a proxy and shares the limits of all such annotations. A
 * call from within the same object is not intercepted. The creation of the bean fails for
 * a method that cannot be intercepted because it is private, static or final, for a final
 * class that the proxy would have to extend, and for a declared return type that is the
 * application's own subtype of {@code CompletionStage}. The annotation may be used as a
 * meta-annotation.
 * <p>
 * A method with its own {@code @Transactional} publishes within that transaction. The
 * event is written and sent as described for {@link SseOperations}, and a failure before
 * the commit, such as data that cannot be written, rolls the transaction back. Without a
 * transaction of its own, the method publishes outside of the other annotations on it, so
 * that a result they reject or filter is not published. The same applies to advice that
 * may act after the transaction, such as {@code @PostAuthorize}, {@code @PostFilter},
 * {@code @Cacheable} and {@code @Around} advice of the application: the event is then
 * published after the commit, which is logged at start-up, and the caller receives the
 * exception if publishing fails. Repositories of Spring Data have their transaction
 * inside their own proxy and publish after it. {@code @Async} methods publish on their
 * own thread.
 * <p>
 * Spring publishes the return value of an {@code @EventListener} as an application event.
 * If such a listener would receive its own result, the creation of the bean fails. Make
 * the method {@code void}, and publish with {@link SseOperations}.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Reflective(PayloadReflectiveProcessor.class)
public @interface SsePublish {

	/**
	 * Alias for {@link #topic}.
	 * @return the topic
	 */
	@AliasFor("topic")
	String value() default "";

	/**
	 * Topic to publish to. A variable in braces is the argument of that name, or
	 * otherwise a property of the data, which is the return value or the data of the
	 * returned {@link SseEvent}. <code>{loan.branch}</code> is a property of an argument.
	 * Entries of a map count as properties. The value is converted as {@code "" + value}
	 * does, and must be one segment. <code>{user}</code> is a user name and is encoded
	 * with {@link Topic#encodeSegment}, as in {@link SseTopic}. Do not encode it
	 * yourself. <code>${name}</code> is a property of the application.
	 * @return the topic
	 */
	@AliasFor("value")
	String topic() default "";

	/**
	 * Name of the event. If it is empty, the browser's {@code onmessage} receives the
	 * event. A name is rejected if the declared return type is {@link SseEvent}, which
	 * has its own name.
	 * @return the name of the event
	 */
	String event() default "";

}
