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
 * One open response that carries events to one client. A controller method returns it, as
 * it would an {@link SseEmitter}; methods with {@link SseTopic} get one opened for them.
 * <p>
 * {@code send} enqueues for this client alone, never waits for it and throws no
 * {@code IOException} for a client that has gone; it fails with
 * {@link IllegalStateException} once the stream is closed, or about to be, and where more
 * was sent than may wait: {@code sse.stream.queue.max-events}, or twice
 * {@code sse.stream.queue.max-size}. Events sent before the response is open are kept,
 * and go out after the snapshot, or the newest of each key, and before what is published.
 * An event sent this way is no part of the log and is not sent again to a client that
 * reconnects. Give it no id: that would take the place of the cursor in the client, which
 * comes back with an id of no log.
 * <p>
 * The callbacks are called on a thread of their own, not on that of delivery, so they may
 * block; {@code onCompletion} is called once for every stream that a controller method
 * has returned, or has had as argument, whatever ended it, after {@code onTimeout} or
 * {@code onError} where that was the reason. That is also so where the response was never
 * opened: for a client that has seen the end already, for a method that has answered by
 * itself or had the stream as argument and failed, and for a snapshot that failed. A
 * client that leaves is an end, not an error. Thread-safe.
 *
 * @since 0.1.0
 */
public abstract class SseStream extends SseEmitter {

	private static final String MISPLACED = "A stream must be what a controller method returns, "
			+ "and not the body of a ResponseEntity or part of another object";

	/**
	 * Create a stream whose duration the container does not limit.
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
	 * Return what this stream is subscribed to.
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
	 * Have the client get data and comments alone: events that are published or sent, the
	 * snapshot, and heartbeats that are comments. It is not told of gaps, nor when to
	 * reconnect, and gets no position ({@code event: cursor}) where it has no event to
	 * have an id from. For clients that take every frame for data, such as readers of the
	 * answers of language models; a browser needs the rest to miss nothing: it loses what
	 * is published while it is away before its first event, gets events back that it was
	 * left out of, and does not learn what is no longer kept.
	 * <p>
	 * To be called before the controller method returns.
	 * @return this stream
	 * @throws IllegalStateException if the response is open already
	 */
	public abstract SseStream dataOnly();

	/**
	 * Refuse to be opened by Spring's own handler, which would leave the response open
	 * and empty.
	 */
	@Override
	protected void extendResponse(ServerHttpResponse response) {
		throw new IllegalStateException(MISPLACED + ". Where it is, Spring MVC does not know streams: with "
				+ "MockMvcBuilders.standaloneSetup, apply SseMockMvcConfigurer");
	}

	/**
	 * Refuse to be written as JSON, which would show what is inside. The annotation is
	 * ignored where there is no Jackson.
	 */
	@JsonValue
	private Object refuseToBeWritten() {
		throw new IllegalStateException(
				MISPLACED + ", nor data of an event. A RouterFunction returns SseServerResponse.of(stream)");
	}

	@Override
	public abstract void send(SseEventBuilder builder);

	/**
	 * Send an object to this client: data, an {@link SseEvent} with its name and data, or
	 * an event of Spring.
	 * @param object the object
	 * @throws InvalidSseDataException if it is no data, such as a future
	 * @throws IllegalStateException if nothing more may be sent
	 */
	@Override
	public abstract void send(Object object);

	@Override
	public abstract void send(Object object, @Nullable MediaType mediaType);

	@Override
	public abstract void send(Set<DataWithMediaType> items);

	/**
	 * Close this stream after what has been sent before. The client will reconnect, as
	 * the WHATWG text tells it to.
	 */
	@Override
	public abstract void complete();

	/**
	 * Close this stream after what has been sent before, and tell {@code onError} why.
	 * The body is cut where the transport can do that, so that the client sees an error,
	 * and not an end; it will reconnect.
	 * @param cause the cause
	 */
	@Override
	public abstract void completeWithError(Throwable cause);

}
