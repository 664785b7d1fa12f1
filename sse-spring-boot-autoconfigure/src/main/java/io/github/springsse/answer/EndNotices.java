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

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.springsse.SseAnswerEndedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Notifies a listener, which may block, of the ends of publications. Thread-safe.
 * <p>
 * <em>Invariant:</em> a publication is counted from before its beginning until the
 * listener has returned and its contexts have ended, so {@link #await} misses none.
 */
final class EndNotices {

	private static final Log logger = LogFactory.getLog(EndNotices.class);

	private final AnswerThreads threads;

	private final Consumer<SseAnswerEndedEvent> listener;

	private int pending;

	EndNotices(AnswerThreads threads, Consumer<SseAnswerEndedEvent> listener) {
		this.threads = threads;
		this.listener = listener;
	}

	/**
	 * Count a publication that is about to begin.
	 */
	synchronized void begin() {
		this.pending++;
	}

	/**
	 * Remove a counted publication that did not begin, or whose contexts have ended.
	 */
	synchronized void done() {
		this.pending--;
		if (this.pending == 0) {
			notifyAll();
		}
	}

	/**
	 * Notify the listener of the end of a counted publication, then its contexts.
	 * @param event the event
	 * @param contexts the contexts of the publication
	 */
	void tell(SseAnswerEndedEvent event, CapturedContexts contexts) {
		this.threads.source(() -> {
			try {
				contexts.run(() -> this.listener.accept(event));
			}
			catch (RuntimeException | Error ex) {
				logger.warn(
						"The listeners could not be notified of, or failed to handle, the end of the source of topic '"
								+ event.topic() + "', whose outcome is " + event.outcome(),
						ex);
			}
			finally {
				contexts.end(event);
				done();
			}
		});
	}

	/**
	 * Wait until the listener has handled all ends.
	 * @param nanos the longest time to wait
	 * @return whether it has handled all
	 */
	synchronized boolean await(long nanos) throws InterruptedException {
		long deadline = System.nanoTime() + nanos;
		while (this.pending > 0) {
			long rest = deadline - System.nanoTime();
			if (rest <= 0) {
				return false;
			}
			TimeUnit.NANOSECONDS.timedWait(this, rest);
		}
		return true;
	}

}
