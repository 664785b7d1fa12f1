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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallbackExecutor}.
 */
class CallbackExecutorTests {

	@Test
	void callbackForWhichThereIsNoThreadIsCalledWhenThereIsOne() {
		AtomicBoolean failing = new AtomicBoolean(true);
		CallbackExecutor executor = new CallbackExecutor((task) -> {
			if (failing.get()) {
				throw new OutOfMemoryError("unable to create native thread, for this test");
			}
			return new Thread(task);
		});
		List<String> called = new CopyOnWriteArrayList<>();
		executor.execute(() -> called.add("first"));
		assertThat(called).isEmpty();
		failing.set(false);
		executor.execute(() -> called.add("second"));
		Awaitility.await().until(() -> called.size() == 2);
		assertThat(called).containsExactlyInAnyOrder("first", "second");
		executor.shutdown();
	}

}
