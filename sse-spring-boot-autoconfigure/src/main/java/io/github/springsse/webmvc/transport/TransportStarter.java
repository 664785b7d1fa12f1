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

/**
 * A way to turn a request into a stream.
 */
public interface TransportStarter {

	/**
	 * Send the head of the response and arrange for the exchange to be
	 * {@linkplain StreamExchange#opened opened} as soon as the stream can be written to.
	 * Any thread may open it, possibly after the request has ended.
	 * @param exchange the request and response
	 * @return {@code false} if this starter does not support the request, and another one
	 * may be tried
	 * @throws IOException if the client has already disconnected
	 */
	boolean start(StreamExchange exchange) throws IOException;

}
