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

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.PresenceDirectory;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.SourceLeases;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * From the log to the transports of this node: follows the log, encodes each event once,
 * and has the {@link DeliveryLoop loops} that own the streams. Thread-safe.
 */
public final class Delivery implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Delivery.class);

	private static final SecureRandom streamIds = new SecureRandom();

	private final EventLog log;

	private final DeliverySettings settings;

	private final DeliveryStatistics statistics = new DeliveryStatistics();

	private final StreamTable streams = new StreamTable();

	private final List<DeliveryLoop> loops = new ArrayList<>();

	private final AtomicInteger nextLoop = new AtomicInteger();

	/** Streams that are open, or about to be. */
	private final AtomicInteger places = new AtomicInteger();

	private final DirectFrames directFrames;

	private final TopicHistories histories;

	private final CallbackExecutor callbacks = new CallbackExecutor();

	/** {@code null} if nothing is compressed. */
	private final @Nullable Compression compression;

	private final LogFollower follower;

	private final EventLog.Subscription subscription;

	/** The last event that reached this node: written by the thread of the log. */
	private volatile EventId position;

	private volatile boolean accepting = true;

	private volatile BiConsumer<EventId, Topic> sources = (id, topic) -> {
	};

	/**
	 * Start to deliver what is appended to a log from now on, with what the log has kept
	 * of before as history.
	 * @param log the log
	 * @param encoder writes data that is sent to one stream alone
	 * @param settings bounds and times
	 */
	public Delivery(EventLog log, SsePayloadEncoder encoder, DeliverySettings settings) {
		this.log = log;
		this.settings = settings;
		this.directFrames = new DirectFrames(encoder, new EventSize(settings.eventBytes()));
		EventId start = log.head();
		this.position = start;
		this.histories = new TopicHistories(start, settings.policies(), settings.historyBytes(),
				settings.historyTopics(), settings.resumeLimits(), settings.answerLimits(), settings.eventBytes(),
				log::format, System::nanoTime);
		CompressionSettings compression = settings.compression();
		this.compression = (compression != null) ? new Compression(compression) : null;
		UnheardEvents unheard = new UnheardEvents(System::nanoTime);
		for (int i = 0; i < settings.threads(); i++) {
			Shard shard = new Shard(settings, this.statistics, this.histories, this.streams, this.callbacks,
					log.retention(), start, System.nanoTime());
			DeliveryLoop loop = new DeliveryLoop(shard, this.statistics, System::nanoTime, settings.maxBacklog(),
					settings.maxBacklogBytes(), this::isDelivering, log::format, unheard);
			this.loops.add(loop);
		}
		startThreads();
		this.follower = new LogFollower(this, this.histories, this.loops, this.streams, this.statistics, start,
				(this.compression != null) ? new TopicWindows(this.compression) : null);
		this.subscription = log.follow(EventId.MIN, this.follower);
	}

	private void startThreads() {
		for (int i = 0; i < this.loops.size(); i++) {
			this.loops.get(i).newThread("sse-delivery-" + (i + 1)).start();
		}
	}

	/**
	 * Set what cancels the source of a topic when any node has been told to, or when the
	 * topic has ended. It is called by the thread of the log, and must not block.
	 * @param sources cancels the source of a topic that this node has, unless it began
	 * after an id
	 */
	public void setSources(BiConsumer<EventId, Topic> sources) {
		this.sources = sources;
	}

	void cancelSource(EventId id, Topic topic) {
		this.sources.accept(id, topic);
	}

	void setPosition(EventId position) {
		this.position = position;
	}

	/**
	 * Return the cursor of now: every event that reaches this node from now on is after
	 * it.
	 * @return the id of the last event that reached this node
	 */
	public EventId position() {
		return this.position;
	}

	/**
	 * Whether it is known what the log has kept. Until then nothing can be said of what a
	 * client has missed.
	 * @return {@code false} while a log that is elsewhere could not be reached yet, or is
	 * being read
	 */
	public boolean isStarted() {
		return this.follower.isStarted();
	}

	/**
	 * Return the newest entry that sources have appended to a topic, on any node. May
	 * wait for the log.
	 * @param topic the topic
	 * @return the id of the entry, {@code null} if none is known, or this node has read
	 * all that there are
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	public @Nullable EventId newestOfSource(Topic topic) {
		return (this.log instanceof SourceLeases leases) ? leases.newest(topic) : null;
	}

	/**
	 * Read an id that a client has sent.
	 * @param text what the client has sent, which may be anything
	 * @return the id, or {@code null} if it is not one that this node knows
	 */
	public @Nullable EventId parse(String text) {
		return this.log.parse(text);
	}

	/**
	 * Write an id as clients get it.
	 * @param id an id of the log
	 * @return the text
	 */
	public String format(EventId id) {
		return this.log.format(id);
	}

	/**
	 * Create a stream that will get the events after a cursor, once it is
	 * {@linkplain #open open}.
	 * @param patterns what it is subscribed to
	 * @param cursor the cursor
	 * @return the stream
	 */
	public DeliveredStream newStream(List<TopicPattern> patterns, EventId cursor) {
		DeliveryLoop loop = this.loops.get(Math.floorMod(this.nextLoop.getAndIncrement(), this.loops.size()));
		return new DeliveredStream(newStreamId(), List.copyOf(new LinkedHashSet<>(patterns)), cursor, loop,
				this.directFrames, this.settings);
	}

	/**
	 * Take a place for a stream before it is opened, which it gives back when it is
	 * closed or abandoned. Threads that ask at the same time get no more places than
	 * there are.
	 * @param stream the stream
	 * @return {@code false} if there are as many streams as there may be
	 */
	public boolean admit(DeliveredStream stream) {
		if (this.places.incrementAndGet() > this.settings.maxStreams()) {
			this.places.decrementAndGet();
			return false;
		}
		stream.hold(this.places::decrementAndGet);
		return true;
	}

	/**
	 * NOTE: ids go to clients, who may say which stream is to be left out: from its own
	 * id, none must be able to tell that of another one.
	 */
	private static String newStreamId() {
		return Long.toUnsignedString(streamIds.nextLong(), Character.MAX_RADIX);
	}

	/**
	 * Have a stream delivered to.
	 * @param stream the stream
	 * @param transport how to reach its client
	 * @param user the authenticated user, if there is one
	 * @param cursor the last event that the client has, or is not to get
	 * @param first what to send before anything else
	 */
	public void open(DeliveredStream stream, StreamTransport transport, @Nullable String user, EventId cursor,
			List<Frame> first) {
		stream.handOver(user);
		stream.loop().open(stream, transport, cursor, first, (mailbox) -> {
			if (!this.accepting || (this.follower.isOutdated(cursor) && this.follower.isOutdated(stream.getCursor()))) {
				mailbox.shutDown(stream);
			}
			else if (this.follower.isClosedAlready(stream)) {
				stream.complete();
			}
		});
	}

	/**
	 * Return what is kept of each topic, from which streams get what they missed.
	 * @return the histories
	 */
	public TopicHistories histories() {
		return this.histories;
	}

	/**
	 * Whether streams can be compressed.
	 * @return whether clients that accept gzip get it
	 */
	public boolean isCompressing() {
		return this.compression != null;
	}

	/**
	 * Have a stream compressed, which is not open yet, and compress what it begins with.
	 * @param stream the stream
	 * @param first the first frames
	 * @return the first frames, of which large ones that only this stream gets are
	 * compressed
	 */
	public List<Frame> compress(DeliveredStream stream, List<Frame> first) {
		Compression compression = this.compression;
		if (compression == null) {
			throw new IllegalStateException("Compression is not enabled (sse.compression.enabled)");
		}
		stream.setCompression(compression);
		return first.stream().map(compression::compressIfLarge).toList();
	}

	/**
	 * Whether streams may be opened.
	 * @return {@code false} while the application is shutting down
	 */
	public boolean isAccepting() {
		return this.accepting;
	}

	/**
	 * Open streams again, after {@link #closeStreams}.
	 */
	public void accept() {
		this.accepting = true;
	}

	/**
	 * Tell every client when to reconnect, close every stream, and open no other. Returns
	 * when all are closed, or the time is up.
	 * @param timeout the longest time to take
	 * @return whether all streams are closed
	 */
	public boolean closeStreams(Duration timeout) {
		this.accepting = false;
		this.streams.all().forEach((stream) -> stream.loop().shutDown(stream));
		if (await(timeout, () -> this.streams.size() == 0)) {
			return true;
		}
		logger.debug("Closing streams whose clients did not take their last bytes: " + this.streams.size());
		this.streams.all().forEach((stream) -> stream.loop().close(stream, CloseReason.SHUTDOWN, null));
		return false;
	}

	/**
	 * Follow the log no longer, and stop the threads. What is still open is dropped.
	 */
	@Override
	public void close() {
		this.accepting = false;
		this.subscription.close();
		this.streams.all().forEach((stream) -> stream.loop().close(stream, CloseReason.SHUTDOWN, null));
		await(Duration.ofSeconds(1), () -> this.streams.size() == 0);
		this.loops.forEach(DeliveryLoop::stop);
		this.callbacks.shutdown();
	}

	/**
	 * Return what is counted.
	 * @return the statistics
	 */
	public DeliveryStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Return the number of open streams.
	 * @return the number of streams
	 */
	public int streamCount() {
		return this.streams.size();
	}

	/**
	 * Return the number of streams that may be open at once.
	 * @return the limit, {@link Integer#MAX_VALUE} if there is none
	 */
	public int maxStreams() {
		return this.settings.maxStreams();
	}

	/**
	 * Return the longest silence of a stream that is not behind.
	 * @return the time, {@code null} if there are no heartbeats
	 */
	public @Nullable Duration heartbeatInterval() {
		return this.settings.heartbeatInterval();
	}

	/**
	 * Return the longest time without progress towards a client.
	 * @return the time
	 */
	public Duration writeTimeout() {
		return this.settings.writeTimeout();
	}

	/**
	 * Return the number of different topics and patterns that streams are subscribed to.
	 * @return the number of topics
	 */
	public int topicCount() {
		return this.streams.topics();
	}

	/**
	 * Return the number of events that have reached this node and are not yet written to
	 * the streams that are ready for them.
	 * @return the number of events of the delivery thread that is most behind
	 */
	public int backlog() {
		return this.loops.stream().mapToInt(DeliveryLoop::backlog).max().orElse(0);
	}

	/**
	 * Tell whether events are being delivered at this moment, so that what can wait
	 * should wait.
	 * @return whether a delivery thread has events, or is writing
	 */
	public boolean isDelivering() {
		for (DeliveryLoop loop : this.loops) {
			if (loop.isDelivering()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return how much is waiting in the queues of all streams.
	 * @return the number of events and other frames
	 */
	public long queuedFrames() {
		return this.loops.stream().mapToLong((loop) -> loop.totals().frames()).sum();
	}

	/**
	 * Return how much is waiting in the queues of all streams.
	 * @return the number of bytes, which events that wait for several streams share
	 */
	public long queuedBytes() {
		return this.loops.stream().mapToLong((loop) -> loop.totals().bytes()).sum();
	}

	/**
	 * Return which streams are open on this node.
	 * @return a directory of this node alone
	 */
	public PresenceDirectory presence() {
		return this.streams;
	}

	StreamTable streams() {
		return this.streams;
	}

	private static boolean await(Duration timeout, BooleanSupplier condition) {
		long end = System.nanoTime() + timeout.toNanos();
		boolean interrupted = false;
		try {
			while (!condition.getAsBoolean()) {
				if (System.nanoTime() - end >= 0) {
					return false;
				}
				LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
				// NOTE: an interrupted thread would not park
				interrupted |= Thread.interrupted();
			}
			return true;
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
