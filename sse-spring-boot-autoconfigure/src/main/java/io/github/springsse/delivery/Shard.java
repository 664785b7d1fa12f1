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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;

import io.github.springsse.EventId;
import io.github.springsse.EventLog;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one {@link DeliveryLoop}: their queues, their place in the router, their
 * timers, and every call of their transports. Owned by the thread of the loop; nothing
 * here is for other threads.
 */
final class Shard {

	private static final Log logger = LogFactory.getLog(Shard.class);

	/** Name of the event that a page can act on. */
	private static final String REPLACED_EVENT = "replaced";

	private final DeliverySettings settings;

	private final DeliveryStatistics statistics;

	private final TopicHistories histories;

	private final StreamTable streams;

	private final Executor callbackExecutor;

	private final Router<Delivering> router = new Router<>();

	private final StreamTimers timers;

	private final Positions positions;

	private final Offering offering;

	private final CatchUp catchUp;

	private final StreamWriter writer = new StreamWriter();

	private final Waiting waiting = new Waiting();

	private final PendingWrites pending = new PendingWrites();

	private final CatchingUp catchingUp = new CatchingUp();

	/** The last event that was routed. */
	private EventId position;

	private long now;

	/**
	 * Create a shard without streams.
	 * @param settings bounds and times
	 * @param statistics where to count
	 * @param histories what streams that are behind get their events from
	 * @param streams where open streams are listed
	 * @param callbackExecutor runs what applications want to be told
	 * @param retention what a node that starts finds of the log, if anything
	 * @param position the last event that will not be routed
	 * @param now the time
	 */
	Shard(DeliverySettings settings, DeliveryStatistics statistics, TopicHistories histories, StreamTable streams,
			Executor callbackExecutor, EventLog.@Nullable Retention retention, EventId position, long now) {
		this.settings = settings;
		this.statistics = statistics;
		this.histories = histories;
		this.streams = streams;
		this.callbackExecutor = callbackExecutor;
		this.position = position;
		this.now = now;
		this.timers = new StreamTimers(settings, now);
		this.positions = new Positions(settings.heartbeat(), settings.heartbeatNanos(), histories, retention,
				statistics::entries, position, now);
		this.offering = new Offering(statistics);
		this.catchUp = new CatchUp(histories, statistics, settings.queueEvents());
	}

	void setNow(long now) {
		this.now = now;
	}

	Waiting waiting() {
		return this.waiting;
	}

	/**
	 * Put an event into the queue of every stream that is subscribed to its topic.
	 */
	void route(StoredEvent event) {
		EventId before = this.position;
		this.position = event.id();
		this.router.route(event.topic(), (delivering) -> {
			event.hear();
			// A stream with patterns that overlap is asked more than once
			if (delivering.isDue(event)) {
				deliverOrFallBehind(delivering, event, before);
			}
		});
	}

	/**
	 * NOTE: whatever fails for one stream must not cost the others the event.
	 */
	private void deliverOrFallBehind(Delivering delivering, StoredEvent event, EventId before) {
		try {
			deliver(delivering, event, before);
		}
		catch (RuntimeException | Error ex) {
			delivering.fallBehind(before);
			this.pending.add(delivering);
			FailureLog.error(logger, "An event could not be queued, and is again later, for ", delivering.stream, ex);
		}
	}

	private void deliver(Delivering delivering, StoredEvent event, EventId before) {
		switch (this.offering.offer(delivering, event, before)) {
			case QUEUED -> {
				this.pending.add(delivering);
				if (event.isEnd()) {
					finishIfComplete(delivering);
				}
			}
			case TOO_MUCH -> overflow(delivering.stream);
			case BEHIND -> {
			}
		}
	}

