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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the failure and the end of a source are told to clients. Called by any thread.
 *
 * @since 0.1.0
 */
public interface SseSourceFormat {

	/**
	 * Return what clients are told when a source has not ended by itself. It must not
	 * have what clients are not to know: no message or stack trace that was not chosen.
	 * <p>
	 * How an interruption is told is asked for when the source begins, where the format
	 * is one of {@link SsePublishOptions}: another node may have to tell it.
	 * @param kind what has happened
	 * @param failure what the source has failed with, if it has
	 * @return the events, none at the least
	 */
	List<SseEvent> failure(Failure kind, @Nullable Throwable failure);

	/**
	 * Return what clients are told when a source has ended by itself.
	 * @return the events, none at the least
	 */
	default List<SseEvent> end() {
		return List.of();
	}

	/**
	 * Tell whether the response is cut after a failure, so that clients take it for an
	 * error, and not ended.
	 * @return {@code false}, as by default, if it is ended
	 */
	default boolean cutsAfterFailure() {
		return false;
	}

	/**
	 * Tell whether clients take every frame for data, so that a method of this format
	 * sends data and comments alone, as with {@link SseTopic#dataOnly()}.
	 * @return {@code false}, as by default, if they know events of other names
	 */
	default boolean isDataOnly() {
		return false;
	}

	/**
	 * Return headers by which clients know the format.
	 * @return the headers of each response that is a stream
	 */
	default Map<String, String> headers() {
		return Map.of();
	}

	/**
	 * Why a source has not ended by itself.
	 */
	enum Failure {

		/** The source has failed. */
		FAILED,

		/** Its node was stopped, or is gone. */
		INTERRUPTED,

		/** It gave more than an answer may have. */
		TOO_LARGE

	}

}
