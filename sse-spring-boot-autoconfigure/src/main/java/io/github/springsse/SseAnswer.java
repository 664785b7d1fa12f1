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
 * Options of a method with {@link SseTopic} that serves the elements of a source: one
 * that returns the source, or one with {@link SseTopic.From#START} and one topic whose
 * source is published elsewhere. On any other method it fails the start.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Reflective(FormatReflectiveProcessor.class)
public @interface SseAnswer {

	/**
	 * How long a text waits for others to be joined with, as {@code 100ms}. Placeholders
	 * are resolved. Only for methods that return the source.
	 * @return the time, empty for none
	 * @see SsePublishOptions#join
	 */
	String join() default "";

	/**
	 * When a source is cancelled that no stream is subscribed to, as {@code 30s}.
	 * Placeholders are resolved. Only for methods that return the source.
	 * @return the time, {@code 0s} for never, empty for {@code sse.answers.abandon-after}
	 * @see SsePublishOptions#abandonAfter
	 */
	String abandonAfter() default "";

	/**
	 * How failures and the end are told, such as {@link UiMessageFormat}: the bean of
	 * this type, or an instance where there is none. Responses have its headers, and are
	 * of data alone if it {@linkplain SseSourceFormat#isDataOnly() says so}. Where the
	 * source is published elsewhere, the same format is to be given to
	 * {@link SsePublishOptions#format}.
	 * @return the type, {@code SseSourceFormat} for the configured one
	 */
	Class<? extends SseSourceFormat> format() default SseSourceFormat.class;

	/**
	 * Whether a request is answered with status 204 where nothing is known of the topic,
	 * for clients that take this for "nothing is running". Otherwise the stream is
	 * opened, and waits. For methods whose source is published elsewhere; one that
	 * returns {@code null} in place of the source always answers so.
	 * @return whether to answer with status 204
	 */
	boolean noContentWhenUnknown() default false;

	/**
	 * Whether a request without an id starts the source that the method has returned also
	 * where the topic has ended, so that one topic has one answer after another, as those
	 * of a chat. What the topic had before is left behind. Otherwise such a request gets
	 * the answer that is there. Only for methods that return the source.
	 * @return whether to start again
	 */
	boolean startAgain() default false;

	/**
	 * Whether the source is started again after it was interrupted: its node was stopped,
	 * is gone, or could not reach the log. The first request for the topic starts it,
	 * with an id or without, on any node. A client that had the interrupted answer gets
	 * {@code event: gap} with the reason {@code interrupted}, which makes void what it
	 * has, and then the new answer from its beginning. Otherwise clients get
	 * {@code event: failed} with the kind {@code interrupted}. Only for methods that
	 * return the source, and not for streams of data alone, which have no gaps. The work
	 * must be such that it can be done twice.
	 * @return whether to start an interrupted source again
	 * @see SsePublishOptions#restartInterrupted
	 */
	boolean restartInterrupted() default false;

	/**
	 * Whether a request without an id is answered with status 204 also where the topic
	 * has ended and all of it is kept, for clients that ask for what is running alone. A
	 * request that has a source to start gets the answer in any case.
	 * @return whether to answer with status 204
	 */
	boolean noContentWhenEnded() default false;

	/**
	 * Whether a client that has seen everything gets the last event again, and the end.
	 * Otherwise it is answered with status 204. For clients that take 204 for an error,
	 * as those of TanStack AI do.
	 * @return whether to send the last event again
	 */
	boolean lastEventAgain() default false;

}
