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

package io.github.springsse.security;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of {@link StreamGuard}: a timer, which never blocks, and a few threads for
 * checks that may block. They start with the first stream.
 */
final class GuardThreads implements AutoCloseable {

	/** The accuracy of the timer in milliseconds. */
	private static final long TICK = 200;

	/**
	 * The number of threads that may wait for a session store or a user service at once.
	 */
	static final int WORKERS = 4;

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory("sse-security-timer"));

	private final ThreadPoolExecutor workers = new ThreadPoolExecutor(WORKERS, WORKERS, 30, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), factory("sse-security-check-"));

	private final AtomicBoolean started = new AtomicBoolean();

	GuardThreads() {
		this.workers.allowCoreThreadTimeOut(true);
		this.workers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
	}

	/**
	 * NOTE: a thread that a request starts would keep the context class loader of the web
	 * application, about which servlet containers log a warning.
	 */
	private static ThreadFactory factory(String name) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(name);
		factory.setDaemon(true);
		return (task) -> {
			Thread thread = factory.newThread(task);
			thread.setContextClassLoader(GuardThreads.class.getClassLoader());
			return thread;
		};
	}

	/**
	 * Run a task at each tick from now on, unless one was started before.
	 */
	void start(Runnable tick) {
		if (!this.started.get() && this.started.compareAndSet(false, true)) {
			try {
				this.timer.scheduleWithFixedDelay(tick, TICK, TICK, TimeUnit.MILLISECONDS);
			}
			catch (RuntimeException | Error ex) {
				// NOTE: no thread can be started now, and the next stream tries again
				this.timer.getQueue().clear();
				this.started.set(false);
				throw ex;
			}
		}
	}

	/**
	 * Run a check that may block, unless the threads are closed.
	 */
	void execute(Runnable check) {
		this.workers.execute(check);
	}

	boolean isClosed() {
		return this.workers.isShutdown();
	}

	/**
	 * NOTE: a running check is not interrupted, because session stores would fail with an
	 * error.
	 */
	@Override
	public void close() {
		this.timer.shutdownNow();
		this.workers.shutdown();
	}

}
