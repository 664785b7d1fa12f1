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

package io.github.springsse;

import java.util.concurrent.CompletableFuture;

/**
 * A source whose elements are being published as the events of a topic, started by
 * {@link SseOperations#publishAll}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface SsePublication {

	/**
	 * Return the topic.
	 * @return the topic
	 */
	String topic();

	/**
	 * Return the current state.
	 * @return the state
	 */
	State state();

	/**
	 * Return a future that completes when the publication has ended and its end is in the
	 * log. {@link SseAnswerEndedEvent} is available for all publications, including those
	 * of methods with {@link SseTopic}.
	 * @return a new future of the final state, which never fails. Cancelling the future
	 * does not affect the publication
	 */
	CompletableFuture<State> completion();

	/**
	 * Cancel the source and end the topic. Clients receive the end at once, whatever the
	 * source does. Returns without waiting for the source, which is cancelled by a thread
	 * that may block.
	 * @return {@code true} if this call ended the publication, {@code false} if it had
	 * already ended
	 */
	boolean cancel();

	/**
	 * The states of a publication.
	 */
	enum State {

		/** The transaction of the publication has not committed yet. */
		WAITING,

		/** The source is subscribed to and has not ended. */
		RUNNING,

		/** The source completed. */
		COMPLETED,

		/** The source failed. */
		FAILED,

		/**
		 * The publication was cancelled or abandoned, or its transaction was rolled back.
		 */
		CANCELLED,

		/** The node was stopped, or could not continue, before the source ended. */
		INTERRUPTED;

		/**
		 * Return whether this state is final.
		 * @return whether no other state can follow
		 */
		public boolean isLast() {
			return this != WAITING && this != RUNNING;
		}

	}

}
