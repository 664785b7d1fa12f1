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

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One open response that carries events to one client. A controller method can return it,
 * like an {@link SseEmitter}. For methods with {@link SseTopic}, the library opens one.
 * <p>
 * {@code send} enqueues an event for this client only. It never waits for the client and
 * throws no {@code IOException} if the client has disconnected. It throws
 * {@link IllegalStateException} if the stream is closed or closing, and if the queue is
 * full: the limits are {@code sse.stream.queue.max-events} and twice
 * {@code sse.stream.queue.max-size}. Events sent before the response is open are kept.
 * They are sent after the snapshot, or after the latest event of each key, and before
 * published events. An event sent this way is not part of the log and is not repeated for
 * a client that reconnects. Do not give it an id: the id would replace the cursor of the
 * client, which would then reconnect with an id that the log does not know.
 * <p>
 * Callbacks run on a separate thread, not on a delivery thread, so they may block.
 * {@code onCompletion} is called once for every stream that a controller method returned
 * or had as an argument, whatever the reason of its end, and after {@code onTimeout} or
 * {@code onError} if one of these applies. This includes streams whose response was never
 * opened: the client had already received the end, the method wrote its own response, the
 * method had the stream as an argument and failed, or the snapshot failed. The
 * disconnection of a client is an end, not an error. Thread-safe.
 *
 * @since 0.1.0
 */
public abstract class SseStream extends SseEmitter {

	private static final String MISPLACED = "A stream must be the return value of a controller method, "
			+ "not the body of a ResponseEntity or part of another object";

	/**
	 * Create a stream without a timeout of the container.
	 */
	protected SseStream() {
		super(0L);
	}

	/**
	 * Return the id of this stream, unique among the streams of this node.
	 * @return the id
	 */
	public abstract String getId();

	/**
	 * Return the subscriptions of this stream.
	 * @return the topics and patterns
	 */
	public abstract List<String> getTopics();

	/**
	 * Return the authenticated user of the request.
	 * @return the name of the user, or {@code null} if there was none or the response is
	 * not open yet
	 */
	public abstract @Nullable String getUser();

	/**
	 * Send only data and comments to the client: published and sent events, the snapshot,
	 * and heartbeats in the form of comments. The client receives no gaps, no reconnect
	 * delay, and no position ({@code event: cursor}), which gives a client an id before
	 * its first event. For clients that treat every frame as data, such as readers of the
	 * answers of language models. A browser needs the other frames to miss nothing.
	 * Without them, it loses events that are published while it is disconnected before
	 * its first event, receives events again that excluded its stream, and does not
	 * notice that missed events are no longer kept.
	 * <p>
	 * Must be called before the controller method returns.
	 * @return this stream
	 * @throws IllegalStateException if the response is already open
	 */
	public abstract SseStream dataOnly();

	/**
	 * Reject being opened by Spring's own handler, which would leave the response open
	 * and empty.
	 */
	@Override
	protected void extendResponse(ServerHttpResponse response) {
		throw new IllegalStateException(MISPLACED + ". If it is, Spring MVC lacks the handler for streams: with "
				+ "MockMvcBuilders.standaloneSetup, apply SseMockMvcConfigurer");
	}

	/**
	 * Reject being written as JSON, which would expose internal state. Without Jackson,
	 * the annotation is ignored.
	 */
	@JsonValue
	private Object refuseToBeWritten() {
		throw new IllegalStateException(
				MISPLACED + ", or the data of an event. A RouterFunction must return SseServerResponse.of(stream)");
	}

	@Override
	public abstract void send(SseEventBuilder builder);

	/**
	 * Send an object to this client: data, an {@link SseEvent} with its name and data, or
	 * an event type of Spring.
	 * @param object the object
	 * @throws InvalidSseDataException if the object cannot be the data of an event, such
	 * as a future
	 * @throws IllegalStateException if the stream is closed or closing, or its queue is
	 * full
	 */
	@Override
	public abstract void send(Object object);

	@Override
	public abstract void send(Object object, @Nullable MediaType mediaType);

	@Override
	public abstract void send(Set<DataWithMediaType> items);

	/**
	 * Close this stream after the events that were sent before. The client will
	 * reconnect, as the WHATWG specification requires.
	 */
	@Override
	public abstract void complete();

	/**
	 * Close this stream after the events that were sent before, and pass the cause to
	 * {@code onError}. If the transport supports it, the body is cut, so that the client
	 * notices an error instead of a normal end. The client will reconnect.
	 * @param cause the cause
	 */
	@Override
	public abstract void completeWithError(Throwable cause);

}
