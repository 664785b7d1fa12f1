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

import jakarta.servlet.ServletRequest;

import org.springframework.http.HttpHeaders;

/**
 * Handoff: the request ends, and its connection, which the server takes to be of another
 * protocol from then on, belongs to the stream. Nothing is kept of the request. What was
 * sent before is an ordinary response of status 200 whose body ends with the connection.
 * <p>
 * The body must not be chunked nor compressed, since what follows is written past the
 * filters of the server for that; {@code Connection: close} sees to the first, the second
 * is looked at.
 */
abstract class Handoff implements TransportStarter {

	@Override
	public final boolean start(StreamExchange exchange) throws IOException {
		if (!exchange.request().getProtocol().startsWith("HTTP/1.") || !canHandOver(exchange.containerRequest())) {
			return false;
		}
		exchange.response().setHeader(HttpHeaders.CONNECTION, "close");
		exchange.commit();
		if (exchange.containerResponse().getHeader(HttpHeaders.CONTENT_ENCODING) != null
				|| exchange.containerResponse().getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			return false;
		}
		return handOver(exchange);
	}

	/**
	 * Tell whether the connection of a request may be handed over.
	 * @param request the request of the container
	 * @return {@code false} if it is another container's, or its connection is of another
	 * kind
	 */
	abstract boolean canHandOver(ServletRequest request);

	/**
	 * Arrange for the connection to be handed over when the request ends.
	 * @param exchange the request and response, which is committed
	 * @return {@code false} if the connection cannot be handed over after all
	 * @throws IOException if the client has gone already
	 */
	abstract boolean handOver(StreamExchange exchange) throws IOException;

}
