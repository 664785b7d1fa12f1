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
 * Threads for callbacks, as many as block at the same time up to a bound. What waits is
 * bounded by the streams that were open: each has its callbacks called once.
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
	 * NOTE: where there cannot be another thread, one that there is takes the task, or
	 * else the next one that can be started: it cannot be had again.
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
	 * Have the threads end when they have done what waits.
	 */
	void shutdown() {
		this.executor.shutdown();
	}

}
