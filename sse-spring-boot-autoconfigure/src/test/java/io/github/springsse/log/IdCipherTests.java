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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IdCipher}.
 */
class IdCipherTests {

	private final IdCipher cipher = new IdCipher();

	@Test
	void readsWhatItHasWritten() {
		Random random = new Random(1);
		for (int i = 0; i < 1000; i++) {
			EventId id = new EventId(random.nextLong(), random.nextLong() >>> random.nextInt(64));
			String text = this.cipher.encrypt(id);
			assertThat(text).matches("[A-Za-z0-9_-]{22}").isEqualTo(this.cipher.encrypt(id));
			assertThat(this.cipher.decrypt(text)).isEqualTo(id);
		}
	}

	@Test
	void readsNothingElse() {
		for (String text : List.of("", "A", "A".repeat(21), "A".repeat(23), "A".repeat(24), "A".repeat(21) + "=",
				"A".repeat(21) + "+", "A".repeat(10) + " " + "A".repeat(11), "A".repeat(21) + "\0",
				"A".repeat(21) + "\u0080", "A".repeat(21) + "\uffff")) {
			assertThat(this.cipher.decrypt(text)).as(text).isNull();
		}
	}

	@Test
	void everyKeyIsAnother() {
		EventId id = new EventId(1, 1);
		IdCipher other = new IdCipher();
		assertThat(other.encrypt(id)).isNotEqualTo(this.cipher.encrypt(id));
		assertThat(other.decrypt(this.cipher.encrypt(id))).isNotEqualTo(id);
	}

	@Test
	void threadsDoNotDisturbEachOther() throws Exception {
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int t = 0; t < 4; t++) {
			long epoch = t;
			threads.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 20_000; i++) {
					EventId id = new EventId(epoch, i);
					assertThat(this.cipher.decrypt(this.cipher.encrypt(id))).isEqualTo(id);
				}
			}, new SimpleAsyncTaskExecutor()));
		}
		for (CompletableFuture<Void> thread : threads) {
			thread.get(60, TimeUnit.SECONDS);
		}
	}

}
