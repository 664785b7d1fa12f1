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
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.Gap;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Delivery} does with the entries of the log: encodes each once, remembers
 * it, hands it to every loop, and executes commands. Called by one thread at a time.
 * <p>
 * <em>Invariant:</em> what the loops are handed, events and commands alike, is in the
 * order of the log; the histories have an event before any loop has, and the position of
 * this node moves on after that.
 * <p>
 * <em>Waiting:</em> whoever publishes waits for room before the log hands over what he
 * publishes, and holds nothing meanwhile that a delivery thread takes. Delivery threads
 * publish too, such as by a logging appender, and never wait for room: it is they who
 * make it. So a backlog may exceed its bound by one event of each thread that publishes,
 * and by what delivery threads publish themselves.
 */
final class LogFollower implements EventLog.Follower {

	private static final Log logger = LogFactory.getLog(LogFollower.class);

	private static final long BACKLOG_WAIT = Duration.ofNanos(100_000).toNanos();

	private static final long WARN_AFTER = Duration.ofSeconds(5).toNanos();

	private final Delivery delivery;

	private final TopicHistories histories;

	private final List<DeliveryLoop> loops;

	private final StreamTable streams;

	private final DeliveryStatistics statistics;

	private final RecentCommands recentCommands = new RecentCommands();

	/** The position before anything was known of the log. */
	private final EventId unknown;

	/** {@code null} if nothing is compressed. */
	private final @Nullable TopicWindows windows;

	/** Held by the thread that waits for room. No delivery thread takes it. */
	private final ReentrantLock turn = new ReentrantLock();

	/** Guarded by the turn. */
	private boolean warned;

	/** Where the new begins, once that is known. */
	private volatile @Nullable EventId start;

	LogFollower(Delivery delivery, TopicHistories histories, List<DeliveryLoop> loops, StreamTable streams,
			DeliveryStatistics statistics, EventId unknown, @Nullable TopicWindows windows) {
		this.delivery = delivery;
		this.histories = histories;
		this.loops = loops;
		this.streams = streams;
		this.statistics = statistics;
		this.unknown = unknown;
		this.windows = windows;
	}

	@Override
	public void awaitRoom(LogEntry entry) {
		if (entry.isCommand() || DeliveryLoop.isDeliveryThread()) {
			return;
		}
		for (DeliveryLoop loop : this.loops) {
			if (loop.isBehind()) {
				await(loop);
			}
		}
	}

	@Override
	public boolean hasRoom() {
		if (!DeliveryLoop.isDeliveryThread()) {
			for (DeliveryLoop loop : this.loops) {
				if (loop.isBehind()) {
					return false;
				}
			}
		}
		return true;
	}

	private void await(DeliveryLoop loop) {
		while (!isRoomInTime(loop)) {
			// NOTE: not while it is this thread's turn, since an appender may publish
			logger.warn("Publishing has waited for " + Duration.ofNanos(WARN_AFTER).toSeconds()
					+ " s for delivery, which is " + loop.backlog()
					+ " events behind: more is published than this node can deliver. Look at the meter "
					+ "sse.delivery.backlog, and at sse.delivery.threads, sse.delivery.max-backlog and "
					+ "sse.replay.max-size");
		}
	}

