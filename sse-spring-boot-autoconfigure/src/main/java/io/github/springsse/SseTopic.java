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
 * Makes a mapped controller method the entrance to a stream of Server-Sent Events: once
 * the method has returned, the response stays open and carries what is published to the
 * topics.
 * <p>
 * The method always runs first, so its checks are the checks of the stream: what it
 * throws is answered like any other exception of Spring MVC and opens nothing. What it
 * returns is the <em>snapshot</em>: sent first, as an event of the name {@code snapshot},
 * followed by everything that was published since just before the method ran (some of
 * which the snapshot may know already). A {@code void} method, or one that returns
 * {@code null} or an empty {@link java.util.Optional}, has no snapshot. The snapshot is
 * written as JSON, a {@code String} as it is; an {@link SseEvent} keeps its own name; of
 * an {@link Iterable}, array or {@link java.util.stream.Stream} of these, each is sent as
 * an event with its own name, but one that is empty is data, an event {@code snapshot}
 * with {@code []}; what is no data, such as a future or a {@code ResponseEntity}, is
 * refused ({@link InvalidSseMethodException} at the start where the return type tells,
 * else {@link InvalidSseDataException}); a {@link java.util.function.Supplier} is asked
 * for it only when it is needed. <strong>A check of access must not be in the Supplier,
 * or in what it calls</strong>: it is not asked for a client that sends any id of the
 * log, and that client gets events all the same. A method that has answered by itself,
 * with an error, a redirect or any status but 200, opens nothing either. A method that no
 * request is mapped to, such as one of a bean that is no controller, fails the start.
 * <p>
 * The {@link SsePayloadEncoder} writes the snapshot, as it writes events: by the type
 * that the method declares, as Spring MVC does, so that {@code @JsonTypeInfo} of the
 * elements of a list is kept, and with the {@code @JsonView} of the method, which is
 * refused where the encoder has none. No message converter and no
 * {@code ResponseBodyAdvice} sees it, so what these would leave out or add is for the
 * method to leave out or add.
 * <p>
 * Variables in braces are taken from the path of the request, or from arguments with
 * {@code @RequestParam} or {@code @RequestHeader} of that name. Where the method has the
 * variable as argument, its value is the text of that argument, as {@code toString()}
 * gives it: of {@code /orders/007} it is {@code 7} if the argument is a {@code long}. Of
 * an argument that is neither text, number, {@code UUID}, enum, date nor the like, it is
 * the text in the path. A value that would add or match other segments (one that is empty
 * or has a {@code /} or {@code *}), or that is missing, is refused with status 400.
 * <code>{#principal.tenant}</code> is a property of the principal of the request, or an
 * entry if it is a map; with Spring Security it is one of what
 * {@code @AuthenticationPrincipal} gives. A user without it is refused with status 403.
 * <code>{user}</code> is the name of the authenticated user,
 * {@linkplain Topic#encodeSegment encoded} so that it may have any characters. A request
 * without a user is answered by the authentication entry point of Spring Security where
 * its filters handle the request, and else with status 401. A segment has one variable at
 * most: with <code>{tenant}-{room}</code>, room {@code b-c} of tenant {@code a} would
 * also be room {@code c} of tenant {@code a-b}.
 * <p>
 * A method that returns a <em>source</em>, which is a {@code Flux}, a
 * {@code Flow.Publisher}, a Kotlin {@code Flow} or another type with many values that
 * Spring's {@code ReactiveAdapterRegistry} knows, or a {@code Supplier} of one, has no
 * snapshot. The first request publishes the source to the topic, as
 * {@link SseOperations#publishAll} does, and every request for the same topic gets its
 * elements {@linkplain From#START from the first one}, here and on other nodes: a reload,
 * a second window, a client that reconnects with the last id that it has. The source is
 * not bound to the request that started it. Such a method has one topic, which is no
 * pattern, and is mapped to GET or POST. It runs for each request, and its checks with
 * it, but only the source of the first one is subscribed to; a {@code Supplier} is asked
 * by the starter alone, when the source is subscribed to, so what it throws is a failure
 * of the source. What a request gets depends on what is known of the topic:
 * <table>
 * <caption>Requests for a source</caption>
 * <tr>
 * <th>Request</th>
 * <th>Nothing known</th>
 * <th>Running</th>
 * <th>Ended, all kept</th>
 * <th>Ended, not kept</th>
 * </tr>
 * <tr>
 * <td>without an id, or with one of another life of the log</td>
 * <td>starts the source</td>
 * <td>all from the first element, then live</td>
 * <td>all, then the end</td>
 * <td>204</td>
 * </tr>
 * <tr>
 * <td>the same, and the method has returned {@code null} or an empty
 * {@code Optional}</td>
 * <td>204</td>
 * <td>all from the first element, then live</td>
 * <td>all, then the end</td>
 * <td>204</td>
 * </tr>
 * <tr>
 * <td>with an id, GET or POST</td>
 * <td>204</td>
 * <td>what was missed, then live</td>
 * <td>what was missed, then the end; 204 if nothing was</td>
 * <td>204</td>
 * </tr>
 * <tr>
 * <td>HEAD</td>
 * <td colspan="4">as the same GET, without a body; starts nothing</td>
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
	 * Topics or patterns to subscribe to: segments divided by {@code /}, where {@code *}
	 * stands for one segment and a final {@code **} for the rest. <code>${name}</code> is
	 * a property of the application, as in the paths of mappings; what it stands for may
	 * have variables and wildcards.
	 * @return the topics or patterns, one at least
	 */
	String[] value();

	/**
	 * Whether clients get data and comments alone, as by {@link SseStream#dataOnly()}.
	 * @return whether to leave out what clients are told beside events
	 */
	boolean dataOnly() default false;

	/**
	 * Whether requests are served whatever they accept. Otherwise the method is mapped as
	 * one that {@code produces} {@code text/event-stream}, unless its mapping says what
	 * it produces, and a request that does not accept that is answered with status 406.
	 * For clients that ask for JSON and read a stream all the same. Not beside an
	 * explicit {@code produces}.
	 * @return whether to leave out of account what a request accepts
	 */
	boolean anyAccept() default false;

	/**
	 * Where a client begins that comes without an id. Methods that return a source have
	 * {@link From#START} in any case.
	 * @return where it begins
	 */
	From from() default From.NOW;

	/**
	 * Where clients begin that come without an id. One with an id gets what it has missed
	 * in either case.
	 */
	enum From {

		/** With the snapshot, if there is one, and what is published from now on. */
		NOW,

		/**
		 * With everything that is kept of the topics, from the first event, or from the
		 * newest {@linkplain SseOperations#publishAll beginning of a source}. If the
		 * beginning is no longer kept, an event {@code gap} tells that. The method
		 * returns nothing, or a {@code Supplier} of a snapshot where it has one topic:
		 * that is asked where the topic has ended and is no longer kept, where nothing is
		 * known of it, and where what a client has missed is gone.
		 */
		START

	}

}
