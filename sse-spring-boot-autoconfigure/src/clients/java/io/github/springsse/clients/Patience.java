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

package io.github.springsse.clients;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/**
 * Waits for clients that run in processes of their own.
 */
final class Patience {

	private Patience() {
	}

	/**
	 * Wait until an assertion holds.
	 * @param client the client, which says what it has got if it does not
	 * @param assertion the assertion
	 */
	static void await(Object client, ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			try {
				assertion.run();
			}
			catch (AssertionError ex) {
				throw new AssertionError(ex.getMessage() + System.lineSeparator() + client, ex);
			}
		});
	}

}
