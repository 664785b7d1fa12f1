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
 * The commands for streams. A {@link DeliveryLoop} accepts them from any thread without
 * blocking, and runs each after all earlier events and commands. Its {@link Shard} runs
 * them immediately; only the thread of the loop may call it. A command for a closed
 * stream does nothing.
 */
interface Mailbox {

	/**
	 * Begin to deliver to a stream: the first frames, then the frames that the
	 * application has sent to it, then the events after a cursor.
	 * @param first the first frames, which are not bounded
	 * @param then the action to run after the stream was opened, in the same command
	 */
	void open(DeliveredStream stream, StreamTransport transport, EventId cursor, List<Frame> first,
			Consumer<Mailbox> then);

	/**
	 * Open a stream whose first frames do not exist yet, and send other frames. The
	 * stream waits for {@link #begin} or {@link #fail}, for a minute at most.
	 * @param first the frames to send now
	 * @param then the action to run after the stream was opened, in the same command
	 */
	void openWaiting(DeliveredStream stream, StreamTransport transport, List<Frame> first, Consumer<Mailbox> then);

	/**
	 * Begin to deliver to a stream that waits, as {@link #open} does.
	 * @param first the first frames, which are not bounded
	 * @param then the action to run after that, in the same command
	 */
	void begin(DeliveredStream stream, EventId cursor, List<Frame> first, Consumer<Mailbox> then);

	/**
	 * End a stream whose first frames will never exist, and tell its client when to
	 * reconnect. The response ends normally, like that of a refused stream. Only the body
	 * of a data-only stream is cut off, since its client would take it for complete.
	 */
	void fail(DeliveredStream stream);

	/**
	 * Queue a frame that only this stream receives. If its queue has no room, the stream
	 * is closed.
	 */
	void send(DeliveredStream stream, Frame frame);

	/**
	 * Note that the transport of a stream accepts bytes again.
	 */
	void writable(DeliveredStream stream);

	/**
	 * Close a stream once all queued frames are written. If the application ends the
	 * stream, all events that were published before are written too.
	 */
	void finish(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause);

	/**
	 * Close a stream once the queued frames and a last frame are written. Missed events
	 * are not sent any more.
	 */
	void expire(DeliveredStream stream, Frame last);

	/**
	 * End a stream that is replaced by another one.
	 * @param kind the limit that was reached
	 * @param delay the time after which the client should reconnect
	 */
	void replace(DeliveredStream stream, RefusalReason kind, Duration delay);

	/**
	 * End a stream, and tell its client when to reconnect. The time differs for each
	 * client.
	 */
	void shutDown(DeliveredStream stream);

	/**
	 * Close a stream immediately, even if it was never opened. Queued frames are dropped.
	 */
	void close(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause);

	/**
	 * Release a stream whose client has disconnected, at low priority.
	 */
	void release(DeliveredStream stream);

	/**
	 * Move to a position without routing the events before it. The streams receive those
	 * that the history has, or a gap.
	 * @param open returns the open streams of the loop when the command runs
	 */
	void skip(EventId until, Supplier<List<DeliveredStream>> open);

}
