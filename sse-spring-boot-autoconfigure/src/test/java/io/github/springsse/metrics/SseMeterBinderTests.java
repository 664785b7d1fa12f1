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

package io.github.springsse.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.log.EventLogStatus;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SseMeterBinder}.
 */
class SseMeterBinderTests {

	private static final TestServers servers = new TestServers(Application.class, "test.metrics=true",
			"sse.heartbeat.interval=100ms", "sse.delivery.threads=1", "sse.topics.metrics.overflow=disconnect",
			"sse.stream.queue.max-events=100", "sse.stream.queue.max-size=64MB", "sse.stream.write-timeout=3s");

	private final TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);

	private final List<RawStreamClient> unread = new ArrayList<>();

	@AfterAll
	static void close() {
		servers.close();
	}

	@AfterEach
	void closeStreams() {
		this.unread.forEach(RawStreamClient::close);
		this.server.registry().streams().forEach(SseStream::complete);
		EventStreamClient.await().until(() -> this.server.registry().count() == 0);
	}

	@Test
	void documentationHasAllMeters() throws IOException {
		MeterRegistry log = new SimpleMeterRegistry();
		new EventLogMeterBinder(mock(EventLogStatus.class)).bindTo(log);
		List<String> names = Stream.concat(meters().stream(), log.getMeters().stream())
			.map((meter) -> meter.getId().getName())
			.distinct()
			.toList();
		String page = Files.readString(Path.of("docs", "metrics.md"));
		assertThat(Pattern.compile("`(sse\\.[a-z.]+)`").matcher(firstColumn(page)).results())
			.extracting((name) -> name.group(1))
			.containsExactlyInAnyOrderElementsOf(names);
		assertThat(names("sse.streams.closed", page)).containsExactlyInAnyOrderElementsOf(names(CloseReason.values()));
		assertThat(names("sse.streams.refused", page))
			.containsExactlyInAnyOrderElementsOf(names(RefusalReason.values()));
	}

	/**
	 * The first column of the table.
	 */
	private static String firstColumn(String page) {
		return page.lines()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.substring(0, line.indexOf('|', 1) + 1))
			.collect(Collectors.joining("\n"));
	}

	/**
	 * The list after "by reason" in the row of a meter.
	 */
	private static List<String> names(String meter, String page) {
		String row = page.lines().filter((line) -> line.startsWith("| `" + meter + "`")).findFirst().orElseThrow();
		return Pattern.compile("`([a-z_]+)`")
			.matcher(row.substring(row.indexOf("`reason`:") + "`reason`:".length()))
			.results()
			.map((name) -> name.group(1))
			.toList();
	}

	@Test
	void metersAreThese() {
		assertThat(meters())
			.extracting((meter) -> meter.getId().getName(), (meter) -> meter.getId().getType(),
					(meter) -> meter.getId().getBaseUnit())
			.containsOnly(tuple("sse.streams.open", Meter.Type.GAUGE, null),
					tuple("sse.streams.limit", Meter.Type.GAUGE, null),
					tuple("sse.topics.subscribed", Meter.Type.GAUGE, null),
					tuple("sse.streams.opened", Meter.Type.COUNTER, null),
					tuple("sse.streams.closed", Meter.Type.COUNTER, null),
					tuple("sse.streams.refused", Meter.Type.COUNTER, null),
					tuple("sse.publish.failures", Meter.Type.COUNTER, null),
					tuple("sse.events.published", Meter.Type.COUNTER, null),
					tuple("sse.events.delivered", Meter.Type.COUNTER, null),
					tuple("sse.events.dropped", Meter.Type.COUNTER, null),
					tuple("sse.delivery.backlog", Meter.Type.GAUGE, null),
					tuple("sse.stream.queue.events", Meter.Type.GAUGE, null),
					tuple("sse.stream.queue.size", Meter.Type.GAUGE, "bytes"),
					tuple("sse.gaps.told", Meter.Type.COUNTER, null),
					tuple("sse.replay.events", Meter.Type.GAUGE, null),
					tuple("sse.replay.size", Meter.Type.GAUGE, "bytes"),
					tuple("sse.replay.topics", Meter.Type.GAUGE, null),
					tuple("sse.heartbeats.sent", Meter.Type.COUNTER, null),
					tuple("sse.answers.running", Meter.Type.GAUGE, null),
					tuple("sse.answers.duration", Meter.Type.TIMER, "seconds"),
					tuple("sse.answers.pieces", Meter.Type.COUNTER, null),
					tuple("sse.delivery", Meter.Type.TIMER, "seconds"));
		assertThat(reasons("sse.streams.closed")).containsExactlyInAnyOrderElementsOf(names(CloseReason.values()));
		assertThat(reasons("sse.streams.refused")).containsExactlyInAnyOrderElementsOf(names(RefusalReason.values()));
		assertThat(meters()).filteredOn((meter) -> !meter.getId().getTags().isEmpty())
			.filteredOn((meter) -> meter.getId().getTag("outcome") == null)
			.hasSize(CloseReason.values().length + RefusalReason.values().length);
	}

	private List<String> reasons(String meter) {
		return meters().stream()
			.filter((candidate) -> candidate.getId().getName().equals(meter))
			.map((candidate) -> candidate.getId().getTag("reason"))
			.toList();
	}

	private static List<String> names(Enum<?>[] reasons) {
		return Arrays.stream(reasons).map((reason) -> reason.name().toLowerCase(Locale.ROOT)).toList();
	}

	@Test
	void namesFollowTheConventionsOfMicrometer() {
		assertThat(meters()).allSatisfy((meter) -> {
			String name = meter.getId().getName();
			assertThat(name).matches("sse(\\.[a-z]+)+");
			assertThat(NamingConvention.dot.name(name, meter.getId().getType())).isEqualTo(name);
			assertThat(meter.getId().getDescription()).matches("[A-Z].*[^.]");
		});
	}

	@Test
	void countsStreamsAndEvents() {
		double opened = count("sse.streams.opened");
		double published = count("sse.events.published");
		double delivered = count("sse.events.delivered");
		double heartbeats = count("sse.heartbeats.sent");
		double dropped = count("sse.events.dropped");
		FunctionTimer timer = this.server.bean(MeterRegistry.class).get("sse.delivery").functionTimer();
		double timed = timer.count();
		double time = timer.totalTime(TimeUnit.NANOSECONDS);
		try (EventStreamClient one = open(); EventStreamClient two = open()) {
			assertThat(gauge("sse.streams.open")).isEqualTo(2);
			assertThat(gauge("sse.topics.subscribed")).isEqualTo(2);
			assertThat(count("sse.streams.opened") - opened).isEqualTo(2);
			EventStreamClient.await().until(() -> count("sse.heartbeats.sent") - heartbeats >= 2);
			this.server.sse().publish("metrics", "1");
			this.server.sse().publish("metrics/below", "2");
			this.server.sse().publish("elsewhere", "3");
			one.awaitEvents(2);
			two.awaitEvents(2);
			EventStreamClient.await().until(() -> timer.count() - timed == 3);
			assertThat(count("sse.events.published") - published).isEqualTo(3);
			assertThat(count("sse.events.delivered") - delivered).isEqualTo(4);
			assertThat(count("sse.events.dropped") - dropped).isZero();
			assertThat(timer.totalTime(TimeUnit.NANOSECONDS) - time).isPositive()
				.isLessThan(TimeUnit.SECONDS.toNanos(30));
		}
	}

	@Test
	void showsWhatIsWaitingForClients() {
		openAndFill();
		EventStreamClient.await().until(() -> gauge("sse.delivery.backlog") == 0);
		EventStreamClient.await().until(() -> gauge("sse.stream.queue.size") > 512 * 1024);
		assertThat(gauge("sse.stream.queue.events")).isBetween(1.0, 100.0);
		this.unread.forEach(RawStreamClient::close);
		EventStreamClient.await()
			.until(() -> gauge("sse.stream.queue.size") == 0 && gauge("sse.stream.queue.events") == 0);
	}

	@Test
	void timesEachEventOnceHoweverManyThreadsDeliver() {
		try (TestServer many = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, "test.metrics=true",
				"sse.delivery.threads=3")) {
			FunctionTimer timer = many.bean(MeterRegistry.class).get("sse.delivery").functionTimer();
			for (int i = 0; i < 50; i++) {
				many.sse().publish("metrics", "event");
			}
			EventStreamClient.await().until(() -> timer.count() == 50 && many.delivery().backlog() == 0);
			assertThat(timer.count()).isEqualTo(50);
		}
	}

	@Test
	void countsStreamsThatTheClientLeft() {
		assertCountsClosed("disconnected", () -> open().close());
	}

	@Test
	void countsStreamsThatTheApplicationCompleted() {
		assertCountsClosed("completed", () -> {
			open();
			this.server.registry().disconnectTopic("metrics");
		});
		assertCountsClosed("failed", () -> {
			open();
			this.server.registry().streams().forEach((stream) -> stream.completeWithError(new IOException()));
		});
	}

	@Test
	void countsStreamsWhoseClientTakesNothing() {
		double dropped = count("sse.events.dropped");
		assertCountsClosed("stalled", this::openAndFill);
		assertThat(count("sse.events.dropped") - dropped).isBetween(1.0, 90.0);
	}

	@Test
	void countsStreamsWhoseQueueIsFull() {
		double dropped = count("sse.events.dropped");
		assertCountsClosed("overflow", () -> {
			openAndFill();
			for (int i = 0; i < 101; i++) {
				this.server.sse().publish("metrics", "small");
			}
		});
		assertThat(count("sse.events.dropped") - dropped).isBetween(100.0, 191.0);
	}

	@Test
	void countsStreamsThatWereOpenForTheLongestTimeAndAtShutdown() {
		TestServer limited = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, "test.metrics=true",
				"sse.stream.max-duration=100ms");
		MeterRegistry meters = limited.bean(MeterRegistry.class);
		try (limited; EventStreamClient client = EventStreamClient.open(limited.uri("/metrics"))) {
			client.awaitEnd();
			EventStreamClient.await().until(() -> closed(meters, "timeout") == 1);
		}
		TestServer stopped = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, "test.metrics=true");
		MeterRegistry more = stopped.bean(MeterRegistry.class);
		try (stopped; EventStreamClient client = EventStreamClient.open(stopped.uri("/metrics"))) {
			EventStreamClient.await().until(() -> stopped.registry().count() == 1);
			stopped.close();
			client.awaitEnd();
		}
		assertThat(closed(more, "shutdown")).isEqualTo(1);
	}

	/**
	 * Open a stream whose client does not read, and publish more than socket buffers
	 * hold.
	 */
	private void openAndFill() {
		RawStreamClient client = RawStreamClient.send(this.server.port(), 4096, RawStreamClient.get("/metrics"));
		this.unread.add(client);
		// a stream that has begun: before that, it is not closed because it accepts no
		// bytes
		client.readHead().awaitLine("event: cursor");
		String large = "x".repeat(64 * 1024);
		for (int i = 0; i < 90; i++) {
			this.server.sse().publish("metrics", large);
		}
	}

	private void assertCountsClosed(String reason, Runnable action) {
		Map<String, Double> expected = closedByReason();
		expected.merge(reason, 1.0, Double::sum);
		action.run();
		EventStreamClient.await().until(() -> this.server.registry().count() == 0);
		EventStreamClient.await().untilAsserted(() -> assertThat(closedByReason()).isEqualTo(expected));
	}

	private Map<String, Double> closedByReason() {
		MeterRegistry meters = this.server.bean(MeterRegistry.class);
		return Arrays.stream(CloseReason.values())
			.map((reason) -> reason.name().toLowerCase(Locale.ROOT))
			.collect(Collectors.toMap((reason) -> reason, (reason) -> closed(meters, reason)));
	}

	private static double closed(MeterRegistry meters, String reason) {
		return meters.get("sse.streams.closed").tag("reason", reason).functionCounter().count();
	}

	private EventStreamClient open() {
		int before = this.server.registry().count();
		EventStreamClient client = EventStreamClient.open(this.server.uri("/metrics"));
		EventStreamClient.await().until(() -> this.server.registry().count() > before);
		return client;
	}

	private List<Meter> meters() {
		return this.server.bean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("sse."))
			.toList();
	}

	private double count(String name) {
		return this.server.bean(MeterRegistry.class).get(name).functionCounter().count();
	}

	private double gauge(String name) {
		return this.server.bean(MeterRegistry.class).get(name).gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(MetricsController.class)
	static class Application {

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	@RestController
	static class MetricsController {

		@GetMapping("/metrics")
		@SseTopic({ "metrics", "metrics/**" })
		void metrics() {
		}

	}

}
