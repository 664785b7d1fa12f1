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
import java.util.concurrent.Executor;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;

/**
 * Asynchronous request with a write listener, as the Servlet API has it; and without one
 * where none is supported, as with Spring's mock objects. Writes that may block are made
 * by threads of their own.
 */
final class AsyncStarter implements TransportStarter {

	private final boolean blocking;

	private final BlockingWriters writers;

	private final CountedConnections connections;

	/**
	 * Create a starter.
	 * @param blocking whether to take it that every write may block
	 * @param writers makes writes that may block
	 * @param connections has the places of streams that keep their requests
	 */
	AsyncStarter(boolean blocking, BlockingWriters writers, CountedConnections connections) {
		this.blocking = blocking;
		this.writers = writers;
		this.connections = connections;
	}

	@Override
	public boolean start(StreamExchange exchange) throws IOException {
		if (!exchange.request().isAsyncSupported()) {
			throw new IllegalStateException("The stream of " + exchange.request().getRequestURI()
					+ " needs an asynchronous request: set asyncSupported on the servlet and on every filter that it passes");
		}
		this.connections.take(exchange);
		exchange.commit();
		// NOTE: before startAsync, since an exception after it would leave a request that
		// nobody completes
		ServletOutputStream output = exchange.containerResponse().getOutputStream();
		TomcatProcessing tomcat = isTomcat(exchange) ? TomcatProcessing.of(exchange.containerRequest()) : null;
		boolean blocks = this.blocking || (tomcat != null && blocksInTomcat(exchange));
		Executor writers = this.writers.of(exchange.containerRequest());
		AsyncContext context = exchange.request().startAsync(exchange.request(), exchange.response());
		context.setTimeout(0);
		try {
			AsyncTransport.start(context, output, exchange, blocks ? writers : null, tomcat);
		}
		catch (UnsupportedOperationException ex) {
			AsyncTransport.startWithoutListener(context, output, exchange, writers, tomcat);
		}
		return true;
	}

	private static boolean isTomcat(StreamExchange exchange) {
		return exchange.containerRequest().getClass().getName().startsWith("org.apache.catalina.");
	}

	/**
	 * Writes to HTTP/2 block in Tomcat, in spite of the listener, while the window of the
	 * stream is open but the socket takes nothing.
	 */
	private static boolean blocksInTomcat(StreamExchange exchange) {
		return exchange.request().getProtocol().startsWith("HTTP/2");
	}

}
