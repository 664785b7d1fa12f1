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

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a stream is refused. The client is told when to reconnect.
 */
@SuppressWarnings("serial")
public final class StreamRefusedException extends RuntimeException {

	private final RefusalReason reason;

	private final @Nullable String detail;

	/**
	 * Create an exception.
	 * @param reason the reason
	 */
	public StreamRefusedException(RefusalReason reason) {
		this(reason, null);
	}

	/**
	 * Create an exception.
	 * @param reason the reason
	 * @param detail details for the log, such as the user; may contain any characters
	 */
	public StreamRefusedException(RefusalReason reason, @Nullable String detail) {
		super("A stream was refused: " + reason, null, false, false);
		this.reason = reason;
		this.detail = detail;
	}

	/**
	 * Return the reason.
	 * @return the reason
	 */
	public RefusalReason getReason() {
		return this.reason;
	}

	/**
	 * Return details for the log.
	 * @return the details, which may contain any characters
	 */
	public @Nullable String getDetail() {
		return this.detail;
	}

}
