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
import java.util.Set;
import java.util.stream.Stream;

import io.github.springsse.EventDataWriter;
import io.github.springsse.SseEvent;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseSourceFormat.Failure;
import io.github.springsse.answer.AnswerSettings;
import io.github.springsse.history.AnswerLimits;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Creates the settings of streamed answers from checked properties.
 */
final class AnswerSettingsFactory {

	/** The shortest time that timers and presence can measure. */
	private static final Duration SHORTEST = Duration.ofMillis(100);

	/** Names of events that an {@code EventSource} fires itself. */
	private static final Set<String> RESERVED = Set.of("error", "open");

	private AnswerSettingsFactory() {
	}

	static AnswerSettings create(SseAnswersProperties properties) {
		Duration abandonAfter = properties.getAbandonAfter();
		AnswerLimits limits = limits(properties);
		return new AnswerSettings(limits.maxEvents(), limits.maxBytes(), abandonAfter.isZero() ? abandonAfter
				: DurationRange.checked("sse.answers.abandon-after", abandonAfter, SHORTEST));
	}

	static AnswerLimits limits(SseAnswersProperties properties) {
		return new AnswerLimits(DeliverySettingsFactory.positive("sse.answers.max-events", properties.getMaxEvents()),
				DeliverySettingsFactory.positive("sse.answers.max-size", properties.getMaxSize()),
				DurationRange.checked("sse.answers.keep", properties.getKeep(), Duration.ofMillis(1)));
	}

	static String failedEvent(SseAnswersProperties properties) {
		String name = properties.getFailedEvent();
		if (RESERVED.contains(name)) {
			throw refusal(name, "An EventSource fires '" + name + "' itself: choose another name");
		}
		try {
			SseEvent.of(name, "");
			return name;
		}
		catch (IllegalArgumentException ex) {
			throw refusal(name, "It must be a valid name of an event: " + ex.getMessage());
		}
	}

	/**
	 * Check that the event that reports a failure is within the maximum size of events.
	 * Without this event, clients would take a failed answer for a complete one.
	 */
	static void checkRoomForFailures(SseSourceFormat format, LimitsProperties limits) {
		long eventSize = CheckedLimits.eventSize(limits);
		long needed = Stream.of(Failure.values())
			.flatMap((kind) -> format.failure(kind, null).stream())
			.mapToLong((event) -> EventDataWriter.sizeInUtf8(String.valueOf(event.getData())))
			.max()
			.orElse(0);
		if (needed > eventSize) {
			throw new InvalidConfigurationPropertyValueException("sse.limits.event-size", limits.getEventSize(),
					"It must be " + needed + "B or more, or 0 for no limit: the event that tells clients that a "
							+ "streamed answer has failed has this size");
		}
	}

	private static InvalidConfigurationPropertyValueException refusal(String name, String reason) {
		return new InvalidConfigurationPropertyValueException("sse.answers.failed-event", name, reason);
	}

}
