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
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseException;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The bounds and times of a {@link Delivery}. Immutable; a {@link #builder()} begins with
 * the defaults of the configuration properties.
 */
public final class DeliverySettings {

	/** The minimum of {@link #maxBacklogBytes()}, however small the history is. */
	private static final long MIN_BACKLOG_BYTES = 1 << 20;

	private static final TopicPolicies DEFAULT_POLICIES = new TopicPolicies(
			new TopicPolicy(1000, 16L << 20, Duration.ofHours(1), OverflowPolicy.RESUME), Map.of());

	private final int threads;

	private final int maxBacklog;

	private final int queueEvents;

	private final long queueBytes;

	private final TopicPolicies policies;

	private final long historyBytes;

	private final int historyTopics;

	private final ResumeLimits resumeLimits;

	private final AnswerLimits answerLimits;

	private final int maxStreams;

	private final Heartbeat heartbeat;

	private final @Nullable Duration heartbeatInterval;

	private final Duration writeTimeout;

	private final @Nullable Duration maxDuration;

	private final Duration reconnectWithin;

	private final long eventBytes;

	private final @Nullable CompressionSettings compression;

	private DeliverySettings(Builder builder) {
		this.threads = builder.threads;
		this.maxBacklog = builder.maxBacklog;
		this.queueEvents = builder.queueEvents;
		this.queueBytes = builder.queueBytes;
		this.policies = builder.policies;
		this.historyBytes = builder.historyBytes;
		this.historyTopics = builder.historyTopics;
		this.resumeLimits = builder.resumeLimits;
		this.answerLimits = builder.answerLimits;
		this.maxStreams = builder.maxStreams;
		this.heartbeat = builder.heartbeat;
		this.heartbeatInterval = builder.heartbeatInterval;
		this.writeTimeout = builder.writeTimeout;
		this.maxDuration = builder.maxDuration;
		this.reconnectWithin = builder.reconnectWithin;
		this.eventBytes = builder.eventBytes;
		this.compression = builder.compression;
	}

	/**
	 * Create a builder with default settings.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the number of delivery threads, at least one.
	 * @return the number
	 */
	public int threads() {
		return this.threads;
	}

	/**
	 * Return the number of events that a delivery thread may be behind before publishers
	 * wait for it.
	 * @return the number
	 */
	public int maxBacklog() {
		return this.maxBacklog;
	}

	/**
	 * Return the maximum number of events that wait for one client.
	 * @return the number
	 */
	public int queueEvents() {
		return this.queueEvents;
	}

	/**
	 * Return the maximum number of bytes that wait for one client.
	 * @return the bytes
	 */
	public long queueBytes() {
		return this.queueBytes;
	}

	/**
	 * Return the policies of topics: which events are kept, and what happens when a
	 * client does not keep up.
	 * @return the policies
	 */
	public TopicPolicies policies() {
		return this.policies;
	}

	/**
	 * Return the maximum size of all topics and their events on the heap.
	 * @return the bytes
	 */
	public long historyBytes() {
		return this.historyBytes;
	}

	/**
	 * Return the maximum number of topics of which events are kept.
	 * @return the number
	 */
	public int historyTopics() {
		return this.historyTopics;
	}

	/**
	 * Return the limits of one stream that resumes.
	 * @return the limits
	 */
	public ResumeLimits resumeLimits() {
		return this.resumeLimits;
	}

	/**
	 * Return the limits of answers, which replace the limits of their topics.
	 * @return the limits
	 */
	public AnswerLimits answerLimits() {
		return this.answerLimits;
	}

	/**
	 * Return the maximum number of open streams.
	 * @return the number
	 */
	public int maxStreams() {
		return this.maxStreams;
	}

	/**
	 * Return what is sent to an idle stream.
	 * @return the setting
	 */
	public Heartbeat heartbeat() {
		return this.heartbeat;
	}

	/**
	 * Return the maximum silence of a stream, {@code null} for no heartbeats.
	 * @return the time
	 */
	public @Nullable Duration heartbeatInterval() {
		return this.heartbeatInterval;
	}

	/**
	 * Return the maximum time for which a client may accept no bytes.
	 * @return the time
	 */
	public Duration writeTimeout() {
		return this.writeTimeout;
	}

	/**
	 * Return the maximum duration of a stream, {@code null} for no limit.
	 * @return the time
	 */
	public @Nullable Duration maxDuration() {
		return this.maxDuration;
	}

	/**
	 * Return the time over which clients spread their reconnects when the application
	 * shuts down.
	 * @return the time
	 */
	public Duration reconnectWithin() {
		return this.reconnectWithin;
	}

	/**
	 * Return the maximum size of an event for one client in bytes, {@code Long.MAX_VALUE}
	 * for no limit.
	 * @return the bytes
	 */
	public long eventBytes() {
		return this.eventBytes;
	}

	/**
	 * Return how events are compressed.
	 * @return the settings, {@code null} if they are not compressed
	 */
	public @Nullable CompressionSettings compression() {
		return this.compression;
	}

	/**
	 * Return the size of the events that a delivery thread may be behind: the maximum
	 * size of the history, which keeps these events anyway.
	 */
	long maxBacklogBytes() {
		return Math.max(this.historyBytes, MIN_BACKLOG_BYTES);
	}

	/**
	 * Return the maximum silence of a stream in nanoseconds, {@code Long.MAX_VALUE} if
	 * there are no heartbeats.
	 */
	long heartbeatNanos() {
		return (this.heartbeatInterval != null) ? this.heartbeatInterval.toNanos() : Long.MAX_VALUE;
	}

	/**
	 * Choose the reconnect delay of one client after a shutdown.
	 * @return a random delay, so that the clients do not all reconnect at once
	 */
	Duration reconnectDelay() {
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(this.reconnectWithin.toMillis() + 1));
	}

	/** Return the failure with which a stream is closed if its queue is full. */
	SseException overflowed() {
		return new SseException("The queue of the client is full. It may hold " + this.queueEvents
				+ " events (sse.stream.queue.max-events) and " + this.queueBytes + " bytes (sse.stream.queue.max-size)",
				null);
	}

	/** Return the failure with which a stream is closed if its client does not read. */
	SseException stalled() {
		return new SseException("The client accepted no bytes for " + this.writeTimeout + " (sse.stream.write-timeout)",
				null);
	}

	/**
	 * A builder of {@link DeliverySettings}. Not thread-safe.
	 */
	public static final class Builder {

		private int threads = 1;

		private int maxBacklog = 65_536;

		private int queueEvents = 1000;

		private long queueBytes = 1 << 20;

		private TopicPolicies policies = DEFAULT_POLICIES;

		private long historyBytes = 64L << 20;

		private int historyTopics = 100_000;

		private ResumeLimits resumeLimits = new ResumeLimits(100_000, 10_000);

		private AnswerLimits answerLimits = AnswerLimits.DEFAULT;

		private int maxStreams = Integer.MAX_VALUE;

		private Heartbeat heartbeat = Heartbeat.COMMENT;

		private @Nullable Duration heartbeatInterval = Duration.ofSeconds(15);

		private Duration writeTimeout = Duration.ofSeconds(30);

		private @Nullable Duration maxDuration;

		private Duration reconnectWithin = Duration.ofSeconds(5);

		private long eventBytes = Long.MAX_VALUE;

		private @Nullable CompressionSettings compression;

		private Builder() {
		}

		/**
		 * Set the number of delivery threads, at least one.
		 * @param threads the number
		 * @return this builder
		 */
		public Builder threads(int threads) {
			this.threads = threads;
			return this;
		}

		/**
		 * Set the number of events that a delivery thread may be behind before publishers
		 * wait for it.
		 * @param maxBacklog the number
		 * @return this builder
		 */
		public Builder maxBacklog(int maxBacklog) {
			this.maxBacklog = maxBacklog;
			return this;
		}

		/**
		 * Set the maximum number of events that wait for one client.
		 * @param queueEvents the number
		 * @return this builder
		 */
		public Builder queueEvents(int queueEvents) {
			this.queueEvents = queueEvents;
			return this;
		}

		/**
		 * Set the maximum number of bytes that wait for one client.
		 * @param queueBytes the bytes
		 * @return this builder
		 */
		public Builder queueBytes(long queueBytes) {
			this.queueBytes = queueBytes;
			return this;
		}

		/**
		 * Set the policies of topics: which events are kept, and what happens when a
		 * client does not keep up.
		 * @param policies the policies
		 * @return this builder
		 */
		public Builder policies(TopicPolicies policies) {
			this.policies = policies;
			return this;
		}

		/**
		 * Set the maximum size of all topics and their events on the heap.
		 * @param historyBytes the bytes
		 * @return this builder
		 */
		public Builder historyBytes(long historyBytes) {
			this.historyBytes = historyBytes;
			return this;
		}

		/**
		 * Set the maximum number of topics of which events are kept.
		 * @param historyTopics the number
		 * @return this builder
		 */
		public Builder historyTopics(int historyTopics) {
			this.historyTopics = historyTopics;
			return this;
		}

		/**
		 * Set the limits of one stream that resumes.
		 * @param resumeLimits the limits
		 * @return this builder
		 */
		public Builder resumeLimits(ResumeLimits resumeLimits) {
			this.resumeLimits = resumeLimits;
			return this;
		}

		/**
		 * Set the limits of answers, which replace the limits of their topics.
		 * @param answerLimits the limits
		 * @return this builder
		 */
		public Builder answerLimits(AnswerLimits answerLimits) {
			this.answerLimits = answerLimits;
			return this;
		}

		/**
		 * Set the maximum number of open streams.
		 * @param maxStreams the number
		 * @return this builder
		 */
		public Builder maxStreams(int maxStreams) {
			this.maxStreams = maxStreams;
			return this;
		}

		/**
		 * Set what is sent to an idle stream.
		 * @param heartbeat the setting
		 * @return this builder
		 */
		public Builder heartbeat(Heartbeat heartbeat) {
			this.heartbeat = heartbeat;
			return this;
		}

		/**
		 * Set the maximum silence of a stream, {@code null} for no heartbeats.
		 * @param heartbeatInterval the time
		 * @return this builder
		 */
		public Builder heartbeatInterval(@Nullable Duration heartbeatInterval) {
			this.heartbeatInterval = heartbeatInterval;
			return this;
		}

		/**
		 * Set the maximum time for which a client may accept no bytes.
		 * @param writeTimeout the time
		 * @return this builder
		 */
		public Builder writeTimeout(Duration writeTimeout) {
			this.writeTimeout = writeTimeout;
			return this;
		}

		/**
		 * Set the maximum duration of a stream, {@code null} for no limit.
		 * @param maxDuration the time
		 * @return this builder
		 */
		public Builder maxDuration(@Nullable Duration maxDuration) {
			this.maxDuration = maxDuration;
			return this;
		}

		/**
		 * Set the time over which clients spread their reconnects when the application
		 * shuts down.
		 * @param reconnectWithin the time
		 * @return this builder
		 */
		public Builder reconnectWithin(Duration reconnectWithin) {
			this.reconnectWithin = reconnectWithin;
			return this;
		}

		/**
		 * Set the maximum size of an event for one client in bytes,
		 * {@code Long.MAX_VALUE} for no limit.
		 * @param eventBytes the bytes
		 * @return this builder
		 */
		public Builder eventBytes(long eventBytes) {
			this.eventBytes = eventBytes;
			return this;
		}

		/**
		 * Set how events are compressed.
		 * @param compression the settings, {@code null} to compress nothing
		 * @return this builder
		 */
		public Builder compression(@Nullable CompressionSettings compression) {
			this.compression = compression;
			return this;
		}

		/**
		 * Create the settings.
		 * @return the settings
		 */
		public DeliverySettings build() {
			return new DeliverySettings(this);
		}

	}

}
