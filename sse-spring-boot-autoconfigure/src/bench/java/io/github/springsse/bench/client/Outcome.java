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

package io.github.springsse.bench.client;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What came of a plan.
 *
 * @param stalled whether streams that were read waited for events in vain
 * @param deliveries how many events arrived, over all streams
 * @param nanos from the first event to the last delivery
 * @param busyNanos how much of that the client had something to do
 * @param medianNanos half of the deliveries took no longer
 * @param p99Nanos 99 of 100 deliveries took no longer
 * @param maxNanos no delivery took longer
 */
public record Outcome(boolean stalled, long deliveries, long nanos, long busyNanos, long medianNanos, long p99Nanos,
		long maxNanos) {

	String toLine() {
		return LongStream
			.of(this.stalled ? 1 : 0, this.deliveries, this.nanos, this.busyNanos, this.medianNanos, this.p99Nanos,
					this.maxNanos)
			.mapToObj(Long::toString)
			.collect(Collectors.joining(" "));
	}

	/**
	 * Read an outcome.
	 * @param line one line
	 * @return the outcome
	 */
	public static Outcome fromLine(String line) {
		long[] numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
		return new Outcome(numbers[0] != 0, numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
	}

}
