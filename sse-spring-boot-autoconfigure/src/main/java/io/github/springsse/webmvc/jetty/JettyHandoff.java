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

package io.github.springsse.webmvc.jetty;

import java.nio.ByteBuffer;

import io.github.springsse.webmvc.transport.Handoff;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.StreamSockets;
import org.eclipse.jetty.ee11.servlet.ServletApiRequest;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Connection handoff by Jetty, which passes the connection to a {@link JettyConnection}
 * when the request has ended, as it does for {@code CONNECT} tunnels.
 */
public final class JettyHandoff extends Handoff {

	private final StreamSockets sockets;

	/**
	 * Create a starter.
	 * @param sockets manages the sockets
	 */
	public JettyHandoff(StreamSockets sockets) {
		this.sockets = sockets;
	}

	@Override
	protected boolean canHandOver(StreamExchange exchange) {
		// NOTE: Jetty closes the connection if an unread part of the request body has not
		// arrived yet
		return exchange.containerRequest() instanceof ServletApiRequest jettyRequest
				&& endPoint(jettyRequest.getRequest()) != null && jettyRequest.getRequest().consumeAvailable();
	}

	@Override
	protected boolean framesBodies() {
		return true;
	}

	@Override
	protected boolean handOver(StreamExchange exchange) {
		Request request = Request.unWrap(((ServletApiRequest) exchange.containerRequest()).getRequest());
		EndPoint endPoint = endPoint(request);
		if (endPoint == null) {
			return false;
		}
		JettyConnection connection = new JettyConnection(endPoint, request.getComponents().getExecutor(), exchange,
				this.sockets);
		request.getConnectionMetaData().getConnector().getEventListeners().forEach(connection::addEventListener);
		request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
		request.addHttpStreamWrapper((stream) -> new Ending(stream, connection));
		return true;
	}

	/**
	 * Return the end point of an HTTP/1 request, {@code null} for other protocols.
	 */
	private static @Nullable EndPoint endPoint(Request request) {
		TunnelSupport tunnel = request.getTunnelSupport();
		return (tunnel != null && tunnel.getProtocol() == null) ? tunnel.getEndPoint() : null;
	}

	/**
	 * Keeps Jetty from writing to the body after the handoff: otherwise Jetty would write
	 * the last chunk when the request ends, and the output of filters. If the request
	 * fails after all, notifies the connection that it will not be handed over.
	 */
	private static final class Ending extends HttpStream.Wrapper {

		private final JettyConnection connection;

		Ending(HttpStream stream, JettyConnection connection) {
			super(stream);
			this.connection = connection;
		}

		@Override
		public void send(MetaData.Request request, MetaData.@Nullable Response response, boolean last,
				@Nullable ByteBuffer content, Callback callback) {
			if (response == null) {
				callback.succeeded();
			}
			else {
				super.send(request, response, last, content, callback);
			}
		}

		@Override
		public void succeeded() {
			super.succeeded();
			this.connection.requestIsOver();
		}

		@Override
		public void failed(Throwable failure) {
			super.failed(failure);
			this.connection.requestIsOver();
		}

	}

}
