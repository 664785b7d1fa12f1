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
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

import io.github.springsse.TopicPattern;
import io.github.springsse.autoconfigure.ConfigurationMetadata.Hint;
import io.github.springsse.autoconfigure.ConfigurationMetadata.Property;
import io.github.springsse.delivery.Heartbeat;
import io.github.springsse.webmvc.RefusalMode;
import io.github.springsse.webmvc.transport.TransportMode;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the metadata of {@link SseProperties}: what editors show, and the list of
 * keys that applications rely on.
 */
class ConfigurationMetadataTests {

	private final ConfigurationMetadata metadata = ConfigurationMetadata.read();

	@Test
	void keysTypesAndDefaultsAreThese() {
		String bytes = DataSize.class.getName();
		String time = Duration.class.getName();
		String number = Integer.class.getName();
		assertThat(this.metadata.properties()).extracting(Property::name, Property::type, Property::defaultValue)
			.containsExactlyInAnyOrder(tuple("sse.answers.abandon-after", time, "0"),
					tuple("sse.answers.failed-event", String.class.getName(), "failed"),
					tuple("sse.answers.keep", time, "10m"), tuple("sse.answers.max-events", number, "20000"),
					tuple("sse.answers.max-size", bytes, "4MB"),
					tuple("sse.compression.enabled", Boolean.class.getName(), "false"),
					tuple("sse.compression.excluded-topics", "java.util.List<java.lang.String>", ""),
					tuple("sse.compression.level", number, "6"), tuple("sse.compression.min-size", bytes, "100B"),
					tuple("sse.delivery.max-backlog", number, "65536"), tuple("sse.delivery.threads", number, ""),
					tuple("sse.endpoint.path", String.class.getName(), ""),
					tuple("sse.heartbeat.interval", time, "15s"),
					tuple("sse.heartbeat.type", Heartbeat.class.getName(), "comment"),
					tuple("sse.jetty.accept-queue-size", number, "1024"),
					tuple("sse.limits.concurrent-openings", number, "64"),
					tuple("sse.limits.event-size", bytes, "16MB"),
					tuple("sse.limits.openings-per-second", number, "500"),
					tuple("sse.limits.response", RefusalMode.class.getName(), "reconnect"),
					tuple("sse.limits.snapshot-size", bytes, "64MB"),
					tuple("sse.limits.streams-per-address", number, "0"),
					tuple("sse.limits.streams-per-session", number, "20"),
					tuple("sse.limits.streams-per-user", number, "50"), tuple("sse.limits.topic-length", number, "512"),
					tuple("sse.limits.topics-per-stream", number, "100"),
					tuple("sse.limits.when-full", LimitsProperties.WhenFull.class.getName(), "refuse"),
					tuple("sse.limits.resume-events", number, "100000"),
					tuple("sse.limits.resume-topics", number, "10000"),
					tuple("sse.limits.snapshot-bytes-in-flight", bytes, ""), tuple("sse.limits.streams", number, ""),
					tuple("sse.event-log", SseProperties.EventLogType.class.getName(), "auto"),
					tuple("sse.stream.queue.max-events", number, "1000"),
					tuple("sse.stream.queue.max-size", bytes, "1MB"),
					tuple("sse.publish.after-commit", Boolean.class.getName(), "true"),
					tuple("sse.redis.answers.max-age", time, ""),
					tuple("sse.redis.answers.max-length", number, "1000000"),
					tuple("sse.redis.append-timeout", time, "2s"), tuple("sse.redis.buffer.max-events", number, "0"),
					tuple("sse.redis.buffer.max-size", bytes, "16MB"),
					tuple("sse.redis.key", String.class.getName(), "sse"), tuple("sse.redis.max-age", time, "1h"),
					tuple("sse.redis.max-length", number, "100000"), tuple("sse.redis.presence-interval", time, "2s"),
					tuple("sse.redis.start-timeout", time, "5s"), tuple("sse.replay.events-per-topic", number, "1000"),
					tuple("sse.replay.max-age", time, "1h"), tuple("sse.replay.max-size", bytes, ""),
					tuple("sse.replay.max-topics", number, "100000"), tuple("sse.replay.size-per-topic", bytes, "16MB"),
					tuple("sse.security.check-interval", time, "5s"),
					tuple("sse.security.end-with-session", Boolean.class.getName(), "true"),
					tuple("sse.security.end-with-token", Boolean.class.getName(), "true"),
					tuple("sse.security.expired-event", String.class.getName(), "expired"),
					tuple("sse.security.idle-logout", Boolean.class.getName(), "true"),
					tuple("sse.security.recheck-interval", time, "1m"), tuple("sse.security.token-skew", time, "60s"),
					tuple("sse.shutdown.reconnect-within", time, "5s"), tuple("sse.shutdown.timeout", time, "5s"),
					tuple("sse.stream.max-duration", time, ""), tuple("sse.stream.retry", time, "2s"),
					tuple("sse.stream.send-buffer-size", bytes, "128KB"),
					tuple("sse.stream.write-timeout", time, "30s"),
					tuple("sse.topics", "java.util.Map<java.lang.String," + TopicProperties.class.getName() + ">", ""),
					tuple("sse.transport", TransportMode.class.getName(), "auto"));
	}

	@Test
	void descriptionsAreInTheStyleOfSpringBoot() {
		assertThat(this.metadata.properties())
			.allSatisfy((property) -> assertThat(property.description()).as(property.name())
				.matches("[A-Z0-9].*[^ ]\\.")
				.doesNotStartWith("The ")
				.doesNotStartWith("A ")
				.doesNotContain("\n", "{@", "<"));
	}

	@Test
	void whatHasNoDefaultSaysSo() {
		assertThat(this.metadata.properties()).filteredOn((property) -> property.defaultValue().isEmpty())
			.allSatisfy((property) -> assertThat(property.description()).as(property.name()).contains("if not set"));
	}

	@Test
	void valuesOfEnumsAreExplained() {
		assertValuesAreExplained("sse.transport", TransportMode.values());
		assertValuesAreExplained("sse.heartbeat.type", Heartbeat.values());
		assertValuesAreExplained("sse.event-log", SseProperties.EventLogType.values());
	}

	@Test
	void keysOfTopicsThatAreOfferedArePatterns() {
		assertThat(this.metadata.hints("sse.topics.keys")).isNotEmpty().allSatisfy((hint) -> {
			String pattern = hint.value().substring(1, hint.value().length() - 1);
			Map<String, String> source = Map.of("sse.topics." + hint.value() + ".events", "7");
			SseProperties properties = new Binder(new MapConfigurationPropertySource(source))
				.bind("sse", SseProperties.class)
				.get();
			assertThat(properties.getTopics()).containsOnlyKeys(TopicPattern.of(pattern).toString());
			assertThat(hint.description()).endsWith(".");
		});
	}

	private void assertValuesAreExplained(String name, Enum<?>[] values) {
		assertThat(this.metadata.properties()).filteredOn((property) -> property.name().equals(name))
			.singleElement()
			.satisfies((property) -> assertThat(property.hints()).extracting(Hint::value)
				.containsExactlyElementsOf(
						Arrays.stream(values).map((value) -> value.name().toLowerCase(Locale.ROOT)).toList()))
			.satisfies((property) -> assertThat(property.hints())
				.allSatisfy((hint) -> assertThat(hint.description()).endsWith(".")));
	}

}
