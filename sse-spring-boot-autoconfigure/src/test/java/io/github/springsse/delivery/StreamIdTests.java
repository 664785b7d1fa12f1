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

import io.github.springsse.TopicPattern;
import io.github.springsse.log.InMemoryEventLog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the ids of streams, which go to clients.
 */
class StreamIdTests {

	private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

	@Test
	void idIsShortAndAscii() {
		try (Delivery delivery = delivery()) {
			for (int i = 0; i < 100; i++) {
				assertThat(newId(delivery)).matches("[0-9a-z]{1,13}");
			}
		}
	}

	/**
	 * With an id of its own, a client could otherwise name the stream of another one.
	 */
	@Test
	void nextIdDoesNotFollowFromOneOfTheSameThread() {
		try (Delivery delivery = delivery()) {
			long first = Long.parseUnsignedLong(newId(delivery), Character.MAX_RADIX);
			String second = newId(delivery);
			long seed = unmix(first) + GOLDEN_GAMMA + (Thread.currentThread().getId() << 1);
			assertThat(second).isNotEqualTo(Long.toUnsignedString(mix(seed), Character.MAX_RADIX));
		}
	}

	private static String newId(Delivery delivery) {
		return delivery.newStream(List.of(TopicPattern.of("topic")), delivery.position()).getId();
	}

	private static Delivery delivery() {
		return new Delivery(new InMemoryEventLog(1), Object::toString, DeliverySettings.builder().build());
	}

	/** As ThreadLocalRandom makes a number of its seed. */
	private static long mix(long seed) {
		long z = (seed ^ (seed >>> 33)) * 0xff51afd7ed558ccdL;
		z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return z ^ (z >>> 33);
	}

	private static long unmix(long number) {
		long z = (number ^ (number >>> 33)) * inverse(0xc4ceb9fe1a85ec53L);
		z = (z ^ (z >>> 33)) * inverse(0xff51afd7ed558ccdL);
		return z ^ (z >>> 33);
	}

	/** Of an odd number, modulo 2^64. */
	private static long inverse(long odd) {
		long result = odd;
		for (int i = 0; i < 6; i++) {
			result *= 2 - odd * result;
		}
		return result;
	}

}
