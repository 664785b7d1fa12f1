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

package io.github.springsse.answer;

/**
 * The clock and the timer of all publications. Thread-safe.
 */
interface AnswerTimer extends AutoCloseable {

	/**
	 * Return the current time.
	 * @return the time in nanoseconds, with an arbitrary origin
	 */
	long now();

	/**
	 * Run a task once, after a delay.
	 * @param task the task, which must not block
	 * @param delay the delay in nanoseconds
	 * @return a handle to cancel the task
	 */
	Task schedule(Runnable task, long delay);

	@Override
	void close();

	/**
	 * A scheduled task.
	 */
	@FunctionalInterface
	interface Task {

		/**
		 * Cancel the task, if it has not run yet.
		 */
		void cancel();

	}

}
