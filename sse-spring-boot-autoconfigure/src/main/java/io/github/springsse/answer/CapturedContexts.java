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

import java.util.ArrayList;
import java.util.List;

import io.github.springsse.SseAnswerEndedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The captured contexts of the thread that published a source.
 * <p>
 * <em>Invariants:</em> when {@link #run} returns or throws, each opened scope is closed,
 * in reverse order. Each context that has begun is ended, unless the log is unreachable
 * until the application stops.
 */
final class CapturedContexts {

	private static final Log logger = LogFactory.getLog(CapturedContexts.class);

	private final CallerContext.Captured[] contexts;

	/** The number of contexts that have begun, or failed to begin. */
	private int begun;

	private CapturedContexts(List<CallerContext.Captured> contexts) {
		this.contexts = contexts.toArray(CallerContext.Captured[]::new);
	}

	static CapturedContexts of(List<CallerContext> contexts) {
		List<CallerContext.Captured> captured = new ArrayList<>(contexts.size());
		contexts.forEach((context) -> captured.add(context.capture()));
		return new CapturedContexts(captured);
	}

	/**
	 * Notify the contexts that the source has its topic. Happens before its code runs.
	 * @param topic the topic of the source
	 */
	void begin(String topic) {
		while (this.begun < this.contexts.length) {
			this.contexts[this.begun++].begin(topic);
		}
	}

	/**
	 * Notify the contexts that the answer has ended. Code of a source that was stopped
	 * may still run in them.
	 * @param event the end
	 */
	void end(SseAnswerEndedEvent event) {
		while (this.begun > 0) {
			this.begun--;
			try {
				this.contexts[this.begun].end(event.outcome(), event.cause());
			}
			catch (RuntimeException | Error ex) {
				logger.warn("A context of the source of topic '" + event.topic() + "' could not be ended", ex);
			}
		}
	}

	/**
	 * Run a task of the source within the contexts.
	 * @param task the task
	 */
	void run(Runnable task) {
		run(task, 0);
	}

	private void run(Runnable task, int index) {
		if (index == this.contexts.length) {
			task.run();
			return;
		}
		try (CallerContext.Scope scope = this.contexts[index].open()) {
			run(task, index + 1);
		}
	}

}
