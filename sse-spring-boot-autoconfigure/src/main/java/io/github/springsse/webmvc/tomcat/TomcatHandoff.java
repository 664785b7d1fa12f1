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

package io.github.springsse.webmvc.tomcat;

import java.io.IOException;

import io.github.springsse.webmvc.transport.CountedConnections;
import io.github.springsse.webmvc.transport.Handoff;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.StreamSockets;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.RequestFacade;
import org.apache.catalina.connector.ResponseFacade;

import org.springframework.http.MediaType;

/**
 * Connection handoff by an HTTP upgrade of Tomcat, which passes the connection to
 * {@link TomcatConnection} when the request has ended. The response is committed before
 * the upgrade, which would otherwise change its status. With {@code Connection: close},
 * Tomcat writes no chunks even if the header {@code Transfer-Encoding} announces them.
 * <p>
 * Tomcat performs an upgrade only at the end of the initial dispatch of a request. At the
 * end of an asynchronous dispatch it would close the connection without notifying anyone.
 */
public final class TomcatHandoff extends Handoff {

	private final StreamSockets sockets;

	private final CountedConnections connections;

	/**
	 * Create a starter.
	 * @param sockets manages the sockets
	 * @param connections counts the streams whose connections count towards the limit of
	 * the connector, which is so if the connector does not use
	 * {@link TomcatStreamProtocol}
	 */
	public TomcatHandoff(StreamSockets sockets, CountedConnections connections) {
		this.sockets = sockets;
		this.connections = connections;
	}

	@Override
	protected boolean canHandOver(StreamExchange exchange) {
		return exchange.containerRequest() instanceof RequestFacade facade
				&& facade.getAttribute(AsyncContext.ASYNC_REQUEST_URI) == null && TomcatConnector.of(facade)
					.leavesBodiesAlone(facade, MediaType.TEXT_EVENT_STREAM_VALUE, exchange.isCompressed());
	}

	@Override
	protected void admit(StreamExchange exchange) {
		if (TomcatConnector.of((RequestFacade) exchange.containerRequest()).endpoint() == null) {
			this.connections.take(exchange);
		}
	}

	@Override
	protected boolean framesBodies() {
		return false;
	}

	@Override
	protected boolean handOver(StreamExchange exchange) throws IOException {
		try {
			RequestFacade request = (RequestFacade) exchange.containerRequest();
			request.upgrade(TomcatConnection.class)
				.bind(exchange, this.sockets, TomcatConnector.of(request).endpoint());
			if (exchange.containerResponse() instanceof ResponseFacade response) {
				// from now on, the output of filters is ignored
				response.finish();
			}
			return true;
		}
		catch (UnsupportedOperationException ex) {
			// a connection that cannot be upgraded, such as an AJP connection
			return false;
		}
		catch (ServletException ex) {
			throw new IllegalStateException("Tomcat rejected an upgrade handler of its own type", ex);
		}
	}

}
