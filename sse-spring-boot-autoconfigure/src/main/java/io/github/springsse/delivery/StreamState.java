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
 * The delivery state of one stream: what it has, what waits for it, and what is next. A
 * {@link Shard} decides when its operations run. Owned by the thread of the loop; times
 * are those of {@link System#nanoTime()}.
 * <p>
 * A stream either <em>keeps up</em>, then events are {@linkplain #offer offered} as they
 * are routed, or it is <em>behind</em>, then events are taken from the history when its
 * queue has room, by {@link #catchUp}. A stream falls behind when it is opened, when an
 * event does not fit into its queue and the overflow policy of the topic is to resume,
 * and when the log skips entries. It keeps up again when it has everything up to the
 * position of the shard.
 * <p>
 * <em>Invariant:</em> every event up to the cursor is queued, has left, or is known to
 * the client, and no event after the cursor is queued. The cursor never moves back. So an
 * event is queued once, whether it comes from the router or from the history.
 */
final class StreamState {

	private static final Log logger = LogFactory.getLog(StreamState.class);

	/**
	 * The most bytes of one write. A transport that keeps buffers takes all of them at
	 * once, so with larger writes a slow reader would look as if it did not read at all.
	 */
	static final int MAX_WRITE = 64 * 1024;

	/** The accuracy of timers. */
	static final Duration TICK = Duration.ofMillis(50);

	private final DeliveredStream stream;

	private final SendQueue queue;

	private final TimingWheel.Timer<StreamState> timer = new TimingWheel.Timer<>(this);

	private final List<Router.Subscription<StreamState>> subscriptions = new ArrayList<>(1);

	private @Nullable StreamTransport transport;

	/** Whether the transport takes bytes. */
	private boolean ready;

	private boolean behind;

	private EventId cursor = EventId.MIN;

	/**
	 * The last event id that the client will have when the queue is empty, and that it
	 * reconnects with.
	 */
	private EventId lastId = EventId.MIN;

	/**
	 * While behind: the last lost event of each topic that the client was told of. Kept
	 * events of one topic may be older than lost events of another, so the same loss is
	 * found again.
	 */
	private Map<String, EventId> gapsTold = Map.of();

	/** Whether the client has not yet got everything that a stream begins with. */
	private boolean beginning = true;

	/** Whether the transport watches for the end of the client's input. */
	private boolean inputWatched;

	private long openedAt;

	/** When the client last took bytes. */
	private long lastWrite;

	/** Whether the transport did not take all bytes at the last write. */
	private boolean blocked;

	/** When a blocked client last took bytes. */
	private long blockedSince;

	/** How the stream closes once the queue is empty. */
	private @Nullable Closing closing;

	/** For {@link PendingWrites} alone: whether the stream is in that list. */
	boolean pending;

	/** For {@link PendingWrites} alone: the next stream of that list. */
	@Nullable StreamState nextPending;

	/** For {@link CatchingUp} alone: whether the stream is in that list. */
	boolean catchingUp;

	/** For {@link CatchingUp} alone: the next stream of that list. */
	@Nullable StreamState nextCatchingUp;

	StreamState(DeliveredStream stream, SendQueue queue) {
		this.stream = stream;
		this.queue = queue;
	}

	DeliveredStream stream() {
		return this.stream;
	}

	/** The bound of the queue in frames; for any thread. */
	int maxFrames() {
		return this.queue.maxFrames();
	}

	/** The bound in bytes for frames that only this stream gets; for any thread. */
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
	 * Begin to deliver the events after a cursor.
	 * @param gzip compresses them, {@code null} if they are not compressed
	 */
	void open(StreamTransport transport, @Nullable GzipStream gzip, Router<StreamState> router, EventId cursor,
			long now) {
		this.transport = transport;
		if (gzip != null) {
			this.queue.setGzip(gzip);
		}
		this.queue.setChunked(transport.isChunked());
		this.ready = true;
		this.openedAt = now;
		this.lastWrite = now;
		fallBehind(cursor);
		this.lastId = this.cursor;
		for (TopicPattern pattern : this.stream.getPatterns()) {
			this.subscriptions.add(router.subscribe(pattern, this));
		}
	}

	/**
	 * Queue what the stream begins with, whatever its size.
	 * @return the number of gaps in it
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
	 * Whether a routed event is to be {@linkplain #offer offered}.
	 */
	boolean isDue(StoredEvent event) {
		return !this.behind && this.stream.isReachable() && event.id().isAfter(this.cursor);
	}

	/**
	 * Queue a routed event, or do what the overflow policy of its topic says where it
	 * does not fit.
	 * @param before the event before it in the log, the last one that the stream may have
	 * if it falls behind
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
			// NOTE: a client that has not got its beginning would overflow again
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
	 * Take the events after a position from the history, instead of those that are
	 * routed. The client may have more than that, from a stream of another node.
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
	 * Whether events are to be taken from the history: a stream that closes gets those
	 * from before its end alone, or none.
	 */
	boolean isCatchingUp() {
		return this.behind && (this.closing == null || this.closing.after() != null);
	}

	/**
	 * Whether {@link #catchUp} has somewhere to put events.
	 */
	boolean canCatchUp() {
		return this.ready && isCatchingUp();
	}

	/**
	 * Queue missed events from the history, as many as fit.
	 * @param position the last event that the stream may have missed
	 * @param maxEvents how many events to take at the most
	 */
	CatchUp catchUp(TopicHistories histories, EventId position, int maxEvents, DeliveryStatistics statistics) {
		EventId until = (this.closing != null && this.closing.after() != null) ? this.closing.after() : position;
		int looks = 0;
		// NOTE: a client may have more than this shard, from a stream of another one
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
	 * Queue a gap. If events follow, the next one has the id by which the client does not
	 * come back for the gap; else the gap has it.
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
	 * Queue an event if it fits. An event that leaves this stream out becomes a position.
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
	 * Queue a position in place of events that the client does not get, so that it does
	 * not come back for them.
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
	 * Queue a position after gaps, unless the client has an id by which it does not come
	 * back for them.
	 */
	private boolean queuePositionAfterGaps() {
		boolean needed = this.gapsTold.values().stream().anyMatch((lost) -> lost.isAfter(this.lastId));
		return !needed || queuePosition(this.cursor);
	}

	/**
	 * Queue a frame that is not an event of the log, and that the client could not get
	 * again.
	 * @return {@code false} if it does not fit
	 */
	boolean offerAlone(Frame frame) {
		return this.queue.offerAlone(frame);
	}

	/**
	 * Queue a frame for clients that get more than data. The stream ends after it, and if
	 * it does not fit, the end alone has to do.
	 */
	void offerNotice(Frame notice) {
		if (!this.stream.isDataOnly()) {
			this.queue.offerAlone(notice);
		}
	}

	/**
	 * Note that the transport takes bytes again.
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
	 * Whether the client did not take all bytes at the last write.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Write what is queued, as far as the transport takes it.
	 * @param shared a buffer of {@link #MAX_WRITE} bytes for transports that keep none
	 * @return the number of events that have left
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
		if (!this.queue.isOpening()) {
			this.stream.releaseOpening();
		}
		this.beginning = !this.queue.isEmpty() || this.behind;
	}

	private ByteBuffer copyTo(ByteBuffer buffer) {
		this.queue.copyTo(buffer);
		return buffer.flip();
	}

	/**
	 * NOTE: of a compressed stream it is not known how many bytes there are before they
	 * are copied, and most frames are small.
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
	 * Have the transport watch for the end of the client's input, once the client has got
	 * its beginning, or does not take it.
	 */
	void watchInput() {
		if (!this.inputWatched && this.transport != null && (!this.beginning || !this.ready)) {
			this.inputWatched = true;
			this.transport.watchInput();
		}
	}

	/**
	 * Close the stream once what is queued has left. If it is behind, and the application
	 * ends it, the client gets what was published before as well.
	 * @param position the last event that was published before
	 */
	void finish(CloseReason reason, @Nullable Throwable cause, EventId position, Router<StreamState> router) {
		boolean missed = this.behind && (reason == CloseReason.COMPLETED || reason == CloseReason.FAILED);
		this.closing = new Closing(reason, cause, missed ? position : null);
		unsubscribe(router);
		if (!missed) {
			queueEnd(reason);
		}
	}

	private void queueEnd(CloseReason reason) {
		if (reason.isEnd()) {
			this.queue.end();
		}
	}

	/**
	 * Have the client not get missed events before the stream closes: it then closes for
	 * another reason.
	 */
	void giveUpMissed() {
		if (this.closing != null && isCatchingUp()) {
			this.closing = null;
		}
	}

	/**
	 * How the stream closes once everything is written, {@code null} if it does not.
	 */
	@Nullable Closing closing() {
		return this.closing;
	}

	/**
	 * Forget what is queued, and take no more.
	 * @return the number of events that were queued
	 */
	int close(Router<StreamState> router) {
		this.ready = false;
		unsubscribe(router);
		return this.queue.clear();
	}

	private void unsubscribe(Router<StreamState> router) {
		this.subscriptions.forEach(router::unsubscribe);
		this.subscriptions.clear();
	}

	/**
	 * Whether the client has everything that there is for it.
	 */
	boolean isUpToDate() {
		return this.ready && this.queue.isEmpty() && !this.behind;
	}

	/**
	 * Whether the id that the client reconnects with is before a position.
	 */
	boolean isLastIdBefore(EventId horizon) {
		return !this.stream.isDataOnly() && horizon.isAfter(this.lastId);
	}

	/**
	 * Move the last event id of an up-to-date client to a position, never back.
	 * @return the id that the client is to get
	 */
	EventId moveLastId(EventId position) {
		// NOTE: a client may have more than this loop, from a stream of another one
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
	 * Return how long it is until there may be something to do.
	 * @return nanoseconds, {@code Long.MAX_VALUE} if there will be nothing
	 */
	long untilDue(DeliverySettings settings, long now) {
		long due = Long.MAX_VALUE;
		if (!this.ready) {
			due = until(this.blockedSince, settings.writeTimeout().toNanos(), now);
		}
		else if (settings.heartbeatInterval() != null) {
			// Streams that were written to at the same time part here, and stay apart
			long interval = settings.heartbeatInterval().toNanos();
			long silence = interval - ThreadLocalRandom.current().nextLong(interval / 2 + 1);
			due = until(this.lastWrite, silence, now);
		}
		if (settings.maxDuration() != null) {
			due = Math.min(due, until(this.openedAt, settings.maxDuration().toNanos(), now));
		}
		return due;
	}

	/**
	 * Return what it is time for.
	 */
	Due due(DeliverySettings settings, long now) {
		if (!this.ready && until(this.blockedSince, settings.writeTimeout().toNanos(), now) <= 0) {
			return Due.STALLED;
		}
		if (settings.maxDuration() != null && until(this.openedAt, settings.maxDuration().toNanos(), now) <= 0) {
			return Due.TIMEOUT;
		}
		if (isUpToDate() && settings.heartbeatInterval() != null
				&& until(this.lastWrite, settings.heartbeatInterval().toNanos() / 2, now) <= 0) {
			return Due.HEARTBEAT;
		}
		return Due.NOTHING;
	}

	/**
	 * The time from now until a period after a moment has passed, less the tick by which
	 * a timer may be late.
	 */
	private static long until(long moment, long nanos, long now) {
		return moment - now + nanos - TICK.toNanos();
	}

	/**
	 * How a stream closes.
	 *
	 * @param reason the reason
	 * @param cause what failed, if anything
	 * @param after the last missed event that the client gets before, {@code null} if it
	 * gets none
	 */
	record Closing(CloseReason reason, @Nullable Throwable cause, @Nullable EventId after) {

	}

	/**
	 * What became of an event.
	 */
	enum Offer {

		/** It is in the queue. */
		QUEUED,

		/** It will be taken from the history, as will all that follow. */
		BEHIND,

		/** It is lost to this stream, which must be closed. */
		TOO_MUCH

	}

	/**
	 * What a turn of catching up did.
	 *
	 * @param outcome whether the stream keeps up now
	 * @param looks how many events were looked at
	 */
	record CatchUp(Outcome outcome, int looks) {

		/**
		 * How far the stream is.
		 */
		enum Outcome {

			/** It has everything. */
			COMPLETE,

			/** There is more, for which the queue has no room. */
			PARTIAL,

			/** Events are lost, and the client is to begin again with a snapshot. */
			SNAPSHOT_NEEDED

		}

	}

	/**
	 * What it is time for.
	 */
	enum Due {

		/** The client took no bytes for too long. */
		STALLED,

		/** The stream was open for the longest time allowed. */
		TIMEOUT,

		/** The stream was silent for long enough. */
		HEARTBEAT,

		/** Nothing: the stream was written to meanwhile. */
		NOTHING

	}

}
