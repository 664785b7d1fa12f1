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
 * Makes a mapped controller method open a stream of Server-Sent Events. After the method
 * has returned, the response stays open and carries the events of the topics.
 * <p>
 * The method always runs first, so its checks apply to the stream, unless its snapshots
 * are {@linkplain #snapshot() shared}. If it throws an exception, Spring MVC handles the
 * exception as usual and no stream is opened. If it writes its own response, such as an
 * error, a redirect or any status other than 200, no stream is opened either. A method
 * without a request mapping, such as a method of a bean that is not a controller, fails
 * the start.
 * <p>
 * The return value is the <em>snapshot</em>. It is sent first, as an event with the name
 * {@code snapshot}, followed by all events published since just before the method ran.
 * The snapshot may already include some of them. A {@code void} method, or one that
 * returns {@code null} or an empty {@link java.util.Optional}, has no snapshot. The
 * snapshot is written as JSON, a {@code String} unchanged. An {@link SseEvent} keeps its
 * own name. Each {@code SseEvent} in an {@link Iterable}, array or
 * {@link java.util.stream.Stream} is sent as an event of its own. An empty container is
 * sent as an event {@code snapshot} with {@code []}. A value that cannot be data, such as
 * a future or a {@code ResponseEntity}, is rejected: with
 * {@link InvalidSseMethodException} at the start if the return type shows it, otherwise
 * with {@link InvalidSseDataException}. A {@link java.util.function.Supplier} is called
 * only if the snapshot is needed. <strong>An access check must not be in the Supplier, or
 * in methods that it calls</strong>: it is not called for a client that sends any id of
 * the log, and that client receives events all the same.
 * <p>
 * The {@link SsePayloadEncoder} writes the snapshot, as it writes events. It uses the
 * declared type of the method, as Spring MVC does, so that the {@code @JsonTypeInfo} of
 * list elements is kept. It also uses the {@code @JsonView} of the method, which is an
 * error if the encoder does not support views. Message converters and
 * {@code ResponseBodyAdvice} are not applied, so the method itself must add or leave out
 * whatever these would.
 * <p>
 * The value of a variable in braces comes from the path of the request, or from an
 * argument with {@code @RequestParam} or {@code @RequestHeader} of that name. If the
 * method has the variable as an argument, the value is the argument as text, by
 * {@code toString()}: for {@code /orders/007} and an argument of type {@code long} it is
 * {@code 7}. This applies to simple types, such as text, numbers, {@code UUID}, enums and
 * dates. For other types, the value is the text in the path. A request is refused with
 * status 400 if a value is missing or empty, or contains {@code /} or {@code *}, which
 * would add or match other segments.
 * <p>
 * <code>{#principal.tenant}</code> is a property of the principal of the request, or an
 * entry if the principal is a map. With Spring Security, the principal is the object that
 * {@code @AuthenticationPrincipal} resolves. A user without this property is refused with
 * status 403. <code>{user}</code> is the name of the authenticated user,
 * {@linkplain Topic#encodeSegment encoded} so that it may contain any characters. A
 * request without a user is answered by the authentication entry point of Spring Security
 * if its filters handle the request, otherwise with status 401. A segment has at most one
 * variable: with <code>{tenant}-{room}</code>, room {@code b-c} of tenant {@code a} would
 * also be room {@code c} of tenant {@code a-b}.
 * <p>
 * A method can also return a <em>source</em>: a {@code Flux}, a {@code Flow.Publisher}, a
 * Kotlin {@code Flow} or another multi-value type that Spring's
 * {@code ReactiveAdapterRegistry} supports, or a {@code Supplier} of one. It then has no
 * snapshot. The first request publishes the source to the topic, as
 * {@link SseOperations#publishAll} does. Every request for the same topic receives its
 * elements {@linkplain From#START from the first one}, on this node and on others.
 * Examples are a reload, a second window, and a client that reconnects with its last id.
 * The source is independent of the request that started it. Such a method has one topic,
 * which is not a pattern, and is mapped to GET or POST. The method and its checks run for
 * each request, but only the source of the first request is subscribed to. A
 * {@code Supplier} is called only for that request, when the source is subscribed to, so
 * an exception of the supplier is a failure of the source. The response depends on the
 * state of the topic:
 * <table>
 * <caption>Requests for a source</caption>
 * <tr>
 * <th>Request</th>
 * <th>Unknown</th>
 * <th>Running</th>
 * <th>Ended, completely kept</th>
 * <th>Ended, not kept</th>
 * </tr>
 * <tr>
 * <td>without an id, or with an id of another generation of the log</td>
 * <td>starts the source</td>
 * <td>all from the first element, then live</td>
 * <td>all, then the end</td>
 * <td>204</td>
 * </tr>
 * <tr>
 * <td>the same, but the method returned {@code null} or an empty {@code Optional}</td>
 * <td>204</td>
 * <td>all from the first element, then live</td>
 * <td>all, then the end</td>
 * <td>204</td>
 * </tr>
 * <tr>
 * <td>with an id, GET or POST</td>
 * <td>204</td>
 * <td>missed elements, then live</td>
 * <td>missed elements, then the end; 204 if there are none</td>
 * <td>204</td>
 * </tr>
 * <tr>
 * <td>HEAD</td>
 * <td colspan="4">as for GET, without a body; starts no source</td>
 * </tr>
 * </table>
 * {@link SseAnswer} has options for such methods.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Reflective(PayloadReflectiveProcessor.class)
public @interface SseTopic {

	/**
	 * Topics or patterns to subscribe to. Segments are separated by {@code /}. {@code *}
	 * matches one segment, and a final {@code **} matches the rest. <code>${name}</code>
	 * is a property of the application, as in the paths of mappings. Its value may
	 * contain variables and wildcards.
	 * @return the topics or patterns, at least one
	 */
	String[] value();

	/**
	 * Whether clients receive only data and comments, as with
	 * {@link SseStream#dataOnly()}.
	 * @return whether to leave out all other frames
	 */
	boolean dataOnly() default false;

	/**
	 * Whether to ignore the {@code Accept} header of requests, for clients that ask for
	 * JSON but read a stream. Otherwise, the method is mapped as if it {@code produces}
	 * {@code text/event-stream}, unless its mapping declares {@code produces}. A request
	 * that does not accept this type is then answered with status 406. Cannot be combined
	 * with an explicit {@code produces}.
	 * @return whether to ignore the {@code Accept} header
	 */
	boolean anyAccept() default false;

	/**
	 * Start position of clients without an id. Methods that return a source always have
	 * {@link From#START}.
	 * @return the start position
	 */
	From from() default From.NOW;

	/**
	 * Whether requests share a snapshot. With {@link Sharing#SHARED}, requests for the
	 * same topics with the same values of the arguments that wait at the same time share
	 * one run of the method and one encoded snapshot. The method runs for the first of
	 * them, on its thread; the others hold no thread. Each stream receives the events
	 * after the cursor that was taken before the method ran, so that nothing is missed.
	 * <p>
	 * <strong>The method does not run for every request.</strong> It must not check
	 * access, and its result must depend on nothing but its arguments, not even by
	 * {@code SecurityContextHolder}. Access is checked for each request by the rules for
	 * requests and topics, {@code SseAdmission}, limits and interceptors.
	 * <p>
	 * A method is refused at the start if a topic contains {@code {user}} or a property
	 * of the principal; if it has an argument other than {@code @PathVariable} and
	 * {@code @RequestParam} of simple types; if it or its class has annotations of method
	 * security; if its class has {@code @ModelAttribute} methods, or the scope of a
	 * request or session; if it is mapped to other methods than GET; if it returns
	 * nothing or a source, or has {@link From#START}.
	 * <p>
	 * If the method fails, its own request is answered as usual. The responses of the
	 * requests that wait have begun. They end after a {@code retry} field, also if the
	 * method takes longer than a minute. Data-only responses are cut off.
	 * @return whether the snapshot is shared
	 * @since 0.1.0
	 */
	Sharing snapshot() default Sharing.PRIVATE;

	/**
	 * Age up to which a shared snapshot is reused for later requests, such as
	 * {@code 500ms}, counted from before the method ran. Placeholders are resolved. Such
	 * a request also receives what was published since then. If some of that is no longer
	 * kept, the method runs again.
	 * @return the age, empty to share a snapshot only among requests that wait at the
	 * same time
	 * @since 0.1.0
	 */
	String snapshotMaxAge() default "";

	/**
	 * Who receives a snapshot.
	 *
	 * @since 0.1.0
	 */
	enum Sharing {

		/** One stream. The method runs for each request. */
		PRIVATE,

		/**
		 * All streams with the same topics and arguments that wait for it.
		 */
		SHARED

	}

	/**
	 * Start positions of clients without an id. A client with an id receives the missed
	 * events in either case.
	 */
	enum From {

		/**
		 * Start with the snapshot, if there is one, followed by the events published from
		 * now on.
		 */
		NOW,

		/**
		 * Start with all kept events of the topics, from the first one or from the latest
		 * {@linkplain SseOperations#publishAll start of a source}. If the beginning is no
		 * longer kept, an event {@code gap} reports that. The method returns nothing or,
		 * if it has one topic, a {@code Supplier} of a snapshot. The supplier is called
		 * if the topic has ended and is no longer kept, if the topic is unknown, and if
		 * events that a client missed are no longer kept.
		 */
		START

	}

}
