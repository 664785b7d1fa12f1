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

import io.github.springsse.SseAnswerOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Propagates a context from the publishing thread to the threads that run code of the
 * source. All beans of this type are used, in their order. Thread-safe.
 */
@FunctionalInterface
public interface CallerContext {

	/**
	 * Capture the context of the current thread.
	 * @return the context
	 */
	Captured capture();

	/**
	 * A captured context. Thread-safe: it may be open in several threads.
	 * <p>
	 * {@link #begin} is called when the source has its topic, before its code runs, and
	 * {@link #end} after the listeners of its end have returned. Code of a source that
	 * was stopped may still run in a scope then, and a scope may still be opened to
	 * cancel it. A source that does not get its topic is cancelled in a scope without
	 * {@code begin} and {@code end}.
	 */
	@FunctionalInterface
	interface Captured {

		/**
		 * Set the context for the current thread.
		 * @return the scope to close, by the same thread
		 */
		Scope open();

		/**
		 * Called once, before the code of the source runs. Must not block. If it throws
		 * an exception, the source does not start, the answer fails, and {@link #end} is
		 * called.
		 * @param topic the topic of the source
		 */
		default void begin(String topic) {
		}

		/**
		 * Called once, when the answer has ended and the listeners of its end have
		 * returned. Must not block.
		 * @param outcome how the source ended
		 * @param cause why it failed or was interrupted, if that is known
		 */
		default void end(SseAnswerOutcome outcome, @Nullable Throwable cause) {
		}

	}

	/**
	 * A context that is set for the current thread.
	 */
	@FunctionalInterface
	interface Scope extends AutoCloseable {

		@Override
		void close();

	}

}
