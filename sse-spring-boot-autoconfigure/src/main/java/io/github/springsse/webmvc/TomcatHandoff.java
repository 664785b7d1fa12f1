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

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.RequestFacade;

import org.springframework.http.HttpHeaders;

/**
 * Handoff: Tomcat is asked to upgrade the connection, and takes it that from then on the
 * connection is of another protocol. So it hands it to {@link TomcatConnection} when the
 * request is over, and recycles the request with its buffers. What was sent before is an
 * ordinary response of status 200 whose body ends with the connection.
 * <p>
 * The response is committed before the upgrade, which would change its status otherwise.
 * It must not be chunked nor compressed, since what follows is written past Tomcat's
 * filters for that; {@code Connection: close} sees to the first, the second is looked at.
 */
final class TomcatHandoff implements TransportStarter {

	private final SocketWatch watch;

	private final int sendBuffer;

	/**
	 * Create a starter.
	 * @param watch watches the sockets
	 * @param sendBuffer bytes of the buffer that the operating system is to have for the
	 * socket of a stream
	 */
	TomcatHandoff(SocketWatch watch, int sendBuffer) {
		this.watch = watch;
		this.sendBuffer = sendBuffer;
	}

	@Override
	public boolean start(StreamExchange exchange) throws IOException {
		if (!(exchange.containerRequest() instanceof RequestFacade request)
				|| !request.getProtocol().startsWith("HTTP/1.")) {
			return false;
		}
		exchange.response().setHeader(HttpHeaders.CONNECTION, "close");
		exchange.commit();
		if (exchange.containerResponse().getHeader(HttpHeaders.CONTENT_ENCODING) != null
				|| exchange.containerResponse().getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			return false;
		}
		try {
			request.upgrade(TomcatConnection.class).bind(exchange, this.watch, this.sendBuffer);
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
