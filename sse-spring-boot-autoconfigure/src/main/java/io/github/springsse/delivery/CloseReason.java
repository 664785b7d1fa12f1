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
 * Why a stream was closed.
 */
public enum CloseReason {

	/** The client left, or could not be reached. */
	DISCONNECTED,

	/** The application completed it. */
	COMPLETED,

	/** The application completed it with an error. */
	FAILED,

	/** It was open for the longest time allowed. */
	TIMEOUT,

	/** What let its client in has ended: the session, the token, or an authority. */
	EXPIRED,

	/** The client took no bytes for too long. */
	STALLED,

	/** More was waiting for the client than its queue may hold. */
	OVERFLOW,

	/** Another stream of the same user or session took its place. */
	REPLACED,

	/** The application is shutting down. */
	SHUTDOWN;

	/**
	 * Tell whether the response ends as intended. For every other reason the body is cut:
	 * the client sees an error, and knows that it may have missed events.
	 */
	boolean isEnd() {
		return this == COMPLETED || this == TIMEOUT || this == EXPIRED || this == REPLACED || this == SHUTDOWN;
	}

}
