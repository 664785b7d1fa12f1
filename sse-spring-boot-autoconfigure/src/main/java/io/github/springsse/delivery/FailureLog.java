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
 * Tells of failures after which something else must be done in any case: where there is a
 * lack of memory, to tell of it may fail like anything else.
 */
final class FailureLog {

	private FailureLog() {
	}

	/**
	 * Log a failure if that is possible.
	 * @param log where to
	 * @param message what has failed
	 * @param subject what it has failed for, which is added to the message
	 * @param failure the failure
	 */
	static void error(Log log, String message, @Nullable Object subject, Throwable failure) {
		try {
			log.error((subject != null) ? message + subject : message, failure);
		}
		catch (RuntimeException | Error ex) {
			// nothing is left to tell it with
		}
	}

}
