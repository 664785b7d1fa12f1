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
 * Publishes what a method of a Spring bean returns. Nothing is published when the method
 * throws or returns {@code null} or an empty {@link java.util.Optional}; a method that
 * returns an {@link SseEvent} publishes that; what a
 * {@link java.util.concurrent.CompletionStage} completes with is published then. If the
 * event cannot be published, the caller of the method gets the exception:
 * {@link InvalidSseDataException} for what is no data, such as a {@code Publisher} or a
 * list of events, unless the return type tells, which fails the creation of the bean.
 * <p>
 * The data is written by the type that the method declares, and with its
 * {@code @JsonView} if it has one, which fails where the {@link SsePayloadEncoder} has no
 * views.
 * <p>
 * The annotation works through a proxy, with the limits of every annotation that does: a
 * call from within the same object is not seen, and a method of which no call is seen, a
 * private, static or final one, fails the creation of the bean, as does a final class of
 * which the proxy would be a subclass, and a declared return type that is a
 * {@code CompletionStage} of the application's own. It may be a meta-annotation.
 * <p>
 * A method that has a transaction of its own, by {@code @Transactional}, publishes within
 * it: the event is written and sent as {@link SseOperations} does it, and what cannot be
 * published rolls back. Otherwise it publishes around other annotations on the method:
 * what they refuse or filter is not published. That is so, too, where they do so after
 * the transaction, as {@code @PostAuthorize}, {@code @PostFilter}, {@code @Cacheable} and
 * {@code @Around} advice of the application may: then the event is published after the
 * commit, which is logged at start-up, and the caller gets the exception if that fails.
 * Repositories of Spring Data have a transaction within their own proxy and publish after
 * it. {@code @Async} methods publish on their own thread.
 * <p>
 * Spring publishes what an {@code @EventListener} returns as an event. A listener that
 * would hear that itself fails the creation of the bean: make it {@code void}, and
 * publish with {@link SseOperations}.
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
	 * Topic to publish to. A variable in braces is the argument of that name, or else the
	 * property of that name of the data, which is what the method returned or the
	 * {@link SseEvent} has; <code>{loan.branch}</code> is a property of an argument;
	 * entries of a map are properties, too. The value is the text that {@code "" + value}
	 * has, and must be one segment. <code>{user}</code> is the name of a user and is
	 * encoded with {@link Topic#encodeSegment}, as in {@link SseTopic}; do not encode it
	 * yourself. <code>${name}</code> is a property of the application.
	 * @return the topic
	 */
	@AliasFor("value")
	String topic() default "";

	/**
	 * Name of the event; the {@code message} of the browser's {@code onmessage} where it
	 * is empty. It is refused beside a declared return type of {@link SseEvent}, which
	 * has a name of its own.
	 * @return the name of the event
	 */
	String event() default "";

}
