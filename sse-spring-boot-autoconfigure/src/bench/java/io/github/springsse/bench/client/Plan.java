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

/**
 * What to publish. It ends after a time, or earlier after a number of deliveries.
 *
 * @param window how many events may be on their way, 0 for no limit
 * @param burst how many events are published at once
 * @param rate events per second, 0 for as fast as the window allows
 * @param size bytes of the JSON of an event
 * @param millis how long
 * @param deliveries how many deliveries at most
 */
public record Plan(int window, int burst, int rate, int size, long millis, long deliveries) {

	private static final long FLAT_OUT_MILLIS = 1500;

	private static final long RATE_MILLIS = 2500;

	/**
	 * As many events as the window allows.
	 * @param window how many events may be on their way
	 * @param burst how many are published at once
	 * @param size bytes of the JSON of an event
	 * @return a plan
	 */
	public static Plan flatOut(int window, int burst, int size) {
		return new Plan(window, burst, 0, size, FLAT_OUT_MILLIS, Long.MAX_VALUE);
	}

	/**
	 * So many events a second.
	 * @param rate events per second
	 * @param size bytes of the JSON of an event
	 * @return a plan
	 */
	public static Plan ofRate(int rate, int size) {
		return new Plan(0, 1, rate, size, RATE_MILLIS, Long.MAX_VALUE);
	}

	/**
	 * The same for a longer or shorter time.
	 * @param factor how much longer
	 * @return a plan
	 */
	public Plan scaled(double factor) {
		return until((long) (factor * this.millis), this.deliveries);
	}

	/**
	 * The same with another end.
	 * @param end how long
	 * @param most how many deliveries at most
	 * @return a plan
	 */
	public Plan until(long end, long most) {
		return new Plan(this.window, this.burst, this.rate, this.size, end, most);
	}

	/**
	 * Write this plan as one line.
	 * @return the numbers, in order
	 */
	public String toLine() {
		return this.window + " " + this.burst + " " + this.rate + " " + this.size + " " + this.millis + " "
				+ this.deliveries;
	}

	static Plan fromLine(String line) {
		long[] numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
		return new Plan((int) numbers[0], (int) numbers[1], (int) numbers[2], (int) numbers[3], numbers[4], numbers[5]);
	}

}
