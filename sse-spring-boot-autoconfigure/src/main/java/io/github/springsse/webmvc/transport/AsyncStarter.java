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
import java.util.concurrent.Executor;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Opens a stream as an asynchronous request of the Servlet API: with a write listener, or
 * without one if listeners are not supported, as in the mock objects of Spring. Writes
 * that may block run on separate threads.
 */
public final class AsyncStarter implements TransportStarter, AutoCloseable {

	private final boolean blocking;

	private final BlockingWriters writers = new BlockingWriters();

	private final CountedConnections connections;

	private final @Nullable AsyncContainer container;

	/**
	 * Create a starter.
	 * @param blocking whether to assume that every write may block
	 * @param connections counts the streams that keep their requests
	 * @param container the behaviour of the web server, {@code null} if it follows the
	 * Servlet API
	 */
	public AsyncStarter(boolean blocking, CountedConnections connections, @Nullable AsyncContainer container) {
		this.blocking = blocking;
		this.connections = connections;
		this.container = container;
	}

	@Override
	public boolean start(StreamExchange exchange) throws IOException {
		if (!exchange.request().isAsyncSupported()) {
			throw new IllegalStateException("The stream of " + exchange.request().getRequestURI()
					+ " needs an asynchronous request: set asyncSupported on the servlet and on every filter that it passes");
		}
		this.connections.take(exchange);
		exchange.commit();
		// NOTE: before startAsync, since after an exception nothing would complete the
		// asynchronous request
		ServletOutputStream output = exchange.containerResponse().getOutputStream();
		ServletRequest request = exchange.containerRequest();
		AsyncContainer container = (this.container != null && this.container.handles(request)) ? this.container : null;
		AsyncContainer.Processing processing = (container != null) ? container.processing(request) : null;
		boolean blocks = this.blocking || (container != null && container.blocks(exchange));
		Executor writers = this.writers.of(request);
		AsyncContext context = exchange.request().startAsync(exchange.request(), exchange.response());
		context.setTimeout(0);
		try {
			AsyncTransport.start(context, output, exchange, blocks ? writers : null, processing);
		}
		catch (UnsupportedOperationException ex) {
			AsyncTransport.startWithoutListener(context, output, exchange, writers, processing);
		}
		return true;
	}

	@Override
	public void close() {
		this.writers.close();
	}

}
