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

/**
 * The total content of all send queues of one {@link DeliveryLoop}: counted by the thread
 * of the loop, and published to other threads once per pass.
 */
final class QueueTotals {

	private long frames;

	private long bytes;

	private volatile long publishedFrames;

	private volatile long publishedBytes;

	void add(long frames, long bytes) {
		this.frames += frames;
		this.bytes += bytes;
	}

	/**
	 * Publish the current counts.
	 */
	void publish() {
		if (this.publishedFrames != this.frames || this.publishedBytes != this.bytes) {
			this.publishedFrames = this.frames;
			this.publishedBytes = this.bytes;
		}
	}

	/** Return the number of queued frames; for any thread. */
	long frames() {
		return this.publishedFrames;
	}

	/** Return the number of queued bytes; for any thread. */
	long bytes() {
		return this.publishedBytes;
	}

}
