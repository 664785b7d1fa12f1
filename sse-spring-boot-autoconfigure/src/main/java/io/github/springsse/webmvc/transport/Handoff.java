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
 * Takes over the connection from the server after the response has begun, by means of the
 * server's support for HTTP upgrades. The stream then keeps no request, no thread and no
 * buffers of a request.
 * <p>
 * The rest of the body is written past the filters of the server, so they must not
 * compress the body, and the library writes the chunks. {@code Connection: close}
 * declares that the connection is not used for other requests.
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
		// NOTE: the server does not write the body, and would not frame buffered bytes
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
					+ " cannot be sent: its head declares chunks, but its connection cannot be taken over because"
					+ " a filter has set Content-Encoding while the response was being sent");
		}
		return false;
	}

	/**
	 * Return whether the connection of a request may be handed over.
	 * @param exchange the request and response
	 * @return {@code false} if the request belongs to another container, or its
	 * connection is of another kind
	 */
	protected abstract boolean canHandOver(StreamExchange exchange);

	/**
	 * Reserve what the connection needs, before the response begins.
	 * @param exchange the request and response
	 * @throws StreamRefusedException if nothing can be reserved now
	 */
	protected void admit(StreamExchange exchange) {
	}

	/**
	 * Return whether the server writes the chunks that the head declares if the
	 * connection is not taken over after all.
	 * @return whether it writes them
	 */
	protected abstract boolean framesBodies();

	/**
	 * Arrange for the connection to be handed over when the request ends.
	 * @param exchange the request and response, which is committed
	 * @return {@code false} if the connection cannot be handed over after all
	 * @throws IOException if the client has disconnected
	 */
	protected abstract boolean handOver(StreamExchange exchange) throws IOException;

}