	/**
	 * Begin to deliver to a stream: first the given frames, then what the application has
	 * sent to it, then the events after a cursor. Where the history cannot be read now,
	 * it is when the stream is written to; but what comes first cannot be had again, and
	 * without it the client must begin anew.
	 */
	void open(DeliveredStream stream, StreamTransport transport, EventId cursor, List<Frame> first) {
		if (stream.isClosed()) {
			stream.releaseOpening();
			close(transport, stream);
			logClosed(stream, CloseReason.DISCONNECTED);
			return;
		}
		Delivering delivering = stream.delivering();
		this.statistics.opened.increment();
		try {
			delivering.begin(transport, this.router, cursor, this.now);
			this.streams.add(stream);
			delivering.queue.open(first);
			first.forEach((frame) -> noteGap(delivering, frame));
			stream.takeOver().forEach(Runnable::run);
		}
		catch (RuntimeException | Error ex) {
			close(stream, CloseReason.DISCONNECTED, null);
			throw ex;
		}
		if (!stream.isClosed()) {
			setTimer(delivering);
			this.pending.add(delivering);
			if (this.position.isAfter(delivering.cursor)) {
				this.catchingUp.add(delivering);
			}
			else if (delivering.isCatchingUp()) {
				fill(delivering);
			}
		}
	}

	private void noteGap(Delivering delivering, Frame frame) {
		if (frame instanceof GapFrame told) {
			this.statistics.gaps.increment();
			Map<String, EventId> lost = new HashMap<>(delivering.gapsTold);
			lost.putAll(told.gap().lost());
			delivering.gapsTold = lost;
		}
	}

	/**
	 * Move on to a position without having routed what is before it: the streams get what
	 * the history has of it, or are told what they miss.
	 */
	void skip(EventId until, List<DeliveredStream> open) {
		EventId before = this.position;
		this.position = until;
		this.positions.restart(until, this.now);
		for (DeliveredStream stream : open) {
			Delivering delivering = stream.delivering();
			if (!stream.isClosed() && delivering.closing == null) {
				if (!delivering.behind) {
					delivering.fallBehind(before);
				}
				this.pending.add(delivering);
			}
		}
	}

	/**
	 * Give a stream that is behind what it has missed, as much as its queue may hold, and
	 * write that.
	 * @return how many events were looked at
	 */
	private int catchUp(Delivering delivering) {
		try {
			fill(delivering);
		}
		catch (RuntimeException | Error ex) {
			// NOTE: its client comes back, and the others go on
			close(delivering.stream, CloseReason.DISCONNECTED, null);
			FailureLog.error(logger, "Closed, as what was missed could not be read: ", delivering.stream, ex);
		}
		this.statistics.delivered.add(flush(delivering));
		return this.catchUp.looks();
	}

	private void fill(Delivering delivering) {
		EventId until = (delivering.closingAfter != null) ? delivering.closingAfter : this.position;
		switch (this.catchUp.fill(delivering, until)) {
			case COMPLETE -> {
				delivering.behind = false;
				if (delivering.closing != null) {
					end(delivering, delivering.closing);
				}
				else {
					finishIfComplete(delivering);
				}
			}
			case SNAPSHOT_NEEDED -> sendAway(delivering.stream, CloseReason.OVERFLOW);
			case PARTIAL -> {
			}
		}
	}

	/**
	 * Close a stream for which nothing can come any more, once it has everything. By the
	 * last id that its client has, it is known when it reconnects. Where a source has
	 * failed, and its format says so, the client is to see an error.
	 */
	private void finishIfComplete(Delivering delivering) {
		List<TopicPattern> patterns = delivering.stream.getPatterns();
		if (this.histories.isComplete(this.position, patterns)) {
			finish(delivering.stream, this.histories.isCut(patterns) ? CloseReason.FAILED : CloseReason.COMPLETED,
					null);
		}
	}

	/**
	 * Put a frame for this stream alone into its queue.
	 */
	void send(DeliveredStream stream, Frame frame) {
		enqueue(stream.delivering(), frame);
	}

	/**
	 * Note that a transport is ready again.
	 */
	void writable(DeliveredStream stream) {
		Delivering delivering = stream.delivering();
		if (!stream.isClosed() && !delivering.ready) {
			delivering.ready = true;
			this.pending.add(delivering);
		}
	}

