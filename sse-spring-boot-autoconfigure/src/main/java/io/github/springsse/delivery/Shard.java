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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one {@link DeliveryLoop}: routes events to them, writes to their
 * transports, lets them catch up with missed events, and runs their timers. Owned by the
 * thread of the loop; no other thread may call it.
 */
final class Shard implements Mailbox {

	private static final Log logger = LogFactory.getLog(Shard.class);

	/** The event that tells a page that its stream was replaced. */
	private static final String REPLACED_EVENT = "replaced";

	private final DeliverySettings settings;

	private final DeliveryStatistics statistics;

	private final TopicHistories histories;

	private final StreamTable streams;

	private final Executor callbackExecutor;

	private final Router<StreamState> router = new Router<>();

	private final TimingWheel<StreamState> timers;

	private final Positions positions;

	/** The shared buffer for the writes of all streams. */
	private final ByteBuffer buffer = ByteBuffer.allocateDirect(StreamState.MAX_WRITE);

	private final QueueTotals totals = new QueueTotals();

	/** For the writes of all compressed streams. */
	private final GzipStream.Choices choices = new GzipStream.Choices();

	private final PendingWrites pending = new PendingWrites();

	private final CatchingUp catchingUp = new CatchingUp();

	/** The last event that was routed. */
	private EventId position;

	private long now;

	/**
	 * Create a shard without streams.
	 * @param settings the bounds and times
	 * @param statistics counts deliveries and streams
	 * @param histories the kept events, for streams that are behind
	 * @param streams the table of open streams
	 * @param callbackExecutor runs the callbacks of applications
	 * @param retention the entries of the log that a starting node finds, {@code null} if
	 * it finds none
	 * @param position the last event that is not routed
	 * @param now the current time in nanoseconds
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
		this.timers = new TimingWheel<>(StreamState.TICK.toNanos(), now);
		this.positions = new Positions(settings.heartbeat(), settings.heartbeatNanos(), histories, retention,
				statistics::entries, position, now);
	}

	void setNow(long now) {
		this.now = now;
	}

	QueueTotals totals() {
		return this.totals;
	}

	/**
	 * Put an event into the queue of every stream that is subscribed to its topic.
	 */
	void route(StoredEvent event) {
		EventId before = this.position;
		this.position = event.id();
		this.router.route(event.topic(), (state) -> {
			event.hear();
			// NOTE: called more than once for a stream whose patterns overlap
			if (state.isDue(event)) {
				offerOrFallBehind(state, event, before);
			}
		});
	}

	/**
	 * NOTE: if one stream fails, the others must still receive the event.
	 */
	private void offerOrFallBehind(StreamState state, StoredEvent event, EventId before) {
		try {
			offer(state, event, before);
		}
		catch (RuntimeException | Error ex) {
			state.fallBehind(before);
			this.pending.add(state);
			FailureLog.error(logger, "An event could not be queued, and will be queued again later, for ",
					state.stream(), ex);
		}
	}

	private void offer(StreamState state, StoredEvent event, EventId before) {
		switch (state.offer(event, before, this.statistics)) {
			case QUEUED -> {
				this.pending.add(state);
				if (event.isEnd()) {
					finishIfComplete(state);
				}
			}
			case TOO_MUCH -> overflow(state.stream());
			case BEHIND -> {
			}
		}
	}

	@Override
	public void open(DeliveredStream stream, StreamTransport transport, EventId cursor, List<Frame> first,
			Consumer<Mailbox> then) {
		open(stream, transport, () -> queueFirst(stream, cursor, first), then);
	}

	@Override
	public void openWaiting(DeliveredStream stream, StreamTransport transport, List<Frame> first,
			Consumer<Mailbox> then) {
		open(stream, transport, () -> stream.state().queueFirst(first), then);
	}

	/**
	 * NOTE: if the history cannot be read now, it is read when the stream is written to.
	 * But the first frames cannot be created again, and without them the client must
	 * begin again.
	 */
	private void open(DeliveredStream stream, StreamTransport transport, Runnable queueFirst, Consumer<Mailbox> then) {
		if (stream.isClosed()) {
			stream.releaseOpening();
			close(transport, stream);
			logClosed(stream, CloseReason.DISCONNECTED);
		}
		else {
			this.statistics.opened.increment();
			closeIfFailing(stream, () -> {
				Compression compression = stream.compression();
				GzipStream gzip = (compression != null) ? new GzipStream(compression, this.choices) : null;
				stream.state().open(transport, gzip, this.now);
				this.streams.add(stream);
				queueFirst.run();
				stream.takeOver().forEach((command) -> command.accept(this));
			});
			startDelivery(stream);
		}
		then.accept(this);
	}

	@Override
	public void begin(DeliveredStream stream, EventId cursor, List<Frame> first, Consumer<Mailbox> then) {
		StreamState state = stream.state();
		if (!stream.isClosed() && state.closing() == null) {
			closeIfFailing(stream, () -> {
				queueFirst(stream, cursor, first);
				state.takeHeld().forEach((frame) -> send(stream, frame));
			});
			startDelivery(stream);
		}
		then.accept(this);
	}

