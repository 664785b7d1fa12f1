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

/**
 * How bytes reach the sockets of streams.
 */
public enum TransportMode {

	/**
	 * The web server hands over the connection and the request ends, which needs the
	 * least memory and no request thread. Same as {@link #ASYNC} if that is impossible
	 * (HTTP/2, compression, in Tomcat a dispatch of an asynchronous request).
	 */
	AUTO,

	/** Asynchronous request and non-blocking writes. */
	ASYNC,

	/** Asynchronous request and blocking writes on separate threads. */
	BLOCKING

}
