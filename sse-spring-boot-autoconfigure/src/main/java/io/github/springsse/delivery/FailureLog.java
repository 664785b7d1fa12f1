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

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs failures and never throws. For callers that must continue after a failure: if
 * memory is exhausted, logging may fail as well.
 */
final class FailureLog {

	private FailureLog() {
	}

	/**
	 * Log a failure if possible.
	 * @param log the log to write to
	 * @param message the description of the failure
	 * @param subject the affected object, which is appended to the message
	 * @param failure the failure
	 */
	static void error(Log log, String message, @Nullable Object subject, Throwable failure) {
		try {
			log.error((subject != null) ? message + subject : message, failure);
		}
		catch (RuntimeException | Error ex) {
			// logging is not possible
		}
	}

}