	/**
	 * Close a stream once everything that is waiting for it has left, and if the
	 * application closes it, everything that was published before.
	 */
	void finish(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		Delivering delivering = stream.delivering();
		if (!stream.isClosed() && delivering.closing == null) {
			stream.markFinishing();
			delivering.closing = reason;
			delivering.closingCause = cause;
			delivering.unsubscribe(this.router);
			this.pending.add(delivering);
			if (delivering.behind && (reason == CloseReason.COMPLETED || reason == CloseReason.FAILED)) {
				delivering.closingAfter = this.position;
			}
			else {
				end(delivering, reason);
			}
		}
	}

	/**
	 * Close a stream once a last frame and what is queued before it have left. One that
	 * was to get what it has missed, and then close, does not get it.
	 */
	void expire(DeliveredStream stream, Frame last) {
		Delivering delivering = stream.delivering();
		if (delivering.closing != null && delivering.isCatchingUp()) {
			delivering.closing = null;
			delivering.closingAfter = null;
		}
		if (!stream.isClosed() && delivering.closing == null) {
			if (!stream.isDataOnly()) {
				// NOTE: where it does not fit, the end of the stream has to do
				delivering.queue.offerAlone(last);
			}
			finish(stream, CloseReason.EXPIRED, null);
		}
	}

	private static void end(Delivering delivering, CloseReason reason) {
		if (reason.isEnd()) {
			delivering.queue.end();
		}
	}

	/**
	 * Tell a client when to come back, at a time of its own, and close its stream.
	 */
	void shutDown(DeliveredStream stream) {
		if (!stream.isClosed()) {
			sendAway(stream, CloseReason.SHUTDOWN);
		}
	}

	/**
	 * End a stream whose place another one has taken, and tell its client when to come
	 * back. One whose client does not read is cut, since its end would wait for that.
	 */
	void replace(DeliveredStream stream, RefusalReason kind, Duration delay) {
		Delivering delivering = stream.delivering();
		if (stream.isClosed() || delivering.closing != null) {
			return;
		}
		if (delivering.blocked) {
			close(stream, CloseReason.REPLACED, null);
			return;
		}
		if (!stream.isDataOnly()) {
			delivering.queue.offerAlone(EventStreamEncoder.retry(delay));
			delivering.queue
				.offerAlone(EventStreamEncoder.event(null, REPLACED_EVENT, kind.name().toLowerCase(Locale.ROOT)));
		}
		finish(stream, CloseReason.REPLACED, null);
	}

	/**
	 * NOTE: it may be the same moment for all streams, whose clients should not come back
	 * at the same one.
	 */
	private void sendAway(DeliveredStream stream, CloseReason reason) {
		if (stream.delivering().closing != null) {
			return;
		}
		if (!stream.isDataOnly()) {
			stream.delivering().queue.offerAlone(EventStreamEncoder.retry(this.settings.reconnectDelay()));
		}
		finish(stream, reason, null);
	}

	/**
	 * Close a stream at once, also one that was never opened. What is waiting for it is
	 * dropped.
	 */
	void close(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		if (stream.isClosed()) {
			return;
		}
		stream.markClosed();
		Delivering delivering = stream.delivering();
		delivering.ready = false;
		this.statistics.dropped.add(delivering.queue.clear());
		delivering.unsubscribe(this.router);
		this.timers.cancel(delivering);
		stream.releaseOpening();
		stream.release();
		StreamTransport transport = delivering.transport;
		if (transport != null) {
			this.streams.remove(stream);
			this.statistics.countClosed(reason);
			close(transport, stream);
			logClosed(stream, reason);
		}
		stream.callbacks().run(this.callbackExecutor, stream, reason, cause);
	}

	private static void logClosed(DeliveredStream stream, CloseReason reason) {
		if (logger.isDebugEnabled()) {
			logger.debug("Closed " + stream + ": " + reason);
		}
	}

	/**
	 * NOTE: a transport that cannot be closed must cost neither its stream the callbacks,
	 * nor other streams what they are about to get.
	 */
	private static void close(StreamTransport transport, DeliveredStream stream) {
		try {
			transport.close();
		}
		catch (RuntimeException | Error ex) {
			FailureLog.error(logger, "A transport could not be closed, that of ", stream, ex);
		}
	}

