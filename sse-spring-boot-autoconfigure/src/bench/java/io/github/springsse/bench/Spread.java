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

package io.github.springsse.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * The same thing measured several times.
 *
 * @param median the median
 * @param min the least
 * @param max the most
 * @param count how many times
 */
record Spread(double median, double min, double max, int count) {

	static Optional<Spread> of(DoubleStream values) {
		double[] sorted = values.sorted().toArray();
		if (sorted.length == 0) {
			return Optional.empty();
		}
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return Optional.of(new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length));
	}

	/**
	 * Write it.
	 * @param format of each of the three numbers
	 */
	String toString(String format) {
		String three = (this.count == 1) ? format : format + " [" + format + "–" + format + "]";
		return String.format(Locale.ROOT, three, this.median, this.min, this.max);
	}

}
