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

import io.github.springsse.SsePublication.State;
import io.github.springsse.SseSourceFormat.Failure;
import org.jspecify.annotations.Nullable;

/**
 * How the publication of a source ended.
 *
 * @since 0.1.0
 */
public enum SseAnswerOutcome {

	/** The source completed. */
	COMPLETED(State.COMPLETED, null),

	/** The source failed, or emitted an element that cannot be published. */
	FAILED(State.FAILED, Failure.FAILED),

	/** The source emitted more than the limit of an answer. */
	TOO_LARGE(State.FAILED, Failure.TOO_LARGE),

	/** The source was cancelled. */
	CANCELLED(State.CANCELLED, null),

	/** The source was cancelled because no stream was subscribed to it. */
	ABANDONED(State.CANCELLED, null),

	/** The node was stopped, lost its lease, or could not reach the log. */
	INTERRUPTED(State.INTERRUPTED, Failure.INTERRUPTED);

	private final State state;

	private final @Nullable Failure failure;

	SseAnswerOutcome(State state, @Nullable Failure failure) {
		this.state = state;
		this.failure = failure;
	}

	/**
	 * Return the final state of the publication.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * Return the kind of failure that clients are notified of.
	 * @return the kind of failure, {@code null} if the outcome is not a failure
	 */
	public @Nullable Failure failure() {
		return this.failure;
	}

}
