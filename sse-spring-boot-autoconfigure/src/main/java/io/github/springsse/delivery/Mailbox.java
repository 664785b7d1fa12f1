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

package io.github.springsse.delivery;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The commands of streams. A {@link DeliveryLoop} takes them from any thread and runs
 * them later, each after all events and commands that came before; it never blocks. Its
 * {@link Shard} runs them at once, for the thread of the loop alone. A command for a
 * stream that is closed does nothing.
 */
interface Mailbox {

	/**
	 * Begin to deliver to a stream: the first frames, then what the application has sent
	 * to it, then the events after a cursor.
	 * @param first the first frames, whatever their size
	 * @param then what to do when the stream is open, in the same command
	 */
	void open(DeliveredStream stream, StreamTransport transport, EventId cursor, List<Frame> first,
			Consumer<Mailbox> then);

	/**
	 * Queue a frame that only this stream gets. A stream for which there is no room is
	 * closed.
	 */
	void send(DeliveredStream stream, Frame frame);

	/**
	 * Note that the transport of a stream takes bytes again.
	 */
	void writable(DeliveredStream stream);

	/**
	 * Close a stream once everything that is queued has left and, if the application ends
	 * it, everything that was published before.
	 */
	void finish(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause);

	/**
	 * Close a stream once a last frame and what is queued before it have left. Missed
	 * events are not sent any more.
	 */
	void expire(DeliveredStream stream, Frame last);

	/**
	 * End a stream whose place another one has taken.
	 * @param kind the limit that was reached
	 * @param delay when the client is to come back
	 */
	void replace(DeliveredStream stream, RefusalReason kind, Duration delay);

	/**
	 * Tell a client when to come back, at a time of its own, and end its stream.
	 */
	void shutDown(DeliveredStream stream);

	/**
	 * Close a stream at once, also one that was never opened. What is queued is dropped.
	 */
	void close(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause);

	/**
	 * Release a stream whose client has disconnected, at low priority.
	 */
	void release(DeliveredStream stream);

	/**
	 * Move on to a position without having routed what is before it: the streams get what
	 * the history has of it, or are told of a gap.
	 * @param open the open streams of the loop, at the time of the command
	 */
	void skip(EventId until, Supplier<List<DeliveredStream>> open);

}
