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
 * A stream of this node. It is <em>new</em> until its response is open, then owned by one
 * {@link DeliveryLoop} until it is closed.
 * <p>
 * <em>Threads:</em> what applications call only takes note, under the lock of the stream
 * or by a command to the loop. Of the events for one client, those sent by one thread
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

	/** The last event that this stream does not get, if it is opened without another. */
	private final EventId cursor;

	private final DeliveryLoop loop;

	private final DirectFrames directFrames;

	private final StreamState state;

	private final StreamCallbacks callbacks = new StreamCallbacks();

	/** Written once, before the stream is handed to the loop. */
	private volatile @Nullable String user;

	/** Asked when the response is opened, and let go of. */
	private @Nullable Supplier<?> snapshot;

	/** Written once, before the stream is handed to the loop. */
	private volatile boolean snapshotPossible;

	/** Written before the stream is handed to the loop. */
	private volatile boolean dataOnly;

	/** Written before the stream is handed to the loop. */
	private volatile @Nullable Compression compression;

	/**
	 * Lets go of what the first frames hold; given before the stream is handed to the
	 * loop, and taken by the one thread that runs it.
	 */
	private volatile @Nullable Runnable openingRelease;

	/** Lets go of what the stream holds; as the one before. */
	private volatile @Nullable Runnable release;

	/**
	 * Set before the stream is handed to the loop, which then lets go of what it holds.
	 */
	private volatile boolean handedOver;

	/** Sent before the loop took over, then {@code null}; guarded by the write lock. */
	private @Nullable List<Consumer<Mailbox>> early = new ArrayList<>(0);

	/** Frames on their way to the loop; more are added under the write lock. */
	private volatile int sending;

	/** Their bytes. */
	private volatile long sendingBytes;

	/** Guarded by the write lock. */
	private boolean claimed;

	/** For the thread of the request. */
	private boolean admitted;

	/** Set when nothing more may be sent, but what is waiting still is. */
	private volatile boolean completed;

	/** Set when the client has gone, which the loop will look at. */
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
	 * Return what this stream is subscribed to.
	 * @return the patterns
	 */
	public List<TopicPattern> getPatterns() {
		return this.patterns;
	}

	/**
	 * Return the id of the last event that this stream does not get.
	 * @return the cursor
	 */
	public EventId getCursor() {
		return this.cursor;
	}

	/**
	 * Write an id as clients get it. Any thread may call this.
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
	 * @throws IllegalStateException if it has one already
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
	 * Note that it has been decided that this stream may be opened.
	 * @return whether that was not so before
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
	 * Tell whether the client gets data and comments alone.
	 * @return whether positions, gaps and times to reconnect are left out
	 */
	public boolean isDataOnly() {
		return this.dataOnly;
	}

	void setCompression(Compression compression) {
		this.compression = compression;
	}

	/**
	 * Return what compresses the frames of this stream, {@code null} if they are not
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
	 * Take what the snapshot can be had from, where it is not what a method returns.
	 * @return as a method would return it
	 */
	public @Nullable Supplier<?> takeSnapshot() {
		Supplier<?> result = this.snapshot;
		this.snapshot = null;
		return result;
	}

	/**
	 * Note that the client gets a snapshot when it reconnects and something is gone.
	 * Where something is gone while the stream is open, it is closed for that.
	 * @param snapshotPossible whether there would be a snapshot
	 */
	public void setSnapshotPossible(boolean snapshotPossible) {
		this.snapshotPossible = snapshotPossible;
	}

	/**
	 * Have something let go of when the first frames have left, or will not leave.
	 * @param release lets go of it; called once, by the delivery thread, or by the one
	 * that abandons this stream. It must not block
	 */
	public void holdWhileOpening(Runnable release) {
		this.openingRelease = release;
	}

	/**
	 * Have something let go of when this stream is closed, or not opened. To be called
	 * before it is opened or abandoned.
	 * @param release lets go of it; called once, by the delivery thread, or by the one
	 * that abandons this stream, the last that was given first. It must not block
	 */
	public void hold(Runnable release) {
		Runnable before = this.release;
		this.release = (before != null) ? () -> {
			release.run();
			before.run();
		} : release;
	}

	/**
	 * Let go of what the first frames hold. For any thread.
	 */
	void releaseOpening() {
		run(OPENING_RELEASE.getAndSet(this, null));
	}

	/**
	 * Let go of what this stream holds. For any thread.
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
	 * Whether anything that is sent could still arrive. One that is closed is not
	 * reachable, but one that is not reachable may not be closed yet.
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
	 * Note that this stream will not be opened: its callbacks are called as for one that
	 * was. What it holds is let go of before this returns, so that the next request can
	 * have it.
	 * @param reason the reason
	 */
	public void abandon(CloseReason reason) {
		letGoUnlessHandedOver();
		this.loop.close(this, reason, null);
	}

	/**
	 * Note that this stream will not be opened because something failed, which
	 * {@code onError} is told. What it holds is let go of before this returns.
	 * @param cause what failed
	 */
	public void abandon(Throwable cause) {
		letGoUnlessHandedOver();
		this.loop.close(this, CloseReason.FAILED, cause);
	}

	/**
	 * NOTE: the loop may be about to open this stream, which is then there until it is
	 * closed.
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
	 * Note that a frame that was sent has reached the loop. For the thread of the loop.
	 */
	void noteArrived(Frame frame) {
		SENDING.decrementAndGet(this);
		SENDING_BYTES.addAndGet(this, -frame.length(true));
	}

	/**
	 * Check that a frame may be on its way beside the others, as one may be of whatever
	 * size.
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
	 * End this stream, whose place another one has taken. Its client is told of what
	 * there were too many, and when to come back. Any thread may call this.
	 * @param kind of what there were too many
	 * @param delay how long the client is to stay away
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
	 * End this stream because what let its client in has ended. What is queued is sent,
	 * then an event that says why; what the client has missed is not. A stream that is
	 * not open yet ends once it is, one that is closed stays as it is. Any thread may
	 * call this, and more than once; it does not block.
	 * @param event the name of the event, which a stream of data alone does not get
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
	 * Tell whether nothing was asked of this stream yet.
	 * @return whether nothing was sent, and it was not completed
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
	 * Return what was asked of this stream before the loop took over; from now on the
	 * loop is asked at once.
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
	 * Describe this stream for the log, with the user that it will have.
	 * @param user the name of the user, which may have any characters
	 * @return the description, in one line
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
