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
 * A source whose elements are being published as the events of a topic, as
 * {@link SseOperations#publishAll} has begun it. Thread-safe.
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
	 * Return how far it has got.
	 * @return the state of now
	 */
	State state();

	/**
	 * Return what is completed when the publication has ended and its end is in the log.
	 * For all publications, also those of methods with {@link SseTopic}, there is
	 * {@link SseAnswerEndedEvent}.
	 * @return a new future of the last state, which never fails; to cancel it has no
	 * effect on the publication
	 */
	CompletableFuture<State> completion();

	/**
	 * Cancel the source, and end the topic: clients get the end at once, whatever the
	 * source does. Returns without waiting for the source, which is cancelled by a thread
	 * that may block.
	 * @return whether this has ended the publication; {@code false} if it had ended
	 * before
	 */
	boolean cancel();

	/**
	 * How far a publication has got.
	 */
	enum State {

		/** The transaction in which it was begun has not yet committed. */
		WAITING,

		/** The source was subscribed to, and has not ended. */
		RUNNING,

		/** The source has ended. */
		COMPLETED,

		/** The source has failed. */
		FAILED,

		/** It was cancelled, or abandoned, or its transaction was rolled back. */
		CANCELLED,

		/** The node was stopped, or could not go on with it, before the source ended. */
		INTERRUPTED;

		/**
		 * Return whether nothing comes after this state.
		 * @return whether this is a last state
		 */
		public boolean isLast() {
			return this != WAITING && this != RUNNING;
		}

	}

}
