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

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.SsePublish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that wrong configuration stops an application at start-up with an explanation.
 */
class WrongConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "sse.delivery.threads,0,It must be 1 or more", "sse.delivery.threads,-1,It must be 1 or more",
			"sse.delivery.max-backlog,0,It must be 1 or more", "sse.stream.queue.max-events,0,It must be 1 or more",
			"sse.stream.queue.max-events,-5,It must be 1 or more", "sse.stream.queue.max-size,0,It must be 1B or more",
			"sse.stream.queue.max-size,-1KB,It must be 1B or more",
			"sse.replay.events-per-topic,0,It must be 1 or more", "sse.replay.size-per-topic,0B,It must be 1B or more",
			"sse.topics[a].size,-1B,It must be 1B or more", "sse.topics[a].events,0,It must be 1 or more",
			"sse.replay.max-topics,0,It must be 1 or more", "sse.limits.resume-events,0,It must be 1 or more",
			"sse.limits.resume-topics,0,It must be 1 or more",
			"sse.limits.streams,-1,'It must be 0, for no limit, or more'",
			"sse.limits.concurrent-openings,-1,'It must be 0, for no limit, or more'",
			"sse.limits.streams-per-user,-1,'It must be 0, for no limit, or more'",
			"sse.limits.streams-per-session,-1,'It must be 0, for no limit, or more'",
			"sse.limits.streams-per-address,-1,'It must be 0, for no limit, or more'",
			"sse.limits.openings-per-second,-1,'It must be 0, for no limit, or more'",
			"sse.limits.topics-per-stream,-1,'It must be 0, for no limit, or more'",
			"sse.limits.topic-length,-1,It must be from 0 to 512",
			"sse.limits.topic-length,513,It must be from 0 to 512",
			"sse.limits.event-size,-1B,'It must be 0, for no limit, or more'",
			"sse.limits.snapshot-size,-1B,'It must be 0, for no limit, or more'",
			"sse.limits.snapshot-bytes-in-flight,0B,It must be 1B or more",
			"sse.replay.max-size,0B,It must be 1B or more", "sse.heartbeat.interval,99ms,It must be from 100ms to 365d",
			"sse.heartbeat.interval,15,'It must be from 100ms to 365d, and was read as 15ms; a number without a unit'",
			"sse.heartbeat.interval,-1s,It must be from 100ms to 365d",
			"sse.heartbeat.interval,366d,It must be from 100ms to 365d",
			"sse.stream.write-timeout,0,It must be from 100ms to 365d",
			"sse.stream.write-timeout,10000000000d,It must be from 100ms to 365d",
			"sse.stream.max-duration,0,It must be from 100ms to 365d",
			"sse.stream.max-duration,366d,It must be from 100ms to 365d",
			"sse.stream.send-buffer-size,4095B,It must be from 4096B to 67108864B",
			"sse.stream.send-buffer-size,65MB,It must be from 4096B to 67108864B",
			"sse.stream.retry,-1ms,It must be from 0ms to 365d", "sse.stream.retry,366d,It must be from 0ms to 365d",
			"sse.shutdown.timeout,-1s,It must be from 0ms to 365d",
			"sse.shutdown.timeout,366d,It must be from 0ms to 365d",
			"sse.shutdown.reconnect-within,-1s,It must be from 0ms to 365d",
			"sse.shutdown.reconnect-within,366d,It must be from 0ms to 365d" })
	void valuesThatCannotWorkAreExplained(String property, String value, String reason) {
		this.contextRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, property + "=" + value)
					.hasDescription("Invalid value '" + value + "' for configuration property '" + property + "'",
							reason)));
	}

	@ParameterizedTest
	@CsvSource({ "sse.transport,carrier-pigeon", "sse.heartbeat.type,drum", "sse.heartbeat.interval,soon",
			"sse.stream.queue.max-size,large", "sse.limits.when-full,never", "sse.limits.response,none",
			"sse.stream.queue.max-events,many" })
	void valuesOfAnotherTypeAreExplained(String property, String value) {
		this.contextRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, property + "=" + value)
					.hasDescription("Property: " + property, "Value: \"" + value + "\"")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "sse.heartbeat.interval=0", "sse.heartbeat.interval=100ms", "sse.heartbeat.interval=365d",
			"sse.stream.retry=0", "sse.shutdown.timeout=0", "sse.shutdown.reconnect-within=0",
			"sse.stream.write-timeout=100ms", "sse.stream.max-duration=365d", "sse.stream.max-duration=",
			"sse.stream.queue.max-events=1", "sse.stream.queue.max-size=1B", "sse.replay.events-per-topic=1",
			"sse.replay.size-per-topic=1B", "sse.topics.a.size=1B", "sse.replay.max-topics=1", "sse.replay.max-size=1B",
			"sse.limits.streams=0", "sse.limits.streams-per-user=0", "sse.limits.streams-per-session=0",
			"sse.limits.streams-per-address=0", "sse.limits.openings-per-second=0", "sse.limits.topics-per-stream=0",
			"sse.limits.topic-length=0", "sse.limits.event-size=0", "sse.limits.snapshot-size=0",
			"sse.delivery.threads=1", "sse.delivery.max-backlog=1", "sse.transport=auto", "sse.transport=async",
			"sse.transport=blocking", "sse.heartbeat.type=comment", "sse.heartbeat.type=event" })
	void valuesAtTheEdgeWork(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "sse.topics.,prices/**", "sse.topics.,prices/gold", "SSE.Topics.,**", "sse.topics.,prices.gold",
			"sse.topics.,kurse/börse", "sse.topics.,börse", "sse.topics.,-prices", "sse.topics.,open prices",
			"sse.topics.,prices[gold]" })
	void keysThatWouldBeReadAsOtherTopicsAreExplained(String prefix, String key) {
		String property = prefix + key + ".overflow";
		this.contextRunner.withPropertyValues(property + "=latest")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, property + "=latest")
					.hasDescription("Invalid value 'latest' for configuration property '" + property + "'",
							"Write sse.topics[" + key + "].overflow, or in YAML the key \"[" + key + "]\"")));
	}

	@ParameterizedTest
	@CsvSource({ "sse.topics.prices,prices", "sse.topics.Prices_2-x,Prices_2-x", "SSE.Topics.2,2",
			"sse.topics[prices/**],prices/**", "sse.topics[prices.gold],prices.gold", "sse.topics.[**],**",
			"sse.topics[börse],börse" })
	void keysThatAreReadAsTheyAreWork(String name, String topic) {
		this.contextRunner.withPropertyValues(name + ".overflow=latest")
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(SseProperties.class)
				.satisfies((properties) -> assertThat(properties.getTopics()).hasEntrySatisfying(topic,
						(policy) -> assertThat(policy.getOverflow()).isEqualTo(OverflowPolicy.LATEST))));
	}

	@Test
	void annotationsThatCannotWorkAreExplained() {
		this.contextRunner.withBean(VoidDesk.class)
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(InvalidSseMethodException.class)
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SsePublish cannot work on method " + VoidDesk.class.getName()
							+ ".close: it returns no value that can be published.")
					.hasAction("Return the data of the event, or publish with SseOperations.")));
	}

	static class VoidDesk {

		@SsePublish("desks")
		void close() {
		}

	}

}
