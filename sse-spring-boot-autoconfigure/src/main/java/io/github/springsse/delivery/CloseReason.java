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

package io.github.springsse.delivery;

/**
 * The reason why a stream was closed.
 */
public enum CloseReason {

	/** The client has disconnected, or could not be reached. */
	DISCONNECTED,

	/** The application has completed the stream. */
	COMPLETED,

	/** The application has completed the stream with an error. */
	FAILED,

	/** The stream has reached its maximum duration. */
	TIMEOUT,

	/** The session or token of the client has expired, or an authority was withdrawn. */
	EXPIRED,

	/** The client accepted no bytes for too long. */
	STALLED,

	/** The send queue of the stream has overflowed. */
	OVERFLOW,

	/** A newer stream of the same user or session has replaced the stream. */
	REPLACED,

	/** The application is shutting down. */
	SHUTDOWN;

	/**
	 * Whether the response ends normally. For every other reason the body is cut off: the
	 * client sees an error, and knows that it may have missed events.
	 */
	boolean isEnd() {
		return this == COMPLETED || this == TIMEOUT || this == EXPIRED || this == REPLACED || this == SHUTDOWN;
	}

}