	/**
	 * Put a frame into a queue that is not an event of the log, and cannot be had again.
	 */
	private void enqueue(Delivering delivering, Frame frame) {
		if (delivering.stream.isClosed() || delivering.closing != null) {
			return;
		}
		if (delivering.queue.offerAlone(frame)) {
			this.pending.add(delivering);
		}
		else {
			overflow(delivering.stream);
		}
	}

	private void overflow(DeliveredStream stream) {
		close(stream, CloseReason.OVERFLOW, this.settings.overflowed());
	}

	/**
	 * Write to every stream that has something waiting, and takes it; then go on with
	 * those that are behind.
	 */
	void flush() {
		writePending();
		this.catchingUp.take(this::catchUp);
	}

	private void writePending() {
		this.statistics.delivered.add(this.pending.take(this::flush));
	}

	private int flush(Delivering delivering) {
		StreamTransport transport = delivering.transport;
		if (transport == null) {
			return 0;
		}
		boolean wasBlocked = delivering.blocked;
		int events = 0;
		try {
			events = this.writer.write(delivering, transport, this.now);
			if (delivering.beginning) {
				begin(delivering);
			}
			if (delivering.ready && delivering.isCatchingUp()) {
				this.catchingUp.add(delivering);
			}
			else if (delivering.ready && delivering.closing != null) {
				close(delivering.stream, delivering.closing, delivering.closingCause);
			}
			else if (!delivering.inputWatched && (!delivering.beginning || !delivering.ready)) {
				delivering.inputWatched = true;
				transport.watchInput();
			}
			if (delivering.blocked || wasBlocked) {
				setTimer(delivering);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Could not write to " + delivering.stream, ex);
			close(delivering.stream, CloseReason.DISCONNECTED, null);
		}
		catch (Error ex) {
			// NOTE: it is not known how many bytes were taken, so none may follow
			close(delivering.stream, CloseReason.DISCONNECTED, null);
			FailureLog.error(logger, "Closed after an unexpected failure: ", delivering.stream, ex);
		}
		return events;
	}

	private static void begin(Delivering delivering) {
		if (!delivering.queue.isOpening()) {
			delivering.stream.releaseOpening();
		}
		delivering.beginning = !delivering.queue.isEmpty() || delivering.behind;
	}

	/**
	 * Do what it is time for.
	 */
	void fireTimers() {
		this.timers.fire(this.now, this::onTimer);
		writePending();
	}

	/**
	 * Whether there is more to write at once.
	 */
	boolean isDirty() {
		return !this.pending.isEmpty() || !this.catchingUp.isEmpty();
	}

	/**
	 * Return how long there is nothing to do for {@link #fireTimers()}.
	 * @return the time in nanoseconds, {@code Long.MAX_VALUE} if it does not end
	 */
	long untilNextTimer() {
		return this.timers.untilNext(this.now);
	}

	private void onTimer(Delivering delivering, StreamTimers.Due due) {
		switch (due) {
			case STALLED -> close(delivering.stream, CloseReason.STALLED, this.settings.stalled());
			case TIMEOUT -> finish(delivering.stream, CloseReason.TIMEOUT, null);
			case HEARTBEAT -> {
				enqueue(delivering, this.positions.heartbeat(delivering, this.position, this.now));
				delivering.lastWrite = this.now;
				this.statistics.heartbeats.increment();
			}
			case NOTHING -> {
				// NOTE: a stream may get nothing but what is sent to it alone, and never
				// be silent
				if (delivering.isUpToDate() && this.positions.isNeeded(delivering, this.position, this.now)) {
					enqueue(delivering, this.positions.frame(delivering, this.position));
				}
			}
		}
		setTimer(delivering);
	}

	private void setTimer(Delivering delivering) {
		if (!delivering.stream.isClosed()) {
			this.timers.set(delivering, this.now);
		}
	}

}
