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

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The thread pool for callbacks of applications, which may block. The number of threads
 * is bounded. The queue is bounded by the number of streams that were open, since the
 * callbacks of each are called once.
 */
final class CallbackExecutor implements Executor {

	private static final int THREADS = 32;

	private final ThreadPoolExecutor executor;

	CallbackExecutor() {
		this(threads());
	}

	CallbackExecutor(ThreadFactory threads) {
		this.executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	private static ThreadFactory threads() {
		CustomizableThreadFactory result = new CustomizableThreadFactory("sse-callback-");
		result.setDaemon(true);
		return result;
	}

	/**
	 * NOTE: a task must not be lost. If no thread can be started, an existing one runs
	 * the task, or the next one that can be started.
	 */
	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (OutOfMemoryError ex) {
			this.executor.getQueue().add(task);
		}
	}

	/**
	 * End the threads after the queued tasks.
	 */
	void shutdown() {
		this.executor.shutdown();
	}

}
