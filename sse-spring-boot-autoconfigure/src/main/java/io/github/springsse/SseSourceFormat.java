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
 * Defines how the failure and the end of a source are reported to clients. Must be
 * thread-safe.
 *
 * @since 0.1.0
 */
public interface SseSourceFormat {

	/**
	 * Return the events that report a failure. They must not disclose internals: include
	 * a message or stack trace of the exception only deliberately.
	 * <p>
	 * For a format in {@link SsePublishOptions}, the events of
	 * {@link Failure#INTERRUPTED} are requested when the source starts, because another
	 * node may have to send them.
	 * @param kind the kind of failure
	 * @param failure the exception of the source, {@code null} if it did not fail
	 * @return the events, possibly none
	 */
	List<SseEvent> failure(Failure kind, @Nullable Throwable failure);

	/**
	 * Return the events that report the normal end of a source.
	 * @return the events, possibly none
	 */
	default List<SseEvent> end() {
		return List.of();
	}

	/**
	 * Return whether the response is cut after a failure, so that clients notice an error
	 * instead of a normal end.
	 * @return {@code false}, the default, to end it normally
	 */
	default boolean cutsAfterFailure() {
		return false;
	}

	/**
	 * Return whether clients treat every frame as data. A method with such a format sends
	 * only data and comments, as with {@link SseTopic#dataOnly()}.
	 * @return {@code false}, the default, if clients support events of other names
	 */
	default boolean isDataOnly() {
		return false;
	}

	/**
	 * Return the headers by which clients recognize the format.
	 * @return the headers, added to each response with a stream
	 */
	default Map<String, String> headers() {
		return Map.of();
	}

	/**
	 * The kinds of failure of a source.
	 */
	enum Failure {

		/** The source failed. */
		FAILED,

		/** The node of the source was stopped or died. */
		INTERRUPTED,

		/** The source emitted more than the limit of an answer. */
		TOO_LARGE

	}

}
