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

import io.github.springsse.webmvc.transport.AsyncContainer;
import io.github.springsse.webmvc.transport.StreamExchange;
import jakarta.servlet.ServletRequest;

/**
 * The behaviour of Tomcat with asynchronous requests.
 */
public final class TomcatAsyncContainer implements AsyncContainer {

	@Override
	public boolean handles(ServletRequest request) {
		return request.getClass().getName().startsWith("org.apache.catalina.");
	}

	/**
	 * Whether the request uses HTTP/2: in spite of the write listener, Tomcat blocks in a
	 * write to an HTTP/2 stream while the window of the stream is open but the socket
	 * accepts no bytes.
	 */
	@Override
	public boolean blocks(StreamExchange exchange) {
		return exchange.request().getProtocol().startsWith("HTTP/2");
	}

	@Override
	public Processing processing(ServletRequest request) {
		return TomcatProcessing.of(request);
	}

}
