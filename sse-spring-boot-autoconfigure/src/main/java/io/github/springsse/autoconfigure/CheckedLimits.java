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

import io.github.springsse.SseTemplate;
import io.github.springsse.limits.LimitSettings;
import io.github.springsse.limits.TopicLimits;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Creates limits from checked properties. 0 means no limit; a negative value stops the
 * application at start-up.
 */
final class CheckedLimits {

	/** The maximum length of any topic in characters. */
	private static final int TOPIC_LENGTH = 512;

	private CheckedLimits() {
	}

	/**
	 * Create the limits for clients.
	 */
	static LimitSettings create(SseProperties properties) {
		LimitsProperties limits = properties.getLimits();
		return new LimitSettings(notNegative("streams-per-user", limits.getStreamsPerUser()),
				notNegative("streams-per-session", limits.getStreamsPerSession()),
				notNegative("streams-per-address", limits.getStreamsPerAddress()),
				notNegative("openings-per-second", limits.getOpeningsPerSecond()),
				limits.getWhenFull() == LimitsProperties.WhenFull.OLDEST, properties.getStream().getRetry());
	}

	/**
	 * Create the limits for the topics of a stream.
	 */
	static TopicLimits topics(SseProperties properties) {
		LimitsProperties limits = properties.getLimits();
		return new TopicLimits(notNegative("topics-per-stream", limits.getTopicsPerStream()), topicLength(limits));
	}

	/**
	 * Set the maximum sizes of topics and events that a template accepts.
	 */
	static SseTemplate applyTo(SseTemplate template, SseProperties properties) {
		LimitsProperties limits = properties.getLimits();
		int length = topicLength(limits);
		template.setMaxEventSize(DataSize.ofBytes(eventSize(limits)));
		template.setMaxTopicLength((length > 0) ? length : TOPIC_LENGTH);
		return template;
	}

	static long eventSize(LimitsProperties limits) {
		return orUnlimited("event-size", limits.getEventSize());
	}

	static long snapshotSize(LimitsProperties limits) {
		return orUnlimited("snapshot-size", limits.getSnapshotSize());
	}

	private static int topicLength(LimitsProperties limits) {
		int length = limits.getTopicLength();
		if (length < 0 || length > TOPIC_LENGTH) {
			throw new InvalidConfigurationPropertyValueException("sse.limits.topic-length", length,
					"It must be from 0 to " + TOPIC_LENGTH + ", the maximum length of any topic");
		}
		return length;
	}

	static int notNegative(String name, int value) {
		if (value < 0) {
			throw new InvalidConfigurationPropertyValueException("sse.limits." + name, value,
					"It must be 0, for no limit, or more");
		}
		return value;
	}

	private static long orUnlimited(String name, DataSize value) {
		if (value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException("sse.limits." + name, value,
					"It must be 0, for no limit, or more");
		}
		return (value.toBytes() > 0) ? value.toBytes() : Long.MAX_VALUE;
	}

}
