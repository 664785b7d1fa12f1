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

package io.github.springsse.bench.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * How long publishing took, the last times.
 */
final class PublishingTimes {

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private final Last elapsed = new Last();

	private final Last processor = new Last();

	/**
	 * Publish, and take the time.
	 */
	void measure(Runnable publishing) {
		long processorBefore = THREADS.getCurrentThreadCpuTime();
		long before = System.nanoTime();
		publishing.run();
		this.elapsed.add(System.nanoTime() - before);
		this.processor.add(THREADS.getCurrentThreadCpuTime() - processorBefore);
	}

	/** Until the caller could go on. */
	long takeElapsed() {
		return this.elapsed.takeMedian();
	}

	/** What the caller used of a processor. */
	long takeProcessor() {
		return this.processor.takeMedian();
	}

	private static final class Last {

		private final long[] nanos = new long[1 << 16];

		private long count;

		void add(long value) {
			this.nanos[(int) (this.count++ & (this.nanos.length - 1))] = value;
		}

		/**
		 * Return the median, or -1 if there is nothing, and forget.
		 */
		long takeMedian() {
			int size = (int) Math.min(this.count, this.nanos.length);
			this.count = 0;
			Arrays.sort(this.nanos, 0, size);
			return (size > 0) ? this.nanos[size / 2] : -1;
		}

	}

}
