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

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.PresenceDirectory;
import io.github.springsse.SseCluster;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import io.github.springsse.actuate.EventLogHealthIndicator;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.metrics.EventLogMeterBinder;
import io.github.springsse.redis.RedisEventLog;
import io.github.springsse.redis.RedisPresence;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.TestRedis;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SseRedisAutoConfiguration}, with health and metrics of the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class SseRedisAutoConfigurationTests {

	private static final AutoConfigurations OURS = AutoConfigurations.of(SseRedisAutoConfiguration.class,
			SseAutoConfiguration.class, SseMetricsAutoConfiguration.class, SseHealthContributorAutoConfiguration.class);

	private static TestRedis redis;

	@BeforeAll
	static void startRedis() {
		redis = TestRedis.start();
	}

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner().withConfiguration(OURS)
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.port=" + redis.port());

	@Test
	void logIsInRedisWhereTheApplicationUsesIt() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(EventLog.class)
				.hasSingleBean(RedisEventLog.class)
				.hasSingleBean(RedisPresence.class)
				.hasSingleBean(Delivery.class)
				.hasSingleBean(SseRedisProperties.class);
			assertThat(context.getBean(SseOperations.class).publish("a", "data")).isNotEmpty();
			assertThat(context.getBean(SseCluster.class).presence("a").streams()).isZero();
			EventStreamClient.await().until(() -> context.getBean(Delivery.class).statistics().published() == 1);
		});
	}

	@Test
	void logIsInRedisOfAnApplicationWithoutAWebServerTooWhichOnlyPublishes() {
		new ApplicationContextRunner().withConfiguration(OURS)
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.port=" + redis.port(), "sse.event-log=redis")
			.withBean(Worker.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(RedisEventLog.class).doesNotHaveBean(Delivery.class);
				RedisEventLog log = context.getBean(RedisEventLog.class);
				String before = log.head().toString();
				context.getBean(Worker.class).work();
				assertThat(log.head()).hasToString(log.parse(log.head().toString()).toString())
					.doesNotHaveToString(before);
			});
	}

	@Test
	void logIsInMemoryIfThatIsSaid() {
		this.contextRunner.withPropertyValues("sse.event-log=MEMORY")
			.run((context) -> assertThat(context).hasSingleBean(InMemoryEventLog.class)
				.doesNotHaveBean(RedisEventLog.class)
				.doesNotHaveBean(PresenceDirectory.class));
	}

	@Test
	void logIsInMemoryWithoutSpringDataRedisOrLettuce() {
		for (FilteredClassLoader classLoader : new FilteredClassLoader[] {
				new FilteredClassLoader("org.springframework.data", "io.lettuce"),
				new FilteredClassLoader("io.lettuce") }) {
			new WebApplicationContextRunner().withConfiguration(OURS)
				.withClassLoader(classLoader)
				.run((context) -> assertThat(context).hasSingleBean(InMemoryEventLog.class)
					.doesNotHaveBean(RedisEventLog.class));
		}
	}

	@Test
	void logIsInMemoryWithoutAConnectionFactory() {
		new WebApplicationContextRunner().withConfiguration(OURS)
			.run((context) -> assertThat(context).hasSingleBean(InMemoryEventLog.class));
	}

	@Test
	void logIsInMemoryWithSeveralConnectionFactoriesOfWhichNoneIsPrimaryAndThatIsSaid(CapturedOutput output) {
		String warning = "several RedisConnectionFactory beans, one, other, and none is primary";
		WebApplicationContextRunner several = new WebApplicationContextRunner().withConfiguration(OURS)
			.withBean("one", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
			.withBean("other", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class));
		several.withPropertyValues("sse.event-log=memory")
			.run((context) -> assertThat(context).hasSingleBean(InMemoryEventLog.class));
		assertThat(output).doesNotContain(warning);
		several.run((context) -> assertThat(context).hasSingleBean(InMemoryEventLog.class));
		assertThat(output).contains(warning, "reaches only the streams of the node", "Mark one as primary");
	}

	@Test
	void backsOffForAnEventLogAndForADirectory() {
		EventLog own = new InMemoryEventLog(1);
		this.contextRunner.withBean(EventLog.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(EventLog.class)
				.doesNotHaveBean(RedisEventLog.class)
				.doesNotHaveBean(RedisPresence.class));
		PresenceDirectory directory = mock(PresenceDirectory.class);
		this.contextRunner.withBean(PresenceDirectory.class, () -> directory)
			.run((context) -> assertThat(context).hasSingleBean(PresenceDirectory.class)
				.doesNotHaveBean(RedisPresence.class));
	}

	@Test
	void healthIsUpAndDownWithRedis() {
		try (TestRedis own = TestRedis.start()) {
			this.contextRunner
				.withPropertyValues("spring.data.redis.port=" + own.port(), "sse.redis.append-timeout=200ms")
				.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
				.run((context) -> {
					HealthIndicator health = context.getBean("sseHealthIndicator", HealthIndicator.class);
					MeterRegistry meters = context.getBean(MeterRegistry.class);
					context.getBean(EventLogMeterBinder.class).bindTo(meters);
					assertThat(health.health().getStatus()).isEqualTo(Status.UP);
					assertThat(meters.get("sse.event.log.unreachable").gauge().value()).isZero();
					own.kill();
					EventStreamClient.await().until(() -> health.health().getStatus().equals(Status.DOWN));
					assertThat(health.health().getDetails())
						.containsKeys("log", "unreachableForMillis", "lagMillis", "buffered", "losses")
						.extractingByKey("log")
						.asString()
						.startsWith("Redis stream {sse}:log");
					assertThat(meters.get("sse.event.log.unreachable").gauge().value()).isPositive();
					assertThatExceptionOfType(EventLogUnavailableException.class)
						.isThrownBy(() -> context.getBean(SseOperations.class).publish("a", "x"));
					own.restart();
					EventStreamClient.await().until(() -> health.health().getStatus().equals(Status.UP));
				});
		}
	}

	@Test
	void noHealthForALogInMemoryOrWithoutTheModuleOrIfSwitchedOff() {
		this.contextRunner.withPropertyValues("sse.event-log=memory")
			.run((context) -> assertThat(context).doesNotHaveBean(EventLogHealthIndicator.class));
		this.contextRunner.withPropertyValues("management.health.sse.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EventLogHealthIndicator.class));
		this.contextRunner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EventLogHealthIndicator.class));
	}

	@Test
	void aLogThatCannotBeInRedisIsExplained() {
		String otherwise = ", or set sse.event-log to memory: then an event reaches only the streams of the node that it was "
				+ "published on.";
		new ApplicationContextRunner().withConfiguration(OURS)
			.withClassLoader(new FilteredClassLoader("org.springframework.data"))
			.withPropertyValues("sse.event-log=redis")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription(
							"The event log cannot be in Redis: sse.event-log is redis, but Spring Data Redis is not on "
									+ "the class path.")
					.hasAction("Add spring-boot-starter-data-redis" + otherwise)));
		new ApplicationContextRunner().withConfiguration(OURS)
			.withPropertyValues("sse.event-log=redis")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("The event log cannot be in Redis: sse.event-log is redis, but there is no single "
							+ "RedisConnectionFactory.")
					.hasAction("Define one bean of that type, or mark one as primary" + otherwise)));
		new ApplicationContextRunner().withConfiguration(OURS)
			.withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("The event log cannot be in Redis: the RedisConnectionFactory is a ",
							", and the log needs Lettuce")));
	}

	@ParameterizedTest
	@CsvSource({ "sse.redis.key,a b,It must have 1 to 200 characters", "sse.redis.key,{a},It must have 1 to 200",
			"sse.redis.max-length,999,It must be 1000 or more",
			"sse.redis.max-age,999ms,It must be from 1000ms to 365d",
			"sse.redis.answers.max-length,999,It must be 1000 or more",
			"sse.redis.answers.max-age,59m,It must be from 3600000ms to 365d",
			"sse.redis.append-timeout,2,'It must be from 100ms to 365d, and was read as 2ms'",
			"sse.redis.start-timeout,-1s,It must be from 0ms to 365d",
			"sse.redis.presence-interval,1ms,It must be from 500ms to 365d",
			"sse.redis.buffer.max-events,-1,It must be 0 or more",
			"sse.redis.buffer.max-size,-1B,It must be 1B or more" })
	void valuesThatCannotWorkAreExplained(String property, String value, String reason) {
		this.contextRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, property + "=" + value)
					.hasDescription("Invalid value '" + value + "' for configuration property '" + property + "'",
							reason)));
	}

	static class Worker {

		@SsePublish("work")
		String work() {
			return "done";
		}

	}

}
