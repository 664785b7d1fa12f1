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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.Gap;
import io.github.springsse.history.Missed;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The delivery state of one stream: its cursor, its send queue, its timer, and how it
 * closes. A {@link Shard} decides when its operations run. Owned by the thread of the
 * loop; times are those of {@link System#nanoTime()}.
 * <p>
 * A stream either <em>keeps up</em> or is <em>behind</em>. A stream that keeps up is
 * {@linkplain #offer offered} events as they are routed. A stream that is behind reads
 * events from the history by {@link #catchUp} when its queue has room. A stream falls
 * behind when it is opened, when an event does not fit into its queue and the overflow
 * policy of the topic is to resume, and when the log skips entries. It keeps up again
 * when it has everything up to the position of the shard.
 * <p>
 * A stream can be opened before its first frames exist. It then <em>waits</em>: it is
 * behind, has no cursor, is not subscribed to any topic, and receives nothing until it
 * {@linkplain #begin begins}. It can be closed meanwhile, like any other stream.
 * <p>
 * <em>Invariant:</em> every event up to the cursor is queued, was written, or is known to
 * the client, and no event after the cursor is queued. The cursor never moves back. So an
 * event is queued once, whether it comes from the router or from the history.
 */
final class StreamState {

	private static final Log logger = LogFactory.getLog(StreamState.class);

	/**
	 * The maximum number of bytes of one write. A transport that keeps buffers accepts
	 * all of them at once, so with larger writes a slow reader would look as if it did
	 * not read at all.
	 */
	static final int MAX_WRITE = 64 * 1024;

	/** The accuracy of timers. */
	static final Duration TICK = Duration.ofMillis(50);

	/** The maximum time for which a stream waits for its first frames. */
	static final Duration MAX_WAIT = Duration.ofMinutes(1);

	private final DeliveredStream stream;

	private final SendQueue queue;

	private final TimingWheel.Timer<StreamState> timer = new TimingWheel.Timer<>(this);

	private final List<Router.Subscription<StreamState>> subscriptions = new ArrayList<>(1);

	private @Nullable StreamTransport transport;

	/** Whether the transport accepts bytes. */
	private boolean ready;

	private boolean behind;

	/** Whether the first frames do not exist yet. */
	private boolean waiting;

	/**
	 * While waiting: the frames that the application has sent to this stream, which
	 * follow the first frames.
	 */
	private List<Frame> held = List.of();

	private EventId cursor = EventId.MIN;

	/**
	 * The last event id that the client will have when the queue is empty, and with which
	 * it reconnects.
	 */
	private EventId lastId = EventId.MIN;

	/**
	 * While behind: the last lost event of each topic for which a gap was queued. Kept
	 * events of one topic may be older than lost events of another, so the same loss is
	 * found again.
	 */
	private Map<String, EventId> gapsTold = Map.of();

	/** Whether the client has not yet received all first frames and missed events. */
	private boolean beginning = true;

	/** Whether the transport watches for the end of the client's input. */
	private boolean inputWatched;

	private long openedAt;

	/** When the client last accepted bytes. */
	private long lastWrite;

	/** Whether the transport did not accept all bytes at the last write. */
	private boolean blocked;

	/** When a blocked client last accepted bytes. */
	private long blockedSince;

	/** How the stream closes once the queue is empty. */
	private @Nullable Closing closing;

	/** Used only by {@link PendingWrites}: whether the stream is in that list. */
	boolean pending;

	/** Used only by {@link PendingWrites}: the next stream of that list. */
	@Nullable StreamState nextPending;

	/** Used only by {@link CatchingUp}: whether the stream is in that list. */
	boolean catchingUp;

	/** Used only by {@link CatchingUp}: the next stream of that list. */
	@Nullable StreamState nextCatchingUp;

	StreamState(DeliveredStream stream, SendQueue queue) {
		this.stream = stream;
		this.queue = queue;
	}

	DeliveredStream stream() {
		return this.stream;
	}

	/** Return the maximum number of frames in the queue. For any thread. */
	int maxFrames() {
		return this.queue.maxFrames();
	}

	/**
	 * Return the maximum bytes of frames that only this stream receives. For any thread.
	 */
	long maxBytesAlone() {
		return this.queue.maxBytesAlone();
	}

	TimingWheel.Timer<StreamState> timer() {
		return this.timer;
	}

	@Nullable StreamTransport transport() {
		return this.transport;
	}

	/**
	 * Open the stream, which waits until it {@linkplain #begin begins}.
	 * @param gzip compresses the events, {@code null} if they are not compressed
	 */
	void open(StreamTransport transport, @Nullable GzipStream gzip, long now) {
		this.transport = transport;
		if (gzip != null) {
			this.queue.setGzip(gzip);
		}
		this.queue.setChunked(transport.isChunked());
		this.ready = true;
		this.openedAt = now;
		this.lastWrite = now;
		this.behind = true;
		this.waiting = true;
	}

	/**
	 * Begin to deliver the events after a cursor.
	 */
	void begin(Router<StreamState> router, EventId cursor) {
		this.waiting = false;
		fallBehind(cursor);
		this.lastId = this.cursor;
		for (TopicPattern pattern : this.stream.getPatterns()) {
			this.subscriptions.add(router.subscribe(pattern, this));
		}
	}

	/**
	 * Whether the stream is open and its first frames do not exist yet.
	 */
	boolean isWaiting() {
		return this.waiting;
	}

	/**
	 * Keep a frame that the application has sent to this stream, until the first frames
	 * are queued. The number of these frames is bounded by the sender.
	 */
	void hold(Frame frame) {
		if (this.held.isEmpty()) {
			this.held = new ArrayList<>(1);
		}
		this.held.add(frame);
	}

	/**
	 * Return the frames that were kept, in the order in which they were sent.
	 */
	List<Frame> takeHeld() {
		List<Frame> result = this.held;
		this.held = List.of();
		return result;
	}

	/**
	 * Queue the first frames of the stream, regardless of the bounds.
	 * @return the number of gaps among them
	 */
	int queueFirst(List<Frame> first) {
		this.queue.open(first);
		int gaps = 0;
		for (Frame frame : first) {
			if (frame instanceof GapFrame told) {
				noteGap(told.gap());
				gaps++;
			}
		}
		return gaps;
	}

	/**
	 * Whether a routed event must be {@linkplain #offer offered}.
	 */
	boolean isDue(StoredEvent event) {
		return !this.behind && this.stream.isReachable() && event.id().isAfter(this.cursor);
	}

	/**
	 * Queue a routed event, or apply the overflow policy of its topic if it does not fit.
	 * @param before the id of the previous event in the log, from which the stream reads
	 * the history if it falls behind
	 */
	Offer offer(StoredEvent event, EventId before, DeliveryStatistics statistics) {
		if (!this.ready && event.overflow() == OverflowPolicy.LATEST) {
			return fallBehindOf(before);
		}
		if (queue(event)) {
			return Offer.QUEUED;
		}
		return switch (event.overflow()) {
			case RESUME, LATEST -> fallBehindOf(before);
			case DROP_OLDEST -> dropOldest(event, before, statistics);
			// NOTE: a client that has not received its first frames would overflow again
			case DISCONNECT ->
				(this.beginning || event.leavesOut(this.stream.getId())) ? fallBehindOf(before) : refuse(statistics);
		};
	}

	private Offer dropOldest(StoredEvent event, EventId before, DeliveryStatistics statistics) {
		DropOldest.Outcome outcome = DropOldest.makeRoom(this.queue, event, !this.stream.isDataOnly(),
				this.stream::format);
		statistics.dropped.add(outcome.events());
		statistics.gaps.add(outcome.gaps());
		if (outcome.gaps() > 0 && logger.isDebugEnabled()) {
			logger.debug("Told " + this.stream + " of a gap (overflow), since an event did not fit on '" + event.topic()
					+ "'");
		}
		return queue(event) ? Offer.QUEUED : fallBehindOf(before);
	}

	private Offer fallBehindOf(EventId before) {
		fallBehind(before);
		return Offer.BEHIND;
	}

	private static Offer refuse(DeliveryStatistics statistics) {
		statistics.dropped.increment();
		return Offer.TOO_MUCH;
	}

	/**
	 * Read the events after a position from the history, instead of receiving routed
	 * events. The client may have later events already, from a stream of another node.
	 */
	void fallBehind(EventId after) {
		this.behind = true;
		this.cursor = after.isAfter(this.cursor) ? after : this.cursor;
	}

	/**
	 * Fall behind from a position, unless the stream is behind already.
	 */
	void skip(EventId after) {
		if (!this.behind) {
			fallBehind(after);
		}
	}

	/**
	 * Whether there may be events after the cursor, up to a position.
	 */
	boolean isBefore(EventId position) {
		return position.isAfter(this.cursor);
	}

	/**
	 * Whether events are read from the history. A stream that is closing receives only
	 * the events before its end, or none.
	 */
	boolean isCatchingUp() {
		return this.behind && !this.waiting && (this.closing == null || this.closing.after() != null);
	}

	/**
	 * Whether {@link #catchUp} can queue events now.
	 */
	boolean canCatchUp() {
		return this.ready && isCatchingUp();
	}

	/**
	 * Queue missed events from the history, as many as fit.
	 * @param position the last event that the stream may have missed
	 * @param maxEvents the maximum number of events to read
	 */
	CatchUp catchUp(TopicHistories histories, EventId position, int maxEvents, DeliveryStatistics statistics) {
		EventId until = (this.closing != null && this.closing.after() != null) ? this.closing.after() : position;
		int looks = 0;
		// NOTE: a client may be ahead of this shard, by a stream of another one
		if (until.isAfter(this.cursor)) {
			Missed missed = histories.between(this.cursor, until, this.stream.getPatterns(), maxEvents);
			looks = missed.looks();
			Gap news = (missed.gap() != null) ? missed.gap().beyond(this.gapsTold) : null;
			if (news != null && this.stream.isSnapshotPossible()) {
				return new CatchUp(CatchUp.Outcome.SNAPSHOT_NEEDED, looks);
			}
			if (news != null && !tell(news, missed, statistics)) {
				return new CatchUp(CatchUp.Outcome.PARTIAL, looks);
			}
			if (queueAll(missed.events())) {
				this.cursor = missed.cursor();
			}
		}
		if (until.isAfter(this.cursor) || !queuePositionAfterGaps()) {
			return new CatchUp(CatchUp.Outcome.PARTIAL, looks);
		}
		this.gapsTold = Map.of();
		this.behind = false;
		if (this.closing != null) {
			queueEnd(this.closing.reason());
		}
		return new CatchUp(CatchUp.Outcome.COMPLETE, looks);
	}

	private boolean queueAll(List<StoredEvent> events) {
		for (StoredEvent event : events) {
			if (!queue(event)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Queue a gap. To avoid the same gap after a reconnect, the client needs an id after
	 * it: the id of the next event, or of the gap itself if no event follows.
	 * @return {@code false} if the gap does not fit, so that nothing may follow yet
	 */
	private boolean tell(Gap news, Missed missed, DeliveryStatistics statistics) {
		if (this.stream.isDataOnly()) {
			return true;
		}
		EventId id = missed.events().isEmpty() ? missed.cursor() : null;
		String text = (id != null) ? this.stream.format(id) : null;
		if (!this.queue.offerAlone(new GapFrame(text, news, this.stream::format))) {
			return false;
		}
		this.lastId = (id != null) ? id : this.lastId;
		noteGap(news);
		statistics.gaps.increment();
		if (logger.isDebugEnabled()) {
			logger.debug("Told " + this.stream + " of a gap (" + news.reason().name().toLowerCase(Locale.ROOT) + ") in "
					+ news.lost().keySet());
		}
		return true;
	}

	private void noteGap(Gap gap) {
		Map<String, EventId> told = new HashMap<>(this.gapsTold);
		told.putAll(gap.lost());
		this.gapsTold = told;
	}

	/**
	 * Queue an event if it fits. If the event leaves this stream out, its position is
	 * queued instead.
	 */
	private boolean queue(StoredEvent event) {
		if (event.leavesOut(this.stream.getId())) {
			return queuePosition(event.id());
		}
		if (!this.queue.offer(event)) {
			return false;
		}
		this.cursor = event.id();
		this.lastId = event.isSilent() ? this.lastId : event.id();
		return true;
	}

	/**
	 * Queue a position in place of events that the client does not receive, so that it
	 * does not request them again when it reconnects.
	 */
	private boolean queuePosition(EventId id) {
		if (!this.stream.isDataOnly()) {
			if (!this.queue.offer(new PositionFrame(this.stream.format(id)))) {
				return false;
			}
			this.lastId = id;
		}
		this.cursor = id;
		return true;
	}

	/**
	 * Queue a position after gaps, unless the client has an id after them, so that it
	 * does not receive the same gaps again when it reconnects.
	 */
	private boolean queuePositionAfterGaps() {
		boolean needed = this.gapsTold.values().stream().anyMatch((lost) -> lost.isAfter(this.lastId));
		return !needed || queuePosition(this.cursor);
	}

	/**
	 * Queue a frame that is not an event of the log, so that the client could not receive
	 * it again.
	 * @return {@code false} if it does not fit
	 */
	boolean offerAlone(Frame frame) {
		return this.queue.offerAlone(frame);
	}

	/**
	 * Queue a last frame, unless the stream is data-only. The stream ends after it. If
	 * the frame does not fit, the stream ends without it.
	 */
	void offerNotice(Frame notice) {
		if (!this.stream.isDataOnly()) {
			this.queue.offerAlone(notice);
		}
	}

	/**
	 * Note that the transport accepts bytes again.
	 * @return whether it did not before
	 */
	boolean markReady() {
		boolean before = this.ready;
		this.ready = true;
		return !before;
	}

	boolean isReady() {
		return this.ready;
	}

	/**
	 * Whether the client did not accept all bytes at the last write.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Write the queued frames, until the transport accepts no more bytes.
	 * @param shared a buffer of {@link #MAX_WRITE} bytes, for transports that keep no
	 * buffers
	 * @return the number of events that were written completely
	 * @throws IOException if the client can no longer be reached
	 */
	int write(ByteBuffer shared, long now) throws IOException {
		StreamTransport transport = this.transport;
		if (transport == null) {
			return 0;
		}
		int events = 0;
		boolean progress = false;
		while (this.ready && !this.queue.isEmpty()) {
			ByteBuffer bytes = transport.keepsBuffers() ? ownBuffer() : copyTo(shared.clear());
			int offered = bytes.remaining();
			this.ready = transport.write(bytes);
			int taken = offered - bytes.remaining();
			if (taken > 0) {
				events += this.queue.take(taken);
				progress = true;
			}
		}
		noteProgress(progress, now);
		if (this.beginning) {
			noteBeginning();
		}
		return events;
	}

	private void noteProgress(boolean progress, long now) {
		if (progress) {
			this.lastWrite = now;
		}
		if (!this.ready && (progress || !this.blocked)) {
			this.blockedSince = now;
		}
		this.blocked = !this.ready;
	}

	private void noteBeginning() {
		if (!this.waiting && !this.queue.isOpening()) {
			this.stream.releaseOpening();
		}
		this.beginning = !this.queue.isEmpty() || this.behind;
	}

	private ByteBuffer copyTo(ByteBuffer buffer) {
		this.queue.copyTo(buffer);
		return buffer.flip();
	}

	/**
	 * NOTE: the number of bytes of a compressed stream is not known before they are
	 * copied, and most frames are small.
	 */
	private ByteBuffer ownBuffer() {
		if (this.queue.size() == 1 && !this.queue.isCompressed()) {
			ByteBuffer first = this.queue.first();
			return (first.remaining() > MAX_WRITE) ? first.limit(first.position() + MAX_WRITE) : first;
		}
		long most = this.queue.isCompressed() ? MAX_WRITE : this.queue.bytes();
		return copyTo(ByteBuffer.allocate((int) Math.min(MAX_WRITE, most)));
	}

	/**
	 * Make the transport watch for the end of the client's input, once the client has
	 * received all first frames and missed events, or does not accept them, or waits for
	 * the first frames.
	 */
	void watchInput() {
		if (!this.inputWatched && this.transport != null && (!this.beginning || !this.ready || this.waiting)) {
			this.inputWatched = true;
			this.transport.watchInput();
		}
	}

	/**
	 * Close the stream once all queued frames are written. If it is behind and the
	 * application ends it, the client also receives the events that were published before
	 * the end.
	 * @param position the last event that was published before the end
	 */
	void finish(CloseReason reason, @Nullable Throwable cause, EventId position, Router<StreamState> router) {
		boolean missed = this.behind && !this.waiting
				&& (reason == CloseReason.COMPLETED || reason == CloseReason.FAILED);
		this.closing = new Closing(reason, cause, missed ? position : null);
		unsubscribe(router);
		if (!missed) {
			queueEnd(reason);
		}
	}

	private void queueEnd(CloseReason reason) {
		if (reason.isEnd()) {
			queueEnd();
		}
	}

	/**
	 * Queue the end of the body, so that the client sees no error.
	 */
	void queueEnd() {
		this.queue.end();
	}

	/**
	 * Cancel a close that waits for missed events, because the stream closes for another
	 * reason.
	 */
	void giveUpMissed() {
		if (this.closing != null && isCatchingUp()) {
			this.closing = null;
		}
	}

	/**
	 * Return how the stream closes once everything is written, {@code null} if it stays
	 * open.
	 */
	@Nullable Closing closing() {
		return this.closing;
	}

	/**
	 * Drop all queued frames, and receive no more events.
	 * @return the number of events that were queued
	 */
	int close(Router<StreamState> router) {
		this.ready = false;
		this.held = List.of();
		unsubscribe(router);
		return this.queue.clear();
	}

	private void unsubscribe(Router<StreamState> router) {
		this.subscriptions.forEach(router::unsubscribe);
		this.subscriptions.clear();
	}

	/**
	 * Whether the client has received everything.
	 */
	boolean isUpToDate() {
		return this.ready && this.queue.isEmpty() && !this.behind;
	}

	/**
	 * Whether the id with which the client reconnects is before a position.
	 */
	boolean isLastIdBefore(EventId horizon) {
		return !this.stream.isDataOnly() && horizon.isAfter(this.lastId);
	}

	/**
	 * Move the last event id of an up-to-date client to a position, never back.
	 * @return the id to send to the client
	 */
	EventId moveLastId(EventId position) {
		// NOTE: a client may be ahead of this loop, by a stream of another one
		this.lastId = this.cursor.isAfter(position) ? this.cursor : position;
		return this.lastId;
	}

	/**
	 * Note that a heartbeat was queued.
	 */
	void noteHeartbeat(long now) {
		this.lastWrite = now;
	}

	/**
	 * Return the time until a timer of this stream may be due.
	 * @return the time in nanoseconds, {@code Long.MAX_VALUE} if no timer is set
	 */
	long untilDue(DeliverySettings settings, long now) {
		long due = Long.MAX_VALUE;
		if (!this.ready) {
			due = until(this.blockedSince, settings.writeTimeout().toNanos(), now);
		}
		else if (settings.heartbeatInterval() != null) {
			// NOTE: streams that were written to at once get different heartbeat times
			long interval = settings.heartbeatInterval().toNanos();
			long silence = interval - ThreadLocalRandom.current().nextLong(interval / 2 + 1);
			due = until(this.lastWrite, silence, now);
		}
		if (settings.maxDuration() != null) {
			due = Math.min(due, until(this.openedAt, settings.maxDuration().toNanos(), now));
		}
		if (this.waiting) {
			due = Math.min(due, until(this.openedAt, MAX_WAIT.toNanos(), now));
		}
		return due;
	}

	/**
	 * Return which timer is due.
	 */
	Due due(DeliverySettings settings, long now) {
		if (!this.ready && until(this.blockedSince, settings.writeTimeout().toNanos(), now) <= 0) {
			return Due.STALLED;
		}
		if (settings.maxDuration() != null && until(this.openedAt, settings.maxDuration().toNanos(), now) <= 0) {
			return Due.TIMEOUT;
		}
		if (this.waiting && until(this.openedAt, MAX_WAIT.toNanos(), now) <= 0) {
			return Due.WAITED;
		}
		if (isUpToDate() && settings.heartbeatInterval() != null
				&& until(this.lastWrite, settings.heartbeatInterval().toNanos() / 2, now) <= 0) {
			return Due.HEARTBEAT;
		}
		return Due.NOTHING;
	}

	/**
	 * Return the rest of a period that began at a given moment, less the tick by which a
	 * timer may be late.
	 */
	private static long until(long moment, long nanos, long now) {
		return moment - now + nanos - TICK.toNanos();
	}

	/**
	 * How a stream closes.
	 *
	 * @param reason the reason
	 * @param cause the failure, if any
	 * @param after the last missed event that the client receives before, {@code null} if
	 * it receives none
	 */
	record Closing(CloseReason reason, @Nullable Throwable cause, @Nullable EventId after) {

	}

	/**
	 * The result of offering an event.
	 */
	enum Offer {

		/** The event is in the queue. */
		QUEUED,

		/** The event and all later ones will be read from the history. */
		BEHIND,

		/** The event is lost to this stream, which must be closed. */
		TOO_MUCH

	}

	/**
	 * The result of one turn of catching up.
	 *
	 * @param outcome whether the stream keeps up now
	 * @param looks the number of events that were examined
	 */
	record CatchUp(Outcome outcome, int looks) {

		/**
		 * The progress of the stream.
		 */
		enum Outcome {

			/** The stream has everything up to the position. */
			COMPLETE,

			/** There are more events, for which the queue has no room. */
			PARTIAL,

			/** Events are lost, and the client must begin again with a snapshot. */
			SNAPSHOT_NEEDED

		}

	}

	/**
	 * The timer that is due.
	 */
	enum Due {

		/** The client accepted no bytes for too long. */
		STALLED,

		/** The stream has been open for its maximum duration. */
		TIMEOUT,

		/** The stream has waited too long for its first frames. */
		WAITED,

		/** The stream has been silent long enough for a heartbeat. */
		HEARTBEAT,

		/** None, because the stream was written to meanwhile. */
		NOTHING

	}

}
