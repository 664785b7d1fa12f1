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

import jakarta.servlet.ServletRequest;

/**
 * The behaviour of a web server with asynchronous requests that the Servlet API does not
 * specify.
 */
public interface AsyncContainer {

	/**
	 * Whether a request belongs to this web server.
	 * @param request the request of the container
	 * @return whether the other methods may be called for it
	 */
	boolean handles(ServletRequest request);

	/**
	 * Whether writes to a response may block although it has a write listener.
	 * @param exchange the request and response
	 * @return whether they may block
	 */
	boolean blocks(StreamExchange exchange);

	/**
	 * Return the web server's own processing of a request, which may continue after the
	 * last call of a listener has returned.
	 * @param request the request of the container
	 * @return the processing
	 */
	Processing processing(ServletRequest request);

	/**
	 * The web server's own processing of a request. Thread-safe.
	 */
	interface Processing {

		/**
		 * Block until the web server is not processing the request. The calling thread
		 * must not hold a lock for which the web server may wait.
		 */
		void awaitEnd();

	}

}
