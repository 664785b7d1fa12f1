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
 * Every latency of a run.
 */
final class Latencies {

	private long[] nanos = new long[1 << 16];

	private int size;

	void add(long value) {
		if (this.size == this.nanos.length) {
			this.nanos = Arrays.copyOf(this.nanos, 2 * this.size);
		}
		this.nanos[this.size++] = value;
	}

	void sort() {
		Arrays.sort(this.nanos, 0, this.size);
	}

	/**
	 * Return the latency that a part of all do not exceed, once they are sorted.
	 */
	long quantile(double part) {
		return (this.size > 0) ? this.nanos[(int) Math.ceil(part * this.size) - 1] : 0;
	}

}
