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

import java.nio.ByteBuffer;

import io.github.springsse.codec.Frame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of what a delivery does beside the write: frames in, their bytes to a buffer, and
 * out. For a client that keeps up, which is once for each delivery.
 */
@State(Scope.Thread)
public class SendQueueBenchmark {

	/** How many frames wait at a time. */
	@Param({ "1", "16", "256" })
	public int frames;

	private final SendQueue queue = new SendQueue(1000, 1 << 20, new QueueTotals());

	private final Frame frame = new Frame(new byte[150]);

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

	// Fill and empty the queue
	@Benchmark
	public int offerCopyTake() {
		for (int i = 0; i < this.frames; i++) {
			this.queue.offer(this.frame);
		}
		this.queue.copyTo(this.buffer.clear());
		return this.queue.take(this.buffer.position());
	}

}