	@Override
	public void fail(DeliveredStream stream) {
		StreamState state = stream.state();
		if (!stream.isClosed() && state.closing() == null) {
			sendAway(stream, CloseReason.FAILED);
			if (!stream.isDataOnly()) {
				state.queueEnd();
			}
		}
	}

	private void queueFirst(DeliveredStream stream, EventId cursor, List<Frame> first) {
		StreamState state = stream.state();
		state.begin(this.router, cursor);
		this.statistics.gaps.add(state.queueFirst(first));
	}

	private void closeIfFailing(DeliveredStream stream, Runnable opening) {
		try {
			opening.run();
		}
		catch (RuntimeException | Error ex) {
			close(stream, CloseReason.DISCONNECTED, null);
			throw ex;
		}
	}

	private void startDelivery(DeliveredStream stream) {
		StreamState state = stream.state();
		if (!stream.isClosed()) {
			setTimer(state);
			this.pending.add(state);
			if (state.isWaiting()) {
				return;
			}
			if (state.isBefore(this.position)) {
				this.catchingUp.add(state);
			}
			else if (state.isCatchingUp()) {
				fill(state);
			}
		}
	}

	@Override
	public void skip(EventId until, Supplier<List<DeliveredStream>> open) {
		EventId before = this.position;
		this.position = until;
		this.positions.restart(until, this.now);
		for (DeliveredStream stream : open.get()) {
			StreamState state = stream.state();
			if (!stream.isClosed() && state.closing() == null) {
				state.skip(before);
				this.pending.add(state);
			}
		}
	}

	/**
	 * Queue missed events for a stream that is behind, as many as fit, and write them.
	 * @return the number of events that were examined
	 */
	private int catchUp(StreamState state) {
		int looks = 0;
		try {
			looks = fill(state);
		}
		catch (RuntimeException | Error ex) {
			// NOTE: the client reconnects, and the other streams continue
			close(state.stream(), CloseReason.DISCONNECTED, null);
			FailureLog.error(logger, "Closed, since the missed events could not be read: ", state.stream(), ex);
		}
		this.statistics.delivered.add(flush(state));
		return looks;
	}

	private int fill(StreamState state) {
		StreamState.CatchUp turn = state.catchUp(this.histories, this.position, this.settings.queueEvents(),
				this.statistics);
		if (turn.outcome() == StreamState.CatchUp.Outcome.SNAPSHOT_NEEDED) {
			// NOTE: also if the stream was to close once it had them, or it would try
			// again
			// for ever
			state.giveUpMissed();
			sendAway(state.stream(), CloseReason.OVERFLOW);
		}
		else if (turn.outcome() == StreamState.CatchUp.Outcome.COMPLETE && state.closing() == null) {
			finishIfComplete(state);
		}
		return turn.looks();
	}

	/**
	 * Close a stream whose topics are complete, once its client has everything. When the
	 * client reconnects, its last event id shows that it has everything. If a source has
	 * failed and its format requires it, the body is cut off, so that the client sees an
	 * error.
	 */
	private void finishIfComplete(StreamState state) {
		List<TopicPattern> patterns = state.stream().getPatterns();
		if (this.histories.isComplete(this.position, patterns)) {
			finish(state.stream(), this.histories.isCut(patterns) ? CloseReason.FAILED : CloseReason.COMPLETED, null);
		}
	}

	@Override
	public void send(DeliveredStream stream, Frame frame) {
		StreamState state = stream.state();
		if (state.isWaiting() && !stream.isClosed() && state.closing() == null) {
			state.hold(frame);
			return;
		}
		stream.noteArrived(frame);
		enqueue(state, frame);
	}

	@Override
	public void writable(DeliveredStream stream) {
		if (!stream.isClosed() && stream.state().markReady()) {
			this.pending.add(stream.state());
		}
	}

	@Override
	public void finish(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		StreamState state = stream.state();
		if (!stream.isClosed() && state.closing() == null) {
			stream.markFinishing();
			this.pending.add(state);
			state.finish(reason, cause, this.position, this.router);
		}
	}

	@Override
	public void expire(DeliveredStream stream, Frame last) {
		StreamState state = stream.state();
		state.giveUpMissed();
		if (!stream.isClosed() && state.closing() == null) {
			state.offerNotice(last);
			finish(stream, CloseReason.EXPIRED, null);
		}
	}

	@Override
	public void shutDown(DeliveredStream stream) {
		if (!stream.isClosed()) {
			sendAway(stream, CloseReason.SHUTDOWN);
		}
	}