	/**
	 * Wait until a loop is no longer behind. One thread looks, the others wait for it.
	 * @return {@code false} if that takes so long that it is to be told, once
	 */
	private boolean isRoomInTime(DeliveryLoop loop) {
		boolean interrupted = false;
		this.turn.lock();
		try {
			long start = System.nanoTime();
			while (loop.isBehind()) {
				LockSupport.parkNanos(this, BACKLOG_WAIT);
				// NOTE: an interrupted thread would not park
				interrupted |= Thread.interrupted();
				if (!this.warned && System.nanoTime() - start > WARN_AFTER) {
					this.warned = true;
					return false;
				}
			}
			return true;
		}
		finally {
			this.turn.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void onEntry(EventId id, LogEntry entry) {
		this.statistics.entries.increment();
		if (entry.isCommand()) {
			// NOTE: first, or a stream that is opened meanwhile is found neither way
			this.recentCommands.add(id, entry);
			if (entry.kind() == LogEntry.Kind.CANCEL) {
				this.delivery.cancelSource(id, entry.topic());
			}
			this.streams.all().stream().filter((stream) -> concerns(entry, stream)).forEach(DeliveredStream::complete);
		}
		else {
			if (entry.kind() == LogEntry.Kind.END) {
				this.delivery.cancelSource(id, entry.topic());
			}
			StoredEvent event = store(id, entry, System.nanoTime(), true);
			event.enterLoops(this.loops.size());
			this.statistics.published.increment();
			for (DeliveryLoop loop : this.loops) {
				loop.offer(event);
			}
		}
		this.delivery.setPosition(id);
	}

	@Override
	public void onHistory(EventId id, LogEntry entry, Duration age) {
		if (!entry.isCommand()) {
			store(id, entry, System.nanoTime() - age.toNanos(), false);
		}
	}

	/**
	 * Streams that were opened before have a cursor that means nothing. Their clients are
	 * told to come back, and are then treated as ones that may have missed something.
	 */
	@Override
	public void onStart(EventId head) {
		this.start = head;
		this.streams.all().forEach((stream) -> stream.loop().shutDown(stream));
		skip(head);
	}

	/**
	 * Whether the new has begun.
	 */
	boolean isStarted() {
		return this.start != null;
	}

	/**
	 * Tell whether a cursor was taken before anything was known of the log, and means
	 * nothing now.
	 */
	boolean isOutdated(EventId cursor) {
		EventId known = this.start;
		return known != null && known.isAfter(this.unknown) && cursor.equals(this.unknown);
	}

	@Override
	public void onGap(EventId until, EventLog.Loss loss) {
		Gap.Reason reason = switch (loss) {
			case EVICTED -> Gap.Reason.EVICTED;
			case RESTARTED -> Gap.Reason.RESTARTED;
		};
		this.histories.forgetAll(until, reason);
		if (this.windows != null) {
			this.windows.clear();
		}
		if (this.start != null) {
			skip(until);
		}
	}

	private void skip(EventId until) {
		for (DeliveryLoop loop : this.loops) {
			loop.skip(until, () -> this.streams.all().stream().filter((stream) -> stream.loop() == loop).toList());
		}
		this.delivery.setPosition(until);
	}

	private StoredEvent store(EventId id, LogEntry entry, long arrivedAt, boolean live) {
		// NOTE: of an end nothing is written: a client is known to have it by the last
		// event
		Frame frame = (entry.kind() == LogEntry.Kind.EVENT || entry.kind() == LogEntry.Kind.PIECE)
				? EventStreamEncoder.event(this.delivery.format(id), entry.event(), entry.data()) : Frame.of("");
		TopicWindows windows = this.windows;
		if (windows == null || frame.isEmpty() || !windows.isCompressed(entry.topic())) {
			return this.histories.add(id, entry, frame, arrivedAt);
		}
		if (!live) {
			// NOTE: no loop gets it, and would have it forget the events before
			return this.histories.add(id, entry, frame, windows.formsAlone(frame), arrivedAt);
		}
		StoredEvent event = this.histories.add(id, entry, frame, windows.forms(entry.topic(), frame), arrivedAt);
		windows.add(event);
		return event;
	}

	/**
	 * Tell whether a stream that was just opened would have been closed by a command if
	 * it had been open since its cursor was taken.
	 */
	boolean isClosedAlready(DeliveredStream stream) {
		return this.recentCommands.after(stream.getCursor()).stream().anyMatch((command) -> concerns(command, stream));
	}

	private static boolean concerns(LogEntry command, DeliveredStream stream) {
		return switch (command.kind()) {
			case DISCONNECT_USER -> command.data().equals(stream.getUser());
			case DISCONNECT_TOPIC ->
				stream.getPatterns().stream().anyMatch((pattern) -> pattern.matches(command.topic()));
			default -> false;
		};
	}

}
