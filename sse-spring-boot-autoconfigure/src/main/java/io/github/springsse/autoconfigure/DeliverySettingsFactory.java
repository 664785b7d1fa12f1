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

package io.github.springsse.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;

import io.github.springsse.InvalidTopicException;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.CompressionSettings;
import io.github.springsse.delivery.DeliverySettings;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Creates the settings of delivery from checked properties. An invalid value stops the
 * application at start-up, with a message that names the property and the reason.
 */
final class DeliverySettingsFactory {

	/** The shortest time that timers can measure. */
	private static final Duration SHORTEST = Duration.ofMillis(100);

	private DeliverySettingsFactory() {
	}

	/**
	 * Create settings.
	 * @param answers the limits of kept answers
	 * @param defaults the limits that apply if none are set
	 */
	static DeliverySettings create(SseProperties properties, AnswerLimits answers, DefaultLimits defaults) {
		SseProperties.Delivery delivery = properties.getDelivery();
		SseProperties.Stream.Queue queue = properties.getStream().getQueue();
		ReplayProperties replay = properties.getReplay();
		SseProperties.Heartbeat heartbeat = properties.getHeartbeat();
		LimitsProperties limits = properties.getLimits();
		SseProperties.Stream stream = properties.getStream();
		SseProperties.Shutdown shutdown = properties.getShutdown();
		notNegative("sse.stream.retry", stream.getRetry());
		notNegative("sse.shutdown.timeout", shutdown.getTimeout());
		return DeliverySettings.builder()
			.threads(threads(delivery.getThreads()))
			.maxBacklog(positive("sse.delivery.max-backlog", delivery.getMaxBacklog()))
			.queueEvents(positive("sse.stream.queue.max-events", queue.getMaxEvents()))
			.queueBytes(positive("sse.stream.queue.max-size", queue.getMaxSize()))
			.policies(policies(properties))
			.historyBytes(positive("sse.replay.max-size", defaults.history()))
			.historyTopics(positive("sse.replay.max-topics", replay.getMaxTopics()))
			.resumeLimits(new ResumeLimits(positive("sse.limits.resume-events", limits.getResumeEvents()),
					positive("sse.limits.resume-topics", limits.getResumeTopics())))
			.answerLimits(answers)
			.maxStreams(defaults.streams())
			.heartbeat(heartbeat.getType())
			.heartbeatInterval(interval(heartbeat.getInterval()))
			.writeTimeout(timer("sse.stream.write-timeout", stream.getWriteTimeout()))
			.maxDuration(maxDuration(stream.getMaxDuration()))
			.reconnectWithin(notNegative("sse.shutdown.reconnect-within", shutdown.getReconnectWithin()))
			.eventBytes(CheckedLimits.eventSize(limits))
			.compression(compression(properties.getCompression()))
			.build();
	}

	private static @Nullable CompressionSettings compression(SseProperties.Compression compression) {
		int level = compression.getLevel();
		if (level < Deflater.BEST_SPEED || level > Deflater.BEST_COMPRESSION) {
			throw new InvalidConfigurationPropertyValueException("sse.compression.level", level,
					"It must be between 1 (fast) and 9 (smallest)");
		}
		DataSize minSize = compression.getMinSize();
		if (minSize.toBytes() < 0 || minSize.toBytes() > Integer.MAX_VALUE) {
			throw new InvalidConfigurationPropertyValueException("sse.compression.min-size", minSize,
					"It must be between 0B and 2147483647B");
		}
		List<TopicPattern> excluded = compression.getExcludedTopics()
			.stream()
			.map((topic) -> pattern("sse.compression.excluded-topics", topic))
			.toList();
		return compression.isEnabled() ? new CompressionSettings(level, (int) minSize.toBytes(), excluded) : null;
	}

	private static TopicPolicies policies(SseProperties properties) {
		ReplayProperties replay = properties.getReplay();
		TopicPolicy defaults = new TopicPolicy(positive("sse.replay.events-per-topic", replay.getEventsPerTopic()),
				positive("sse.replay.size-per-topic", replay.getSizePerTopic()),
				DurationRange.checked("sse.replay.max-age", replay.getMaxAge(), Duration.ofMillis(1)),
				OverflowPolicy.RESUME);
		Map<TopicPattern, TopicPolicy> policies = new LinkedHashMap<>();
		properties.getTopics().forEach((pattern, topic) -> {
			String name = "sse.topics[" + pattern + "]";
			policies.put(pattern(name, pattern), policy(name, topic, defaults));
		});
		return new TopicPolicies(defaults, policies);
	}

	private static TopicPattern pattern(String name, String pattern) {
		try {
			return TopicPattern.of(pattern);
		}
		catch (InvalidTopicException ex) {
			throw new InvalidConfigurationPropertyValueException(name, pattern, ex.getMessage());
		}
	}

	private static TopicPolicy policy(String name, TopicProperties topic, TopicPolicy defaults) {
		Integer events = topic.getEvents();
		DataSize size = topic.getSize();
		Duration maxAge = topic.getMaxAge();
		OverflowPolicy overflow = (topic.getOverflow() != null) ? topic.getOverflow() : defaults.overflow();
		// the newest event of a key stays valid
		Duration defaultAge = (overflow == OverflowPolicy.LATEST) ? DurationRange.LONGEST : defaults.maxAge();
		return new TopicPolicy((events != null) ? positive(name + ".events", events) : defaults.maxEvents(),
				(size != null) ? positive(name + ".size", size) : defaults.maxBytes(),
				(maxAge != null) ? DurationRange.checked(name + ".max-age", maxAge, Duration.ofMillis(1)) : defaultAge,
				overflow);
	}

	private static int threads(@Nullable Integer threads) {
		if (threads == null) {
			return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 4));
		}
		return positive("sse.delivery.threads", threads);
	}

	private static @Nullable Duration interval(Duration interval) {
		return interval.isZero() ? null : timer("sse.heartbeat.interval", interval);
	}

	private static @Nullable Duration maxDuration(@Nullable Duration maxDuration) {
		return (maxDuration != null) ? timer("sse.stream.max-duration", maxDuration) : null;
	}

	static int positive(String name, int value) {
		if (value < 1) {
			throw new InvalidConfigurationPropertyValueException(name, value, "It must be 1 or more");
		}
		return value;
	}

	static long positive(String name, DataSize value) {
		if (value.toBytes() < 1) {
			throw new InvalidConfigurationPropertyValueException(name, value, "It must be 1B or more");
		}
		return value.toBytes();
	}

	static Duration notNegative(String name, Duration value) {
		return DurationRange.checked(name, value, Duration.ZERO);
	}

	private static Duration timer(String name, Duration value) {
		return DurationRange.checked(name, value, SHORTEST);
	}

}
