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
 * Delivers the entries of the log to the streams of this node: follows the log, encodes
 * each event once, and runs the {@link DeliveryLoop loops} that own the streams.
 * Thread-safe.
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

	/** The number of streams that are open, or about to be opened. */
	private final AtomicInteger places = new AtomicInteger();

	private final DirectFrames directFrames;

	private final TopicHistories histories;

	private final CallbackExecutor callbacks = new CallbackExecutor();

	/** {@code null} if nothing is compressed. */
	private final @Nullable Compression compression;

	private final LogFollower follower;

	private final EventLog.Subscription subscription;

	/** The last event that reached this node; written by the thread of the log. */
	private volatile EventId position;

	private volatile boolean accepting = true;

	private volatile BiConsumer<EventId, Topic> sources = (id, topic) -> {
	};

	/**
	 * Start to deliver the entries that are appended to a log from now on. The earlier
	 * entries that the log has kept become the history.
	 * @param log the log
	 * @param encoder encodes data that is sent to a single stream
	 * @param settings the bounds and times
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
	 * Set the callback that cancels the source of a topic, when a node has requested it
	 * or the topic has ended. It is called by the thread of the log, and must not block.
	 * @param sources cancels the source of a topic on this node, unless the source began
	 * after the given id
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
	 * Return the current cursor: every event that reaches this node from now on is after
	 * it.
	 * @return the id of the last event that reached this node
	 */
	public EventId position() {
		return this.position;
	}

	/**
	 * Return whether this node has read the entries that the log has kept. Until then, it
	 * is not known which events a client has missed.
	 * @return {@code false} while a remote log could not be reached yet, or is being read
	 */
	public boolean isStarted() {
		return this.follower.isStarted();
	}

	/**
	 * Return the newest entry that sources have appended to a topic, on any node. May
	 * wait for the log.
	 * @param topic the topic
	 * @return the id of the entry, {@code null} if none is known, or this node has read
	 * all of them
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	public @Nullable EventId newestOfSource(Topic topic) {
		return (this.log instanceof SourceLeases leases) ? leases.newest(topic) : null;
	}

	/**
	 * Parse an id that a client has sent.
	 * @param text the text that the client has sent, which may be anything
	 * @return the id, {@code null} if this node does not know it
	 */
	public @Nullable EventId parse(String text) {
		return this.log.parse(text);
	}

	/**
	 * Format an id for clients.
	 * @param id an id of the log
	 * @return the text
	 */
	public String format(EventId id) {
		return this.log.format(id);
	}

	/**
	 * Create a stream that receives the events after a cursor, once it is
	 * {@linkplain #open open}.
	 * @param patterns the topics and patterns to which the stream is subscribed
	 * @param cursor the cursor
	 * @return the stream
	 */
	public DeliveredStream newStream(List<TopicPattern> patterns, EventId cursor) {
		DeliveryLoop loop = this.loops.get(Math.floorMod(this.nextLoop.getAndIncrement(), this.loops.size()));
		return new DeliveredStream(newStreamId(), List.copyOf(new LinkedHashSet<>(patterns)), cursor, loop,
				this.directFrames, this.settings);
	}

	/**
	 * Reserve a place for a stream before it is opened. The stream releases the place
	 * when it is closed or abandoned. Concurrent calls never reserve more places than
	 * there are.
	 * @param stream the stream
	 * @return {@code false} if the maximum number of streams is reached
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
	 * NOTE: clients receive ids, and an id of a client may select the stream to leave
	 * out. A client must not be able to derive the id of another stream from its own.
	 */
	private static String newStreamId() {
		return Long.toUnsignedString(streamIds.nextLong(), Character.MAX_RADIX);
	}

	/**
	 * Begin to deliver to a stream.
	 * @param stream the stream
	 * @param transport the transport to the client
	 * @param user the authenticated user, if any
	 * @param cursor the last event that the client has, or does not receive
	 * @param first the frames to send before anything else
	 */
	public void open(DeliveredStream stream, StreamTransport transport, @Nullable String user, EventId cursor,
			List<Frame> first) {
		stream.handOver(user);
		stream.loop()
			.open(stream, transport, cursor, first, (mailbox) -> endIfNeeded(stream,
					this.follower.isOutdated(cursor) && this.follower.isOutdated(stream.getCursor()), mailbox));
	}

	/**
	 * Open a stream whose first frames do not exist yet. It waits for {@link #begin} or
	 * {@link #fail}. After a minute it is closed as by {@link #fail}.
	 * @param stream the stream
	 * @param transport the transport to the client
	 * @param user the authenticated user, if any
	 * @param first the frames to send now
	 */
	public void openWaiting(DeliveredStream stream, StreamTransport transport, @Nullable String user,
			List<Frame> first) {
		stream.handOver(user);
		stream.loop()
			.openWaiting(stream, transport, first,
					(mailbox) -> endIfNeeded(stream, this.follower.isOutdated(stream.getCursor()), mailbox));
	}

	/**
	 * Begin to deliver to a stream that was {@linkplain #openWaiting opened} without its
	 * first frames. Has no effect on a stream that is closed or closes.
	 * @param stream the stream
	 * @param cursor the last event that the client has, or does not receive
	 * @param first the frames to send before any events
	 */
	public void begin(DeliveredStream stream, EventId cursor, List<Frame> first) {
		stream.loop()
			.begin(stream, cursor, first, (mailbox) -> endIfNeeded(stream, this.follower.isOutdated(cursor), mailbox));
	}

	/**
	 * Close a stream whose first frames will never exist, after its client was told when
	 * to reconnect.
	 * @param stream the stream, which waits
	 */
	public void fail(DeliveredStream stream) {
		stream.loop().fail(stream);
	}

	/**
	 * End a stream that was just opened if it would have been ended before.
	 */
	private void endIfNeeded(DeliveredStream stream, boolean outdated, Mailbox mailbox) {
		if (!this.accepting || outdated) {
			mailbox.shutDown(stream);
		}
		else if (this.follower.isClosedAlready(stream)) {
			stream.complete();
		}
	}

	/**
	 * Return the kept events of each topic, from which streams receive their missed
	 * events.
	 * @return the histories
	 */
	public TopicHistories histories() {
		return this.histories;
	}

	/**
	 * Return whether streams can be compressed.
	 * @return whether clients that accept gzip receive it
	 */
	public boolean isCompressing() {
		return this.compression != null;
	}

	/**
	 * Enable compression for a stream that is not open yet, and compress its first
	 * frames.
	 * @param stream the stream
	 * @param first the first frames
	 * @return the first frames; large frames that only this stream receives are
	 * compressed
	 */
	public List<Frame> compress(DeliveredStream stream, List<Frame> first) {
		Compression compression = compression();
		stream.setCompression(compression);
		return first.stream().map(compression::compressIfLarge).toList();
	}

	/**
	 * Compress first frames that several streams receive, so that they are not compressed
	 * for each stream.
	 * @param first the first frames
	 * @return the first frames; all that are not events of the log are compressed
	 */
	public List<Frame> compressShared(List<Frame> first) {
		return first.stream().map(compression()::compressShared).toList();
	}

	private Compression compression() {
		Compression compression = this.compression;
		if (compression == null) {
			throw new IllegalStateException("Compression is not enabled (sse.compression.enabled)");
		}
		return compression;
	}

	/**
	 * Return whether streams may be opened.
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
	 * Tell every client when to reconnect, close all streams, and open no more. Returns
	 * when all streams are closed, or when the timeout has elapsed.
	 * @param timeout the maximum time to wait
	 * @return whether all streams are closed
	 */
	public boolean closeStreams(Duration timeout) {
		this.accepting = false;
		this.streams.all().forEach((stream) -> stream.loop().shutDown(stream));
		if (await(timeout, () -> this.streams.size() == 0)) {
			return true;
		}
		logger.debug("Closing streams whose clients did not accept their last bytes: " + this.streams.size());
		this.streams.all().forEach((stream) -> stream.loop().close(stream, CloseReason.SHUTDOWN, null));
		return false;
	}

	/**
	 * Stop following the log, close all streams that are still open, and stop the
	 * threads.
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
	 * Return the statistics.
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
	 * Return the maximum number of open streams.
	 * @return the limit, {@link Integer#MAX_VALUE} if there is none
	 */
	public int maxStreams() {
		return this.settings.maxStreams();
	}

	/**
	 * Return the maximum silence of a stream that is not behind.
	 * @return the time, {@code null} if there are no heartbeats
	 */
	public @Nullable Duration heartbeatInterval() {
		return this.settings.heartbeatInterval();
	}

	/**
	 * Return the maximum time for which a client may accept no bytes.
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
	 * Return whether events are being delivered now, so that work of low priority should
	 * wait.
	 * @return whether a delivery thread has events or is writing
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
	 * Return the number of frames that wait in the queues of all streams.
	 * @return the number of events and other frames
	 */
	public long queuedFrames() {
		return this.loops.stream().mapToLong((loop) -> loop.totals().frames()).sum();
	}

	/**
	 * Return the number of bytes that wait in the queues of all streams.
	 * @return the number of bytes; an event that waits for several streams counts for
	 * each of them, although they share its bytes
	 */
	public long queuedBytes() {
		return this.loops.stream().mapToLong((loop) -> loop.totals().bytes()).sum();
	}

	/**
	 * Return the directory of the open streams of this node.
	 * @return a directory of this node only
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
