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

package io.github.springsse.answer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of publications, all of which may block. All publications share a few
 * threads that append to the log. The code of sources runs on other threads, at most two
 * for each publication. No threads exist before the first publication.
 */
final class AnswerThreads implements AutoCloseable {

	/** The maximum number of threads that may wait for the log. */
	static final int APPENDERS = 16;

	private static final long KEEP_ALIVE = 10;

	private final Executor appenders;

	private final Executor sources;

	private volatile boolean closed;

	/**
	 * Create the threads.
	 * @param virtual whether they are virtual threads, which require Java 21
	 */
	AnswerThreads(boolean virtual) {
		if (virtual) {
			this.appenders = new VirtualThreadTaskExecutor("sse-answers-");
			this.sources = new VirtualThreadTaskExecutor("sse-answers-source-");
			return;
		}
		ThreadPoolExecutor appenders = new ThreadPoolExecutor(APPENDERS, APPENDERS, KEEP_ALIVE, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), factory("sse-answers-"), new ThreadPoolExecutor.DiscardPolicy());
		appenders.allowCoreThreadTimeOut(true);
		this.appenders = appenders;
		this.sources = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE, TimeUnit.SECONDS,
				new SynchronousQueue<>(), factory("sse-answers-source-"), new ThreadPoolExecutor.DiscardPolicy());
	}

	/**
	 * NOTE: a thread that a request starts would hold the class loader of a servlet
	 * container, which would log a warning.
	 */
	static ThreadFactory factory(String name) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(name);
		factory.setDaemon(true);
		return (task) -> {
			Thread thread = factory.newThread(task);
			thread.setContextClassLoader(AnswerThreads.class.getClassLoader());
			return thread;
		};
	}

	/**
	 * Run a task that may wait for the log.
	 */
	void append(Runnable task) {
		if (this.closed) {
			return;
		}
		try {
			this.appenders.execute(task);
		}
		catch (OutOfMemoryError ex) {
			// NOTE: no thread can be created, but an existing one may take the task
			if (!(this.appenders instanceof ThreadPoolExecutor pool) || !pool.getQueue().offer(task)) {
				throw ex;
			}
		}
	}

	/**
	 * Run code of a source, which may block for any time.
	 */
	void source(Runnable task) {
		this.sources.execute(task);
	}

	/**
	 * NOTE: running tasks are not interrupted, because the cancellation of a source may
	 * take time.
	 */
	@Override
	public void close() {
		this.closed = true;
		if (this.appenders instanceof ThreadPoolExecutor pool) {
			pool.shutdown();
		}
		if (this.sources instanceof ThreadPoolExecutor pool) {
			pool.shutdown();
		}
	}

}
