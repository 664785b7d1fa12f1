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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.springsse.SseStream;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.http.MediaType;

/**
 * A stream of this node. It is <em>new</em> until its response is open. Then one
 * {@link DeliveryLoop} owns it until it is closed.
 * <p>
 * <em>Threads:</em> the methods for applications only record what to do, under the lock
 * of the stream or by a command to the loop. Events that one thread sends to this stream
 * keep their order.
 */
public final class DeliveredStream extends SseStream implements StreamTransport.Listener {

	private static final AtomicIntegerFieldUpdater<DeliveredStream> SENDING = AtomicIntegerFieldUpdater
		.newUpdater(DeliveredStream.class, "sending");

	private static final AtomicLongFieldUpdater<DeliveredStream> SENDING_BYTES = AtomicLongFieldUpdater
		.newUpdater(DeliveredStream.class, "sendingBytes");

	private static final AtomicReferenceFieldUpdater<DeliveredStream, @Nullable Runnable> OPENING_RELEASE = AtomicReferenceFieldUpdater
		.newUpdater(DeliveredStream.class, Runnable.class, "openingRelease");

	private static final AtomicReferenceFieldUpdater<DeliveredStream, @Nullable Runnable> RELEASE = AtomicReferenceFieldUpdater
		.newUpdater(DeliveredStream.class, Runnable.class, "release");

	private final String id;

	private final List<TopicPattern> patterns;

	/**
	 * The last event that this stream does not receive, unless it is opened with another
	 * cursor.
	 */
	private final EventId cursor;

	private final DeliveryLoop loop;

	private final DirectFrames directFrames;

	private final StreamState state;

	private final StreamCallbacks callbacks = new StreamCallbacks();

	/** Written once, before the stream is handed to the loop. */
	private volatile @Nullable String user;

	/** Called once when the response is opened, and then released. */
	private @Nullable Supplier<?> snapshot;

	/** Written once, before the stream is handed to the loop. */
	private volatile boolean snapshotPossible;

	/** Written before the stream is handed to the loop. */
	private volatile boolean dataOnly;

	/** Written before the stream is handed to the loop. */
	private volatile @Nullable Compression compression;

	/**
	 * Releases the resources of the first frames. Set before the stream is handed to the
	 * loop, and taken by the one thread that runs it.
	 */
	private volatile @Nullable Runnable openingRelease;

	/** Releases the resources of the stream; set and taken like the one before. */
	private volatile @Nullable Runnable release;

	/**
	 * Set before the stream is handed to the loop, which then releases its resources.
	 */
	private volatile boolean handedOver;

	/**
	 * The commands before the loop took over, then {@code null}; guarded by the write
	 * lock.
	 */
	private @Nullable List<Consumer<Mailbox>> early = new ArrayList<>(0);

	/**
	 * The number of frames on their way to the loop; incremented under the write lock.
	 */
	private volatile int sending;

	/** The bytes of these frames. */
	private volatile long sendingBytes;

	/** Guarded by the write lock. */
	private boolean claimed;

	/** Used only by the thread of the request. */
	private boolean admitted;

	/** Set when nothing more may be sent; waiting frames are still written. */
	private volatile boolean completed;

	/** Set when the client has disconnected; the loop then closes the stream. */
	private volatile boolean disconnected;

	/** Set by the loop, when nothing more can be sent. */
	private volatile boolean closed;

	DeliveredStream(String id, List<TopicPattern> patterns, EventId cursor, DeliveryLoop loop,
			DirectFrames directFrames, DeliverySettings settings) {
		this.id = id;
		this.patterns = patterns;
		this.cursor = cursor;
		this.loop = loop;
		this.directFrames = directFrames;
		this.state = new StreamState(this, new SendQueue(settings.queueEvents(), settings.queueBytes(), loop.totals()));
	}

	@Override
	public String getId() {
		return this.id;
	}

	@Override
	public List<String> getTopics() {
		return this.patterns.stream().map(TopicPattern::toString).toList();
	}

	/**
	 * Return the topics and patterns to which this stream is subscribed.
	 * @return the patterns
	 */
	public List<TopicPattern> getPatterns() {
		return this.patterns;
	}

	/**
	 * Return the id of the last event that this stream does not receive.
	 * @return the cursor
	 */
	public EventId getCursor() {
		return this.cursor;
	}

	/**
	 * Format an id for clients. Any thread may call this.
	 * @param id an id of the log
	 * @return the text
	 */
	public String format(EventId id) {
		return this.loop.format(id);
	}

	@Override
	public @Nullable String getUser() {
		return this.user;
	}

	/**
	 * Claim this stream for a response.
	 * @throws IllegalStateException if it already has a response
	 */
	public void claim() {
		this.writeLock.lock();
		try {
			if (this.claimed) {
				throw new IllegalStateException(
						"Stream " + this.id + " has a response already: subscribe for each request");
			}
			this.claimed = true;
		}
		finally {
			this.writeLock.unlock();
		}
	}

