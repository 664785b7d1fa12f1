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
 * What happens when an event does not fit into the queue of a slow client.
 *
 * @since 0.1.0
 */
public enum OverflowPolicy {

	/**
	 * Stop queueing events. When the client accepts bytes again, it receives the missed
	 * events from the history of its topics, in order. It receives a gap only for events
	 * that the history no longer has.
	 */
	RESUME,

	/**
	 * Keep only the latest event of each key, for example for prices and scores. The
	 * history of the topic keeps no others, so a client that is slow, reconnects or is
	 * new receives the latest event of every key. All events without a key share one key.
	 */
	LATEST,

	/**
	 * Drop the oldest queued events. The client receives a gap in their place.
	 */
	DROP_OLDEST,

	/**
	 * Close the stream. The client reconnects and receives the missed events.
	 */
	DISCONNECT

}
