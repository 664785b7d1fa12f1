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

package io.github.springsse.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.testsupport.EventStreamClient;

/**
 * Publishes repeatedly until Redis accepts an event. The event of a failed attempt may be
 * in the log nevertheless, as documented at {@link EventLogUnavailableException}, so each
 * attempt has different data.
 */
final class Attempts {

	private Attempts() {
	}

	/**
	 * Publish until an attempt goes through.
	 * @param data what the data of all attempts begins with
	 * @param publish publishes some data
	 * @return the data of the attempt that went through
	 */
	static String untilTaken(String data, Consumer<String> publish) {
		AtomicInteger attempts = new AtomicInteger();
		EventStreamClient.await()
			.atMost(Duration.ofSeconds(20))
			.ignoreExceptionsInstanceOf(EventLogUnavailableException.class)
			.until(() -> {
				publish.accept(data + " " + attempts.incrementAndGet());
				return true;
			});
		return data + " " + attempts.get();
	}

}
