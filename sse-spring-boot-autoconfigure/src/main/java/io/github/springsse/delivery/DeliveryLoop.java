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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.log.EventId;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A thread that owns a {@link Shard} of streams.
 * <p>
 * <em>Invariant:</em> only the queues of events and commands are shared with other
 * threads. Events and commands are taken from the inbox in the order of their arrival, so
 * when a command runs, the shard has routed exactly the events that arrived before it.
 * They are taken in batches. First all events of a batch are routed into send queues.
 * Then each stream that received something is written to, so that everything a stream
 * receives in one batch is sent in one write.
 * <p>
 * Low-priority commands, such as releasing closed streams, have a queue of their own.
 * Only a few of them run per pass while this loop or another has events to deliver, since
 * the loops may share one processor.
 */
final class DeliveryLoop implements Mailbox, Runnable {

	private static final Log logger = LogFactory.getLog(DeliveryLoop.class);

	private static final int MAX_BATCH = 256;

	/** Low-priority commands that run per pass even under load. */
	private static final int MIN_LOW_PRIORITY = 8;

	/**
	 * How long low-priority commands wait for more of them, or for the delivery of an
	 * event.
	 */
	private static final long LOW_PRIORITY_WAIT = TimeUnit.MILLISECONDS.toNanos(1);

	private final Shard shard;

	private final DeliveryStatistics statistics;

	private final LongSupplier clock;

	private final int maxBacklog;

	private final long maxBacklogBytes;

	private final BooleanSupplier delivering;

	private final Function<EventId, String> ids;

	private final UnheardEvents unheard;

	/** Events and commands: {@link StoredEvent} or {@link Runnable}. */
	private final Queue<Object> inbox = new ConcurrentLinkedQueue<>();

	/** Low-priority commands. */
	private final Queue<Runnable> lowPriority = new ConcurrentLinkedQueue<>();

	/** The number of events in the inbox and in the current pass. */
	private final AtomicInteger backlog = new AtomicInteger();

	/** The size of these events on the heap. */
	private final AtomicLong backlogBytes = new AtomicLong();

	/** The events of one pass. */
	private final List<StoredEvent> routed = new ArrayList<>(MAX_BATCH);

	private volatile boolean parked;

	/** Whether this thread will wake up for low-priority commands by itself. */
	private volatile boolean gathering;