	/**
	 * Note that this stream is admitted.
	 * @return whether it was not admitted before
	 */
	public boolean markAdmitted() {
		boolean before = this.admitted;
		this.admitted = true;
		return !before;
	}

	@Override
	public SseStream dataOnly() {
		this.writeLock.lock();
		try {
			if (this.claimed) {
				throw new IllegalStateException(
						"Stream " + this.id + " has a response already: call dataOnly() before it is returned");
			}
			this.dataOnly = true;
		}
		finally {
			this.writeLock.unlock();
		}
		return this;
	}

	/**
	 * Return whether the client receives only data and comments.
	 * @return whether positions, gaps and reconnect times are left out
	 */
	public boolean isDataOnly() {
		return this.dataOnly;
	}

	void setCompression(Compression compression) {
		this.compression = compression;
	}

	/**
	 * Return the compression of this stream, {@code null} if its frames are not
	 * compressed.
	 */
	@Nullable Compression compression() {
		return this.compression;
	}

	/**
	 * Note that the loop will open this stream.
	 */
	void handOver(@Nullable String user) {
		this.user = user;
		this.handedOver = true;
	}

	void setSnapshot(@Nullable Supplier<?> snapshot) {
		this.snapshot = snapshot;
	}

	/**
	 * Take the supplier of the snapshot, if the snapshot is not the return value of the
	 * method.
	 * @return the supplier, as a method would return it
	 */
	public @Nullable Supplier<?> takeSnapshot() {
		Supplier<?> result = this.snapshot;
		this.snapshot = null;
		return result;
	}

	/**
	 * Set whether the client receives a snapshot if it reconnects after events were lost.
	 * If so, the stream is closed when it loses events, so that the client reconnects.
	 * @param snapshotPossible whether a snapshot is possible
	 */
	public void setSnapshotPossible(boolean snapshotPossible) {
		this.snapshotPossible = snapshotPossible;
	}

	/**
	 * Register an action that releases resources when the first frames are written, or
	 * will not be written.
	 * @param release the action; called once, by the delivery thread or by the thread
	 * that abandons this stream. It must not block
	 */
	public void holdWhileOpening(Runnable release) {
		this.openingRelease = release;
	}

	/**
	 * Register an action that releases resources when this stream is closed, or not
	 * opened. Call this before the stream is opened or abandoned.
	 * @param release the action; called once, by the delivery thread or by the thread
	 * that abandons this stream, in the reverse order of registration. It must not block
	 */
	public void hold(Runnable release) {
		Runnable before = this.release;
		this.release = (before != null) ? () -> {
			release.run();
			before.run();
		} : release;
	}

	/**
	 * Release the resources of the first frames. For any thread.
	 */
	void releaseOpening() {
		run(OPENING_RELEASE.getAndSet(this, null));
	}

	/**
	 * Release the resources of this stream. For any thread.
	 */
	void release() {
		run(RELEASE.getAndSet(this, null));
	}

	private static void run(@Nullable Runnable release) {
		if (release != null) {
			release.run();
		}
	}

	boolean isSnapshotPossible() {
		return this.snapshotPossible;
	}

	DeliveryLoop loop() {
		return this.loop;
	}

	/** For the thread of the loop. */
	StreamState state() {
		return this.state;
	}

