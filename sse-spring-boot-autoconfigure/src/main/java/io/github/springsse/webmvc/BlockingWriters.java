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

package io.github.springsse.webmvc;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads for writes that may block: a stream needs one only while it is being written
 * to. Where all are busy a write waits, so that other clients are held up only by as many
 * stalled ones as there are threads. The queue is bounded by the number of streams, each
 * of which has one write at a time.
 */
final class BlockingWriters implements Executor, AutoCloseable {

	private static final int MAX_THREADS = 256;

	private final ThreadPoolExecutor executor;

	BlockingWriters() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("sse-writer-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Run a task.
	 * @throws RejectedExecutionException if the application has shut down
	 */
	@Override
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
