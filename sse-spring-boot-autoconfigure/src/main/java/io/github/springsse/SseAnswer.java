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

/**
 * Options of a method with {@link SseTopic} that serves the elements of a source. The
 * method either returns the source, or it has {@link SseTopic.From#START} and one topic,
 * and the source is published elsewhere. On any other method the annotation fails the
 * start.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Reflective(FormatReflectiveProcessor.class)
public @interface SseAnswer {

	/**
	 * Time for which a text waits to be joined with others, such as {@code 100ms}.
	 * Placeholders are resolved. Only for methods that return the source.
	 * @return the time, empty to join no texts
	 * @see SsePublishOptions#join
	 */
	String join() default "";

	/**
	 * Time after which a source without subscribed streams is cancelled, such as
	 * {@code 30s}. Placeholders are resolved. Only for methods that return the source.
	 * @return the time, {@code 0s} for never, empty for {@code sse.answers.abandon-after}
	 * @see SsePublishOptions#abandonAfter
	 */
	String abandonAfter() default "";

	/**
	 * Format that reports failures and the end to clients, such as
	 * {@link UiMessageFormat}. It is the bean of this type, or a new instance if there is
	 * no such bean. Responses have the headers of the format, and contain only data if it
	 * {@linkplain SseSourceFormat#isDataOnly() requires that}. If the source is published
	 * elsewhere, give the same format to {@link SsePublishOptions#format}.
	 * @return the type, {@code SseSourceFormat} for the configured format
	 */
	Class<? extends SseSourceFormat> format() default SseSourceFormat.class;

	/**
	 * Whether a request is answered with status 204 if the topic is unknown, for clients
	 * that interpret 204 as "nothing is running". Otherwise the stream is opened and
	 * waits. Only for methods whose source is published elsewhere. A method that returns
	 * {@code null} instead of the source always has this behavior.
	 * @return whether to answer with status 204
	 */
	boolean noContentWhenUnknown() default false;

	/**
	 * Whether a request without an id starts the returned source again if the topic has
	 * ended. One topic then carries one answer after another, such as the answers of a
	 * chat, and the earlier events of the topic are no longer sent. Otherwise the request
	 * receives the existing answer. Only for methods that return the source.
	 * @return whether to start the source again
	 */
	boolean startAgain() default false;

	/**
	 * Whether an interrupted source is started again. A source is interrupted if its node
	 * was stopped, died, or could not reach the log. The first request for the topic
	 * starts it, with or without an id, on any node. A client that had received the
	 * interrupted answer gets {@code event: gap} with the reason {@code interrupted},
	 * which invalidates the events so far, and then the new answer from its beginning.
	 * Without this option, clients get {@code event: failed} with the kind
	 * {@code interrupted}. Only for methods that return the source, and not for streams
	 * that contain only data, which have no gaps. It must be safe to do the work twice.
	 * @return whether to start an interrupted source again
	 * @see SsePublishOptions#restartInterrupted
	 */
	boolean restartInterrupted() default false;

	/**
	 * Whether a request without an id is answered with status 204 if the topic has ended
	 * and is completely kept, for clients that ask only for a running answer. A request
	 * that has a source to start receives the answer in any case.
	 * @return whether to answer with status 204
	 */
	boolean noContentWhenEnded() default false;

	/**
	 * Whether a client that has received everything gets the last event and the end
	 * again. Otherwise it is answered with status 204. For clients that treat 204 as an
	 * error, such as those of TanStack AI.
	 * @return whether to repeat the last event
	 */
	boolean lastEventAgain() default false;

}
