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

package io.github.springsse.security;

import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;

import org.springframework.core.log.LogFormatUtils;

/**
 * A warning about frequent failures. It is logged at most once a minute, without stack
 * traces. Thread-safe.
 */
final class RareWarning {

	private static final long INTERVAL = 60_000;

	private static final int MAX_LENGTH = 200;

	private final Log log;

	private final String message;

	private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

	RareWarning(Log log, String message) {
		this.log = log;
		this.message = message;
	}

	/**
	 * NOTE: the message of the failure may contain names or data of users.
	 */
	void log(Throwable failure, long now) {
		long due = this.next.get();
		if (now >= due && this.next.compareAndSet(due, now + INTERVAL)) {
			this.log.warn(this.message + ": " + failure.getClass().getName() + ": "
					+ LogFormatUtils.formatValue(failure.getMessage(), MAX_LENGTH, true));
		}
	}

}
