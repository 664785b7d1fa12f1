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

package io.github.springsse.webmvc.tomcat;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;

/**
 * A few buffers for many streams, each of which needs one while it is written to. It
 * keeps as many as threads can use at a time. Thread-safe: a buffer is taken by one
 * thread until it is put back.
 *
 * @param <T> the type of buffers
 */
final class BufferPool<T> {

	private static final int SIZE = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

	private final ArrayBlockingQueue<T> idle = new ArrayBlockingQueue<>(SIZE);

	private final Supplier<T> factory;

	/**
	 * Create an empty pool.
	 * @param factory creates a buffer where the pool has none
	 */
	BufferPool(Supplier<T> factory) {
		this.factory = factory;
	}

	T take() {
		T result = this.idle.poll();
		return (result != null) ? result : this.factory.get();
	}

	/**
	 * Put back a buffer that is empty, which the pool drops if it has enough.
	 */
	void put(T buffer) {
		this.idle.offer(buffer);
	}

}