	/**
	 * NOTE: the stream of a client that does not read is cut off, since a normal end
	 * would wait for the client.
	 */
	@Override
	public void replace(DeliveredStream stream, RefusalReason kind, Duration delay) {
		StreamState state = stream.state();
		if (stream.isClosed() || state.closing() != null) {
			return;
		}
		if (state.isBlocked()) {
			close(stream, CloseReason.REPLACED, null);
			return;
		}
		state.offerNotice(EventStreamEncoder.retry(delay));
		state.offerNotice(EventStreamEncoder.event(null, REPLACED_EVENT, kind.name().toLowerCase(Locale.ROOT)));
		finish(stream, CloseReason.REPLACED, null);
	}

	/**
	 * NOTE: many streams may end at the same moment. A random delay for each keeps their
	 * clients from reconnecting at the same moment.
	 */
	private void sendAway(DeliveredStream stream, CloseReason reason) {
		StreamState state = stream.state();
		if (state.closing() == null) {
			state.offerNotice(EventStreamEncoder.retry(this.settings.reconnectDelay()));
			finish(stream, reason, null);
		}
	}

	@Override
	public void release(DeliveredStream stream) {
		close(stream, CloseReason.DISCONNECTED, null);
	}

	@Override
	public void close(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		if (stream.isClosed()) {
			return;
		}
		stream.markClosed();
		StreamState state = stream.state();
		this.statistics.dropped.add(state.close(this.router));
		this.timers.cancel(state.timer());
		stream.releaseOpening();
		stream.release();
		StreamTransport transport = state.transport();
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
	 * NOTE: if a transport cannot be closed, the callbacks of its stream must still run,
	 * and other streams must still receive their events.
	 */
	private static void close(StreamTransport transport, DeliveredStream stream) {
		try {
			transport.close();
		}
		catch (RuntimeException | Error ex) {
			FailureLog.error(logger, "Could not close the transport of ", stream, ex);
		}
	}

	private void enqueue(StreamState state, Frame frame) {
		if (state.stream().isClosed() || state.closing() != null) {
			return;
		}
		if (state.offerAlone(frame)) {
			this.pending.add(state);
		}
		else {
			overflow(state.stream());
		}
	}

	private void overflow(DeliveredStream stream) {
		close(stream, CloseReason.OVERFLOW, this.settings.overflowed());
	}

	/**
	 * Write to every stream that has queued frames and accepts bytes; then continue with
	 * the streams that are behind.
	 */
	void flush() {
		writePending();
		this.catchingUp.take(this::catchUp);
	}

	private void writePending() {
		this.statistics.delivered.add(this.pending.take(this::flush));
	}

	private int flush(StreamState state) {
		DeliveredStream stream = state.stream();
		boolean wasBlocked = state.isBlocked();
		int events = 0;
		try {
			events = state.write(this.buffer, this.now);
			StreamState.Closing closing = state.closing();
			if (state.canCatchUp()) {
				this.catchingUp.add(state);
			}
			else if (state.isReady() && closing != null) {
				close(stream, closing.reason(), closing.cause());
			}
			else {
				state.watchInput();
			}
			if (state.isBlocked() || wasBlocked) {
				setTimer(state);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Could not write to " + stream, ex);
			close(stream, CloseReason.DISCONNECTED, null);
		}
		catch (Error ex) {
			// NOTE: the number of bytes taken is unknown, so no more bytes may follow
			close(stream, CloseReason.DISCONNECTED, null);
			FailureLog.error(logger, "Closed after an unexpected failure: ", stream, ex);
		}
		return events;
	}

	/**
	 * Run the timers that are due.
	 */
	void fireTimers() {
		this.timers.advance(this.now, this::onTimer);
		writePending();
	}

	/**
	 * Whether there is more to write immediately.
	 */
	boolean isDirty() {
		return !this.pending.isEmpty() || !this.catchingUp.isEmpty();
	}

	/**
	 * Return the time until {@link #fireTimers()} has to be called.
	 * @return the time in nanoseconds, {@code Long.MAX_VALUE} if no timer is set
	 */
	long untilNextTimer() {
		return this.timers.untilNextTick(this.now);
	}

	private void onTimer(StreamState state) {
		switch (state.due(this.settings, this.now)) {
			case STALLED -> close(state.stream(), CloseReason.STALLED, this.settings.stalled());
			case TIMEOUT -> finish(state.stream(), CloseReason.TIMEOUT, null);
			case WAITED -> fail(state.stream());
			case HEARTBEAT -> {
				enqueue(state, this.positions.heartbeat(state, this.position, this.now));
				state.noteHeartbeat(this.now);
				this.statistics.heartbeats.increment();
			}
			case NOTHING -> {
				// NOTE: a stream that receives only events sent to it alone may never be
				// silent, and so never receive a heartbeat
				if (state.isUpToDate() && this.positions.isNeeded(state, this.position, this.now)) {
					enqueue(state, this.positions.frame(state, this.position));
				}
			}
		}
		setTimer(state);
	}

	private void setTimer(StreamState state) {
		long due = state.stream().isClosed() ? Long.MAX_VALUE : state.untilDue(this.settings, this.now);
		if (due != Long.MAX_VALUE) {
			this.timers.set(state.timer(), this.now + due);
		}
	}

}
