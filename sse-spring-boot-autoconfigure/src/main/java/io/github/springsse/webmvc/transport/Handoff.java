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

package io.github.springsse.webmvc.transport;

import java.io.IOException;

import io.github.springsse.delivery.StreamRefusedException;

import org.springframework.http.HttpHeaders;

/**
 * Takes the connection over from the server once the response has begun, by what servers
 * have for HTTP upgrades: no request, no thread and no buffers of a request stay with the
 * stream.
 * <p>
 * What follows is written past the filters of the server, so the body must not be
 * compressed by them, and its chunks are written by the library. {@code Connection:
 * close} says that the connection has no other use.
 */
public abstract class Handoff implements TransportStarter {

	@Override
	public final boolean start(StreamExchange exchange) throws IOException {
		String protocol = exchange.request().getProtocol();
		if (!protocol.startsWith("HTTP/1.") || !canHandOver(exchange)) {
			return false;
		}
		exchange.checkEncoding();
		admit(exchange);
		// NOTE: the body is not the server's, and what it holds of it would not be framed
		exchange.containerResponse().resetBuffer();
		exchange.response().setHeader(HttpHeaders.CONNECTION, "close");
		if (protocol.equals("HTTP/1.1")) {
			exchange.response().setHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
			exchange.setChunked();
		}
		exchange.commit();
		if (!exchange.isEncoded() && handOver(exchange)) {
			return true;
		}
		if (exchange.isChunked() && !framesBodies()) {
			throw new IllegalStateException("The stream of " + exchange.request().getRequestURI()
					+ " cannot be sent: its head promises chunks, and its connection cannot be taken over because"
					+ " a filter has set Content-Encoding while the response was being sent");
		}
		return false;
	}

	/**
	 * Tell whether the connection of a request may be handed over.
	 * @param exchange the request and response
	 * @return {@code false} if it is another container's, or its connection is of another
	 * kind
	 */
	protected abstract boolean canHandOver(StreamExchange exchange);

	/**
	 * Take what the connection needs, before the response begins.
	 * @param exchange whose connection may be handed over
	 * @throws StreamRefusedException if there is none now
	 */
	protected void admit(StreamExchange exchange) {
	}

	/**
	 * Tell whether the server writes the chunks that the head promises, if the connection
	 * is not taken over after all.
	 * @return whether it does
	 */
	protected abstract boolean framesBodies();

	/**
	 * Arrange for the connection to be handed over when the request ends.
	 * @param exchange the request and response, which is committed
	 * @return {@code false} if the connection cannot be handed over after all
	 * @throws IOException if the client has gone already
	 */
	protected abstract boolean handOver(StreamExchange exchange) throws IOException;

}
