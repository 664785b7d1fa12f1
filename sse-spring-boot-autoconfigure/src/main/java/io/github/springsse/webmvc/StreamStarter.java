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
import java.util.function.Consumer;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.StreamTransport;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.TransportStarter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Starts the transports of streams, and passes the streams to the delivery.
 */
final class StreamStarter {

	private final Delivery delivery;

	private final List<TransportStarter> starters;

	private final Duration retry;

	/**
	 * Create a starter.
	 * @param delivery delivers to the streams
	 * @param starters the ways to start a transport, the best first
	 * @param retry the time after which clients reconnect
	 */
	StreamStarter(Delivery delivery, List<TransportStarter> starters, Duration retry) {
		this.delivery = delivery;
		this.starters = List.copyOf(starters);
		this.retry = retry;
	}

	/**
	 * Start a stream.
	 * @param stream the stream
	 * @param start where it begins
	 * @param opening its first frames and its cursor
	 * @param shared these frames, if other streams receive them, too
	 * @param request the request
	 * @param response the response, with its headers
	 * @throws IOException if the client has disconnected
	 */
	void start(DeliveredStream stream, StreamStart start, Opening opening, @Nullable SharedOpening shared,
			HttpServletRequest request, HttpServletResponse response) throws IOException {
		String user = user(request);
		boolean compressed = isCompressed(request, response);
		List<Frame> frames = first(stream, (shared != null) ? shared.frames(compressed) : opening.frames(), compressed);
		boolean snapshot = start.kind() != StreamStart.Kind.RESUMED && opening.snapshotPossible();
		start(stream, compressed, request, response, (transport) -> {
			StreamLog.opened(stream, user, start, snapshot);
			this.delivery.open(stream, transport, user, opening.cursor(), frames);
		});
	}

	/**
	 * Start a stream that waits for its first frames.
	 * @param stream the stream
	 * @param start where it begins
	 * @param request the request
	 * @param response the response, with its headers
	 * @param opened called when the stream is open, with whether it is compressed
	 * @throws IOException if the client has disconnected
	 */
	void startWaiting(DeliveredStream stream, StreamStart start, HttpServletRequest request,
			HttpServletResponse response, Consumer<Boolean> opened) throws IOException {
		String user = user(request);
		boolean compressed = isCompressed(request, response);
		List<Frame> line = first(stream, List.of(), compressed);
		start(stream, compressed, request, response, (transport) -> {
			StreamLog.waits(stream, user, start);
			this.delivery.openWaiting(stream, transport, user, line);
			opened.accept(compressed);
		});
	}

	private static @Nullable String user(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		return (principal != null) ? principal.getName() : null;
	}

	private boolean isCompressed(HttpServletRequest request, HttpServletResponse response) {
		return this.delivery.isCompressing() && GzipNegotiation.negotiate(request, response);
	}

	private List<Frame> first(DeliveredStream stream, List<Frame> opening, boolean compressed) {
		List<Frame> result = new ArrayList<>(1 + opening.size());
		result.add(firstLine(stream));
		result.addAll(opening);
		return compressed ? this.delivery.compress(stream, result) : result;
	}

	/**
	 * Return the first line of a stream. It is sent immediately, because Firefox reports
	 * a stream as open only after its first byte. The line is part of the frame that
	 * follows.
	 */
	private Frame firstLine(DeliveredStream stream) {
		return stream.isDataOnly() ? EventStreamEncoder.comment("") : EventStreamEncoder.retry(this.retry);
	}

	private void start(DeliveredStream stream, boolean compressed, HttpServletRequest request,
			HttpServletResponse response, Consumer<StreamTransport> opened) throws IOException {
		StreamExchange exchange = new StreamExchange(request, response, stream, opened, stream::hold);
		if (compressed) {
			exchange.setCompressed();
		}
		for (TransportStarter starter : this.starters) {
			if (starter.start(exchange)) {
				return;
			}
		}
		throw new IllegalStateException("No transport can serve " + request.getRequestURI());
	}

}
