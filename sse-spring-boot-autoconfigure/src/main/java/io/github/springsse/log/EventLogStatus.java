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
 * The status of an {@link EventLog} outside of this process, for health and metrics. The
 * methods do not wait. Thread-safe.
 *
 * @since 0.1.0
 */
public interface EventLogStatus {

	/**
	 * Return the time for which the log has been unreachable.
	 * @return the time, zero if the log is reachable
	 */
	Duration unreachableFor();

	/**
	 * Return how far this node is behind the latest entry, measured by the times at which
	 * entries were appended.
	 * @return the time, zero if this node is up to date
	 */
	Duration lag();

	/**
	 * Return the number of entries that are buffered until they can be appended.
	 * @return the number of entries
	 */
	int buffered();

	/**
	 * Return how often entries were found to be missing.
	 * @return the number of losses
	 */
	long losses();

	/**
	 * Describe the location of the log, for operators.
	 * @return the description
	 */
	String describe();

}
