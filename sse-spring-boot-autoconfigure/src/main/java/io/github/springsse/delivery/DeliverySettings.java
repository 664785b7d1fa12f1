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
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.SseException;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.TopicPolicies;
import org.jspecify.annotations.Nullable;

/**
 * Bounds and times of delivery.
 *
 * @param threads number of delivery threads, one at least
 * @param maxBacklog events that a delivery thread may be behind before publishing waits
 * for it, unless they are larger than what is kept
 * @param queueEvents events that may wait for one client
 * @param queueBytes bytes that may wait for one client
 * @param policies what is kept of each topic, and what happens when a client does not
 * keep up
 * @param historyBytes bytes on the heap of all topics and the events that are kept of
 * them
 * @param historyTopics number of topics of which something is kept
 * @param resumeLimits how much one stream may get that resumes
 * @param maxStreams number of streams that may be open at once
 * @param heartbeat what an idle stream is sent
 * @param heartbeatInterval the longest silence of a stream, {@code null} for no
 * heartbeats
 * @param writeTimeout the longest time without progress towards a client
 * @param maxDuration the longest time a stream is open, {@code null} for no limit
 * @param reconnectWithin the time over which clients are told to spread their
 * reconnecting when the application shuts down
 * @param eventBytes bytes that an event for one client may have, however many if it is
 * {@code Long.MAX_VALUE}
 * @param answerLimits what is kept of answers, in place of what is kept of their topics
 */
public record DeliverySettings(int threads, int maxBacklog, int queueEvents, long queueBytes, TopicPolicies policies,
		long historyBytes, int historyTopics, ResumeLimits resumeLimits, int maxStreams, Heartbeat heartbeat,
		@Nullable Duration heartbeatInterval, Duration writeTimeout, @Nullable Duration maxDuration,
		Duration reconnectWithin, long eventBytes, AnswerLimits answerLimits) {

	/** Bytes that a delivery thread may be behind however few are kept. */
	private static final long MIN_BACKLOG_BYTES = 1 << 20;

	/**
	 * Create settings with {@linkplain AnswerLimits#DEFAULT default limits} of answers.
	 * @param threads number of delivery threads
	 * @param maxBacklog events that a delivery thread may be behind
	 * @param queueEvents events that may wait for one client
	 * @param queueBytes bytes that may wait for one client
	 * @param policies what is kept of each topic
	 * @param historyBytes bytes of all topics and events that are kept
	 * @param historyTopics number of topics of which something is kept
	 * @param resumeLimits how much one stream may get that resumes
	 * @param maxStreams number of streams that may be open at once
	 * @param heartbeat what an idle stream is sent
	 * @param heartbeatInterval the longest silence of a stream
	 * @param writeTimeout the longest time without progress towards a client
	 * @param maxDuration the longest time a stream is open
	 * @param reconnectWithin the time over which clients spread their reconnecting
	 * @param eventBytes bytes that an event for one client may have
	 */
	public DeliverySettings(int threads, int maxBacklog, int queueEvents, long queueBytes, TopicPolicies policies,
			long historyBytes, int historyTopics, ResumeLimits resumeLimits, int maxStreams, Heartbeat heartbeat,
			@Nullable Duration heartbeatInterval, Duration writeTimeout, @Nullable Duration maxDuration,
			Duration reconnectWithin, long eventBytes) {
		this(threads, maxBacklog, queueEvents, queueBytes, policies, historyBytes, historyTopics, resumeLimits,
				maxStreams, heartbeat, heartbeatInterval, writeTimeout, maxDuration, reconnectWithin, eventBytes,
				AnswerLimits.DEFAULT);
	}

	/**
	 * The bytes of events that a delivery thread may be behind: those that are kept
	 * anyway.
	 */
	long maxBacklogBytes() {
		return Math.max(this.historyBytes, MIN_BACKLOG_BYTES);
	}

	/**
	 * The longest silence of a stream in nanoseconds, however long if there are no
	 * heartbeats.
	 */
	long heartbeatNanos() {
		return (this.heartbeatInterval != null) ? this.heartbeatInterval.toNanos() : Long.MAX_VALUE;
	}

	/**
	 * Choose when one client is to come back after a shutdown.
	 * @return a time of its own, so that not all come at once
	 */
	Duration reconnectDelay() {
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(this.reconnectWithin.toMillis() + 1));
	}

	/** Why a stream is closed whose queue is full. */
	SseException overflowed() {
		return new SseException("More is waiting for the client than its queue may hold: " + this.queueEvents
				+ " events (sse.stream.queue.max-events), " + this.queueBytes + " bytes (sse.stream.queue.max-size)",
				null);
	}

	/** Why a stream is closed whose client does not read. */
	SseException stalled() {
		return new SseException("The client took no bytes for " + this.writeTimeout + " (sse.stream.write-timeout)",
				null);
	}

}