	private volatile boolean flushing;

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Create a loop.
	 * @param shard the streams, which now belong to the thread that runs the loop
	 * @param statistics counts deliveries
	 * @param clock the current time, as of {@link System#nanoTime()}
	 * @param maxBacklog the number of waiting events at which the loop is behind
	 * @param maxBacklogBytes the size of waiting events on the heap at which the loop is
	 * behind
	 * @param delivering whether any loop {@linkplain #isDelivering is delivering}
	 * @param ids formats ids for clients; called by any thread
	 * @param unheard records events that reach no stream
	 */
	DeliveryLoop(Shard shard, DeliveryStatistics statistics, LongSupplier clock, int maxBacklog, long maxBacklogBytes,
			BooleanSupplier delivering, Function<EventId, String> ids, UnheardEvents unheard) {
		this.shard = shard;
		this.statistics = statistics;
		this.clock = clock;
		this.maxBacklog = maxBacklog;
		this.maxBacklogBytes = maxBacklogBytes;
		this.delivering = delivering;
		this.ids = ids;
		this.unheard = unheard;
	}

	/**
	 * Create the thread that runs this loop.
	 */
	Thread newThread(String name) {
		return new DeliveryThread(this, name);
	}

	/**
	 * Whether the current thread runs a loop, of this delivery or another one. Such a
	 * thread must never wait for a loop.
	 */
	static boolean isDeliveryThread() {
		return Thread.currentThread() instanceof DeliveryThread;
	}

	/**
	 * Format an id for clients. For any thread.
	 */
	String format(EventId id) {
		return this.ids.apply(id);
	}

	/**
	 * Return the totals of the queues of this loop.
	 */
	QueueTotals totals() {
		return this.shard.totals();
	}

	@Override
	public void open(DeliveredStream stream, StreamTransport transport, EventId cursor, List<Frame> first,
			Consumer<Mailbox> then) {
		post(() -> this.shard.open(stream, transport, cursor, first, then));
	}

	@Override
	public void openWaiting(DeliveredStream stream, StreamTransport transport, List<Frame> first,
			Consumer<Mailbox> then) {
		post(() -> this.shard.openWaiting(stream, transport, first, then));
	}

	@Override
	public void begin(DeliveredStream stream, EventId cursor, List<Frame> first, Consumer<Mailbox> then) {
		post(() -> this.shard.begin(stream, cursor, first, then));
	}

	@Override
	public void fail(DeliveredStream stream) {
		post(() -> this.shard.fail(stream));
	}

	@Override
	public void send(DeliveredStream stream, Frame frame) {
		post(() -> this.shard.send(stream, frame));
	}

	@Override
	public void writable(DeliveredStream stream) {
		post(() -> this.shard.writable(stream));
	}

	@Override
	public void finish(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		post(() -> this.shard.finish(stream, reason, cause));
	}

	@Override
	public void expire(DeliveredStream stream, Frame last) {
		post(() -> this.shard.expire(stream, last));
	}

	@Override
	public void replace(DeliveredStream stream, RefusalReason kind, Duration delay) {
		post(() -> this.shard.replace(stream, kind, delay));
	}

	@Override
	public void shutDown(DeliveredStream stream) {
		post(() -> this.shard.shutDown(stream));
	}

	@Override
	public void close(DeliveredStream stream, CloseReason reason, @Nullable Throwable cause) {
		post(() -> this.shard.close(stream, reason, cause));
	}

	@Override
	public void release(DeliveredStream stream) {
		this.lowPriority.add(() -> this.shard.release(stream));
		if (!this.gathering) {
			wakeUp();
		}
	}

	@Override
	public void skip(EventId until, Supplier<List<DeliveredStream>> open) {
		post(() -> this.shard.skip(until, open));
	}

	/**
	 * Run a command after all earlier events and commands.
	 */
	void post(Runnable command) {
		this.inbox.add(command);
		wakeUp();
	}

	/**
	 * Add an event to route, unless the loop has ended. Called by one thread at a time,
	 * in the order of the log.
	 */
	void offer(StoredEvent event) {
		if (this.stopped) {
			return;
		}
		this.backlog.incrementAndGet();
		this.backlogBytes.addAndGet(event.cost());
		this.inbox.add(event);
		wakeUp();
	}

	/**
	 * Whether so many or such large events are waiting that publishers should wait. For
	 * any thread.
	 */
	boolean isBehind() {
		return (this.backlog.get() >= this.maxBacklog || this.backlogBytes.get() >= this.maxBacklogBytes)
				&& !this.stopped;
	}

	/**
	 * Whether events are waiting, or streams are being written to. For any thread.
	 */
	boolean isDelivering() {
		return this.flushing || this.backlog.get() > 0;
	}

	/**
	 * Return the number of waiting events. For any thread.
	 */
	int backlog() {
		return this.backlog.get();
	}

	/**
	 * Stop the loop. For any thread.
	 */
	void stop() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
	}

	private void wakeUp() {
		if (this.parked) {
			LockSupport.unpark(this.thread);
		}
	}

	/**
	 * NOTE: without this thread, its streams would stay open and silent, and publishers
	 * would wait for it forever. So not even a lack of memory may end it.
	 */
	@Override
	public void run() {
		this.thread = Thread.currentThread();
		while (!this.stopped) {
			try {
				// NOTE: an interrupt left by other code on this thread would close each
				// channel that is written to, and prevent this thread from parking
				Thread.interrupted();
				if (!pass()) {
					park();
				}
			}
			catch (RuntimeException | Error ex) {
				FailureLog.error(logger, "Delivery continues after an unexpected failure", null, ex);
			}
		}
	}

	/**
	 * Process one batch of the inbox, write to streams, and run the timers that are due.
	 * @return whether there may be more to do immediately
	 */
	boolean pass() {
		long now = this.clock.getAsLong();
		this.shard.setNow(now);
		int count = 0;
		try {
			Object item;
			while (count < MAX_BATCH && (item = this.inbox.poll()) != null) {
				count++;
				if (item instanceof StoredEvent event) {
					this.routed.add(event);
					this.shard.route(event);
				}
				else {
					((Runnable) item).run();
				}
			}
			flush();
		}
		finally {
			if (!this.routed.isEmpty()) {
				countOff();
				countFanOuts();
			}
		}
		this.shard.fireTimers();
		runLowPriority();
		this.shard.totals().publish();
		return count > 0 || this.shard.isDirty() || hasLowPriority();
	}

	private void flush() {
		if (this.shard.isDirty()) {
			this.flushing = true;
			try {
				this.shard.flush();
			}
			finally {
				this.flushing = false;
			}
		}
	}

	private void runLowPriority() {
		Runnable command;
		for (int i = 0; (i < MIN_LOW_PRIORITY || (i < MAX_BATCH && this.inbox.isEmpty() && hasLowPriority()))
				&& (command = this.lowPriority.poll()) != null; i++) {
			command.run();
		}
	}

	private boolean hasLowPriority() {
		return !this.lowPriority.isEmpty() && !this.delivering.getAsBoolean();
	}

	private void countOff() {
		long bytes = 0;
		for (StoredEvent event : this.routed) {
			bytes += event.cost();
		}
		this.backlogBytes.addAndGet(-bytes);
		this.backlog.addAndGet(-this.routed.size());
	}

	/**
	 * Count the events that no other loop has still to write.
	 */
	private void countFanOuts() {
		long now = this.clock.getAsLong();
		long nanos = 0;
		int count = 0;
		for (StoredEvent event : this.routed) {
			if (event.leaveOneLoop()) {
				count++;
				nanos += now - event.arrivedAt();
				EventForms forms = event.forms();
				if (forms != null) {
					forms.delivered();
				}
				if (!event.isHeard() && !event.isSilent()) {
					this.unheard.add(event.topic());
				}
			}
		}
		this.routed.clear();
		this.statistics.fanOuts.add(count);
		this.statistics.fanOutNanos.add(nanos);
	}

	/**
	 * Sleep until there is something to do. Many low-priority commands arrive at once: if
	 * this thread woke up for each, it would take the processor from the thread that
	 * posts them.
	 */
	private void park() {
		this.parked = true;
		// NOTE: this thread sets parked before it reads the queues; others add to the
		// queues before they read parked. So one of them sees the change of the other
		if (this.lowPriority.isEmpty()) {
			park(this.shard.untilNextTimer());
		}
		if (!this.lowPriority.isEmpty()) {
			this.gathering = true;
			park(LOW_PRIORITY_WAIT);
			this.gathering = false;
		}
		this.parked = false;
	}

	private void park(long nanos) {
		if (!this.inbox.isEmpty() || this.stopped) {
			return;
		}
		if (nanos == Long.MAX_VALUE) {
			LockSupport.park(this);
		}
		else {
			LockSupport.parkNanos(this, nanos);
		}
	}

	private static final class DeliveryThread extends Thread {

		private DeliveryThread(DeliveryLoop loop, String name) {
			super(loop, name);
			setDaemon(true);
		}

	}

}
