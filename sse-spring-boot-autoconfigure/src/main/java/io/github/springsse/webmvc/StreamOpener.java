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

package io.github.springsse.webmvc;

import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.OpeningLine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Turns a request into a stream: head of the response, first frames, transport.
 */
final class StreamOpener {

	private static final String CACHE_CONTROL = "no-cache, no-transform";

	private final Delivery delivery;

	private final SsePayloadEncoder encoder;

	private final List<TransportStarter> starters;

	private final ResponseSettings settings;

	/**
	 * Create an opener.
	 * @param delivery gets the streams
	 * @param encoder writes snapshots
	 * @param starters ways to a transport, the best first
	 * @param settings how requests become streams
	 */
	StreamOpener(Delivery delivery, SsePayloadEncoder encoder, List<TransportStarter> starters,
			ResponseSettings settings) {
		this.delivery = delivery;
		this.encoder = encoder;
		this.starters = List.copyOf(starters);
		this.settings = settings;
	}

	/**
	 * Open a stream, or abandon it: where the response was answered already, and where
	 * opening fails.
	 * @param stream the stream
	 * @param returned what the method returned that is to be the snapshot
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has gone already
	 */
	void open(DeliveredStream stream, @Nullable Object returned, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		stream.claim();
		try {
			openOrAbandon(stream, returned, request, response);
		}
		catch (IOException ex) {
			stream.abandon(CloseReason.DISCONNECTED);
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			stream.abandon(ex);
			throw ex;
		}
	}

	private void openOrAbandon(DeliveredStream stream, @Nullable Object returned, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		if (response.isCommitted() || response.getStatus() != HttpServletResponse.SC_OK) {
			stream.abandon(CloseReason.COMPLETED);
			return;
		}
		StreamStart start = StreamStart.of(request, stream.getPatterns(), stream.getCursor(), this.delivery);
		if (start.kind() == StreamStart.Kind.ENDED) {
			answerEnded(stream, response);
			return;
		}
		if (start.kind() == StreamStart.Kind.EARLY && !Snapshot.isPossible(returned)) {
			stream.abandon(CloseReason.SHUTDOWN);
			prepare(request, response);
			sendAway(stream, response);
			return;
		}
		Opening opening = Opening.of(start, stream, returned, this.delivery.histories(), this.encoder);
		if (stream.isDataOnly() && stream.isUnused() && opening.isEndOf(stream, this.delivery.histories())) {
			answerEnded(stream, response);
			return;
		}
		prepare(request, response);
		if (HttpMethod.HEAD.matches(request.getMethod())) {
			stream.abandon(CloseReason.COMPLETED);
			response.flushBuffer();
			return;
		}
		if (!this.delivery.isAccepting()) {
			stream.abandon(CloseReason.SHUTDOWN);
			sendAway(stream, response);
			return;
		}
		stream.setSnapshotPossible(opening.snapshotPossible());
		start(stream, opening, request, response);
	}

	/**
	 * Give the one answer after which an {@code EventSource} does not come back.
	 */
	private static void answerEnded(DeliveredStream stream, HttpServletResponse response) throws IOException {
		stream.abandon(CloseReason.COMPLETED);
		response.setStatus(HttpServletResponse.SC_NO_CONTENT);
		response.flushBuffer();
	}

	private static void prepare(HttpServletRequest request, HttpServletResponse response) {
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
		response.setHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL);
		response.setHeader("X-Accel-Buffering", "no");
		ShallowEtagHeaderFilter.disableContentCaching(request);
	}

	/**
	 * Have the client come back, with the id that it has.
	 */
	private void sendAway(DeliveredStream stream, HttpServletResponse response) throws IOException {
		if (!stream.isDataOnly()) {
			response.getOutputStream()
				.write(EventStreamEncoder.retry(jittered(this.settings.reconnectWithin())).toByteArray());
		}
		response.flushBuffer();
	}

	private void start(DeliveredStream stream, Opening opening, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		Principal principal = request.getUserPrincipal();
		String user = (principal != null) ? principal.getName() : null;
		List<Frame> first = new ArrayList<>();
		first.add(new OpeningLine(firstLine(stream)));
		first.addAll(opening.frames());
		StreamExchange exchange = new StreamExchange(request, response, stream,
				(transport) -> this.delivery.open(stream, transport, user, opening.cursor(), first));
		for (TransportStarter starter : this.starters) {
			if (starter.start(exchange)) {
				return;
			}
		}
		throw new IllegalStateException("No transport can serve " + request.getRequestURI());
	}

	/**
	 * What a stream begins with, at once, since Firefox tells a page that its stream is
	 * open when there is the first byte. The line is part of the frame that follows.
	 */
	private Frame firstLine(DeliveredStream stream) {
		return stream.isDataOnly() ? EventStreamEncoder.comment("") : EventStreamEncoder.retry(this.settings.retry());
	}

	private static Duration jittered(Duration within) {
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(within.toMillis() + 1));
	}

}
