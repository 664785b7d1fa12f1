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
 * Follows the log for a {@link Delivery}: encodes each entry once, adds it to the
 * history, hands it to every loop, and executes commands. Called by one thread at a time.
 * <p>
 * <em>Invariant:</em> the loops receive events and commands in the order of the log. An
 * event is in the history before any loop receives it, and the position of this node
 * changes after that.
 * <p>
 * <em>Waiting:</em> a publisher waits for room before the log hands over its event, and
 * meanwhile holds no lock that a delivery thread needs. Delivery threads publish too, for
 * example through a logging appender. They never wait for room, because they are the
 * threads that make room. So a backlog may exceed its bound by one event of each
 * publishing thread, and by the events of delivery threads.
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

	/** The position of this node before the log was read. */
	private final EventId unknown;

	/** {@code null} if nothing is compressed. */
	private final @Nullable TopicWindows windows;

	/** Held by the thread that waits for room. No delivery thread takes it. */
	private final ReentrantLock turn = new ReentrantLock();

	/** Guarded by the turn. */
	private boolean warned;

	/** The position at which new entries begin, once it is known. */
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
			// NOTE: without holding the turn, because a logging appender may publish
			logger.warn("Publishing has waited for " + Duration.ofNanos(WARN_AFTER).toSeconds()
					+ " s for delivery, which is " + loop.backlog()
					+ " events behind: more is published than this node can deliver. Check the meter "
					+ "sse.delivery.backlog, and the properties sse.delivery.threads, sse.delivery.max-backlog and "
					+ "sse.replay.max-size");
		}
	}

	/**
	 * Wait until a loop is no longer behind. One thread checks the loop, the others wait
	 * for that thread.
	 * @return {@code false} if the wait is so long that the caller must log it, once
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
			// NOTE: first, or a stream that is opened meanwhile would not be closed
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
	 * Streams that were opened before have a meaningless cursor. They are closed, and
	 * their clients are told to reconnect. These clients are then treated as clients that
	 * may have missed events.
	 */
	@Override
	public void onStart(EventId head) {
		this.start = head;
		this.streams.all().forEach((stream) -> stream.loop().shutDown(stream));
		skip(head);
	}

	/**
	 * Whether the position at which new entries begin is known.
	 */
	boolean isStarted() {
		return this.start != null;
	}

	/**
	 * Whether a cursor was taken before the log was read, so that it has no meaning now.
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
		// NOTE: an end has no frame: the id of the last event shows that a client has it
		Frame frame = (entry.kind() == LogEntry.Kind.EVENT || entry.kind() == LogEntry.Kind.PIECE)
				? EventStreamEncoder.event(this.delivery.format(id), entry.event(), entry.data()) : Frame.of("");
		TopicWindows windows = this.windows;
		if (windows == null || frame.isEmpty() || !windows.isCompressed(entry.topic())) {
			return this.histories.add(id, entry, frame, arrivedAt);
		}
		if (!live) {
			// NOTE: no loop delivers this event, so its forms would never release the
			// events before
			return this.histories.add(id, entry, frame, windows.formsAlone(id, frame), arrivedAt);
		}
		StoredEvent event = this.histories.add(id, entry, frame, windows.forms(id, entry.topic(), frame), arrivedAt);
		windows.add(event);
		return event;
	}

	/**
	 * Whether a command would have closed a stream that was just opened, if it had been
	 * open since its cursor was taken.
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
