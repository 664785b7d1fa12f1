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
 * How the publication of a source has ended.
 *
 * @since 0.1.0
 */
public enum SseAnswerOutcome {

	/** The source has ended. */
	COMPLETED(State.COMPLETED, null),

	/** The source has failed, or has given what cannot be published. */
	FAILED(State.FAILED, Failure.FAILED),

	/** The source has given more than an answer may have. */
	TOO_LARGE(State.FAILED, Failure.TOO_LARGE),

	/** It was cancelled. */
	CANCELLED(State.CANCELLED, null),

	/** It was cancelled since nobody has listened. */
	ABANDONED(State.CANCELLED, null),

	/** The node was stopped, has lost its lease, or could not reach the log. */
	INTERRUPTED(State.INTERRUPTED, Failure.INTERRUPTED);

	private final State state;

	private final @Nullable Failure failure;

	SseAnswerOutcome(State state, @Nullable Failure failure) {
		this.state = state;
		this.failure = failure;
	}

	/**
	 * Return the last state of the publication.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * Return what clients are told.
	 * @return the kind of failure, {@code null} if it is none
	 */
	public @Nullable Failure failure() {
		return this.failure;
	}

}
