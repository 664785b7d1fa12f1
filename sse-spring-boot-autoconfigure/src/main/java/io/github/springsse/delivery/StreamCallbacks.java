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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of an application for the end of a stream. A callback that is registered
 * after the end is never called. Thread-safe.
 */
final class StreamCallbacks {

	private static final Log logger = LogFactory.getLog(StreamCallbacks.class);

	/** Shared by all streams, since it is held rarely and briefly. */
	private static final Lock lock = new ReentrantLock();

	private @Nullable List<Runnable> timeout;

	private @Nullable List<Consumer<Throwable>> error;

	private @Nullable List<Runnable> completion;

	void onTimeout(Runnable callback) {
		lock.lock();
		try {
			this.timeout = add(this.timeout, callback);
		}
		finally {
			lock.unlock();
		}
	}

	void onError(Consumer<Throwable> callback) {
		lock.lock();
		try {
			this.error = add(this.error, callback);
		}
		finally {
			lock.unlock();
		}
	}

	void onCompletion(Runnable callback) {
		lock.lock();
		try {
			this.completion = add(this.completion, callback);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Run the callbacks for the end of a stream, one after the other.
	 */
	void run(Executor executor, DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		List<Runnable> calls = atEnd(reason, cause);
		if (!calls.isEmpty()) {
			executor.execute(() -> calls.forEach((call) -> run(call, stream)));
		}
	}

	private List<Runnable> atEnd(CloseReason reason, @Nullable Throwable cause) {
		List<Runnable> result = new ArrayList<>();
		lock.lock();
		try {
			if (this.timeout != null && reason == CloseReason.TIMEOUT) {
				result.addAll(this.timeout);
			}
			if (this.error != null && cause != null) {
				this.error.forEach((callback) -> result.add(() -> callback.accept(cause)));
			}
			if (this.completion != null) {
				result.addAll(this.completion);
			}
		}
		finally {
			lock.unlock();
		}
		return result;
	}

	/**
	 * NOTE: callbacks in other languages may throw any Throwable, and the next callback
	 * must run in any case.
	 */
	private static void run(Runnable call, DeliveredStream stream) {
		try {
			call.run();
		}
		catch (Throwable ex) {
			FailureLog.error(logger, "A callback failed at the end of ", stream, ex);
		}
	}

	private static <T> List<T> add(@Nullable List<T> list, T callback) {
		List<T> result = (list != null) ? list : new ArrayList<>(1);
		result.add(callback);
		return result;
	}

}