	StreamCallbacks callbacks() {
		return this.callbacks;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Whether frames could still reach the client. A closed stream is not reachable, but
	 * an unreachable stream may not be closed yet.
	 */
	boolean isReachable() {
		return !this.closed && !this.disconnected;
	}

	void markClosed() {
		this.closed = true;
	}

	/**
	 * Note that nothing more can be sent.
	 */
	void markFinishing() {
		this.completed = true;
	}

	/**
	 * Close this stream without opening it. Its callbacks are called like those of an
	 * open stream. Its resources are released before this method returns, so that the
	 * next request can use them.
	 * @param reason the reason
	 */
	public void abandon(CloseReason reason) {
		letGoUnlessHandedOver();
		this.loop.close(this, reason, null);
	}

	/**
	 * Close this stream without opening it, because of a failure that is passed to
	 * {@code onError}. Its resources are released before this method returns.
	 * @param cause the failure
	 */
	public void abandon(Throwable cause) {
		letGoUnlessHandedOver();
		this.loop.close(this, CloseReason.FAILED, cause);
	}

	/**
	 * NOTE: after the handover, the loop may be about to open this stream. It releases
	 * the resources when it closes the stream.
	 */
	private void letGoUnlessHandedOver() {
		if (!this.handedOver) {
			releaseOpening();
			release();
		}
	}

	@Override
	public void send(SseEventBuilder builder) {
		send(builder.build());
	}

	@Override
	public void send(Object object) {
		send(object, null);
	}

	@Override
	public void send(Object object, @Nullable MediaType mediaType) {
		checkOpen();
		send(this.directFrames.encode(object, mediaType));
	}

	@Override
	public void send(Set<DataWithMediaType> items) {
		checkOpen();
		send(this.directFrames.encode(items));
	}

	private void checkOpen() {
		if (this.closed || this.completed) {
			throw new IllegalStateException("Stream " + this.id + " is closed");
		}
	}

	private void send(Frame frame) {
		if (frame.isEmpty()) {
			return;
		}
		Compression compression = this.compression;
		enqueue((compression != null) ? compression.compressIfLarge(frame) : frame);
	}

	private void enqueue(Frame frame) {
		int bytes = frame.length(true);
		this.writeLock.lock();
		try {
			checkRoom(bytes);
			SENDING.incrementAndGet(this);
			SENDING_BYTES.addAndGet(this, bytes);
			submit((mailbox) -> mailbox.send(this, frame));
		}
		finally {
			this.writeLock.unlock();
		}
	}

	/**
	 * Note that a sent frame has reached the loop. Called by the thread of the loop.
	 */
	void noteArrived(Frame frame) {
		SENDING.decrementAndGet(this);
		SENDING_BYTES.addAndGet(this, -frame.length(true));
	}

	/**
	 * Check that one more frame may be on its way to the loop. A single frame may have
	 * any size.
	 */
	private void checkRoom(int bytes) {
		int maxFrames = this.state.maxFrames();
		long maxBytes = this.state.maxBytesAlone();
		String excess = null;
		if (this.sending >= maxFrames) {
			excess = maxFrames + " events (sse.stream.queue.max-events)";
		}
		else if (this.sending > 0 && this.sendingBytes + bytes > maxBytes) {
			excess = maxBytes + " bytes (twice sse.stream.queue.max-size)";
		}
		if (excess != null) {
			throw new IllegalStateException(
					"Stream " + this.id + " has more to send than its queue may hold: " + excess);
		}
	}

	@Override
	public void complete() {
		this.completed = true;
		submit((mailbox) -> mailbox.finish(this, CloseReason.COMPLETED, null));
	}

	/**
	 * End this stream because another one replaces it. Its client receives the limit that
	 * was reached, and the time after which it should reconnect. Any thread may call
	 * this.
	 * @param kind the limit that was reached
	 * @param delay the time after which the client should reconnect
	 */
	public void replace(RefusalReason kind, Duration delay) {
		submit((mailbox) -> mailbox.replace(this, kind, delay));
	}

	@Override
	public void completeWithError(Throwable cause) {
		this.completed = true;
		submit((mailbox) -> mailbox.finish(this, CloseReason.FAILED, cause));
	}

	/**
	 * End this stream because the session, token or account of its client has ended.
	 * Queued frames are sent, followed by an event with the reason; missed events are not
	 * sent. A stream that is not open yet ends once it is open; a closed stream does not
	 * change. Any thread may call this, also more than once; it does not block.
	 * @param event the name of the event, which a data-only stream does not receive
	 * @param reason the data of the event
	 */
	public void expire(String event, String reason) {
		Frame last = EventStreamEncoder.event(null, event, reason);
		submit((mailbox) -> mailbox.expire(this, last));
	}

	@Override
	public void onTimeout(Runnable callback) {
		this.callbacks.onTimeout(callback);
	}

	@Override
	public void onError(Consumer<Throwable> callback) {
		this.callbacks.onError(callback);
	}

	@Override
	public void onCompletion(Runnable callback) {
		this.callbacks.onCompletion(callback);
	}

	@Override
	public void onWritable() {
		this.loop.writable(this);
	}

	@Override
	public void onDisconnected() {
		this.disconnected = true;
		this.loop.release(this);
	}

	/**
	 * Return whether this stream has not been used yet.
	 * @return whether nothing was sent, and the stream was not completed
	 */
	public boolean isUnused() {
		this.writeLock.lock();
		try {
			return this.early != null && this.early.isEmpty();
		}
		finally {
			this.writeLock.unlock();
		}
	}

	/**
	 * Return the commands before the loop took over. From now on, commands are passed to
	 * the loop immediately.
	 */
	List<Consumer<Mailbox>> takeOver() {
		this.writeLock.lock();
		try {
			List<Consumer<Mailbox>> result = (this.early != null) ? this.early : List.of();
			this.early = null;
			return result;
		}
		finally {
			this.writeLock.unlock();
		}
	}

	private void submit(Consumer<Mailbox> command) {
		this.writeLock.lock();
		try {
			if (this.early != null) {
				this.early.add(command);
			}
			else {
				command.accept(this.loop);
			}
		}
		finally {
			this.writeLock.unlock();
		}
	}

	/**
	 * Describe this stream for log messages, with the user that it will have.
	 * @param user the name of the user, which may contain any characters
	 * @return the description, as one line
	 */
	public String describe(@Nullable String user) {
		return "SseStream[" + this.id + ", topics=" + this.patterns + ", user="
				+ ((user != null) ? LogFormatUtils.formatValue(user, -1, true) : null) + "]";
	}

	@Override
	public String toString() {
		return describe(this.user);
	}

}
