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

/**
 * What happens when more is waiting for a client than its queue may hold.
 *
 * @since 0.1.0
 */
public enum OverflowPolicy {

	/**
	 * Nothing more is queued. When the client takes bytes again it gets what it missed
	 * from the history of its topics, in order; and only if that has moved on meanwhile,
	 * a gap.
	 */
	RESUME,

	/**
	 * Only the newest event of each key matters, as with prices and scores. The history
	 * keeps no other, so that a client that is behind, or comes back, or is new, gets the
	 * newest of every key. Events without a key count as one key.
	 */
	LATEST,

	/**
	 * The oldest events that are waiting are dropped, and the client gets a gap in their
	 * place.
	 */
	DROP_OLDEST,

	/**
	 * The stream is closed. The client reconnects, and gets what it missed.
	 */
	DISCONNECT

}
