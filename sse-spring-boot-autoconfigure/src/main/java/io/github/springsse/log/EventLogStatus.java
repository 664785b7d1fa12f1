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

package io.github.springsse.log;

import java.time.Duration;

/**
 * How an {@link EventLog} is that lives elsewhere, for health and metrics. Reading it
 * does not wait. Thread-safe.
 *
 * @since 0.1.0
 */
public interface EventLogStatus {

	/**
	 * Return for how long the log could not be reached.
	 * @return the time, zero if it can be reached
	 */
	Duration unreachableFor();

	/**
	 * Return how far this node is behind the newest entry, by the times at which entries
	 * were appended.
	 * @return the time, zero if this node has everything
	 */
	Duration lag();

	/**
	 * Return the number of entries that wait to be appended.
	 * @return the number of entries
	 */
	int buffered();

	/**
	 * Return the number of times that entries were found to be missing.
	 * @return the number of times
	 */
	long losses();

	/**
	 * Describe where the log is, for people.
	 * @return the description
	 */
	String describe();

}
