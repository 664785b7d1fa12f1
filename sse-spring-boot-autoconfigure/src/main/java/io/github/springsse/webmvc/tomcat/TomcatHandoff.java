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
 * Handoff by Tomcat: it is asked to upgrade the connection, and hands it to
 * {@link TomcatConnection} when the request is over. The response is committed before the
 * upgrade, which would change its status otherwise. Tomcat writes no chunks beside
 * {@code Connection: close}, whatever the header says that promises them.
 * <p>
 * Tomcat looks for upgrades where it has read a request, and nowhere else: at the end of
 * a dispatch of one that was asynchronous it would close the connection, and tell nobody.
 */
public final class TomcatHandoff extends Handoff {

	private final StreamSockets sockets;

	private final CountedConnections connections;

	/**
	 * Create a starter.
	 * @param sockets takes the sockets
	 * @param connections has the places of streams whose connections count, which are
	 * those of connectors with a protocol of their own
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
				// what a filter writes from now on is ignored
				response.finish();
			}
			return true;
		}
		catch (UnsupportedOperationException ex) {
			// a connection that cannot be upgraded, such as one of AJP
			return false;
		}
		catch (ServletException ex) {
			throw new IllegalStateException("Tomcat did not take its own kind of upgrade handler", ex);
		}
	}

}
