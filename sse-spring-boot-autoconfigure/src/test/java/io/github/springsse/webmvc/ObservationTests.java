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

package io.github.springsse.webmvc;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.http.HttpServletRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code http.server.requests} has of streams, and how to leave them out.
 */
class ObservationTests {

	@ParameterizedTest
	@EnumSource
	void countsTheTimeUntilAHandedOverStreamIsOpenAndThatOfOthersUntilTheirEnd(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class, "test.metrics=true");
				RawStreamClient client = open(server)) {
			if (kind.isHandoff()) {
				Awaitility.await().until(() -> count(server, "/feed") == 1);
				assertThat(active(server)).isZero();
			}
			else {
				assertThat(active(server)).isOne();
				assertThat(count(server, "/feed")).isZero();
			}
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
			Awaitility.await().until(() -> count(server, "/feed") == 1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "TOMCAT_BLOCKING", "JETTY_ASYNC" })
	void aPredicateLeavesStreamsOut(ServerKind kind) throws IOException, InterruptedException {
		try (TestServer server = TestServer.start(kind, Controller.class, "test.metrics=true", "test.predicate=true");
				RawStreamClient client = open(server)) {
			assertThat(active(server)).isZero();
			assertThatOthersAreObservedAlone(server, client);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "TOMCAT_BLOCKING", "JETTY_ASYNC" })
	void aMeterFilterLeavesTheTimesOfStreamsOut(ServerKind kind) throws IOException, InterruptedException {
		try (TestServer server = TestServer.start(kind, Controller.class, "test.metrics=true", "test.filter=true");
				RawStreamClient client = open(server)) {
			assertThatOthersAreObservedAlone(server, client);
		}
	}

	private static void assertThatOthersAreObservedAlone(TestServer server, RawStreamClient client)
			throws IOException, InterruptedException {
		server.registry().disconnectTopic("feed");
		client.awaitEnd();
		Awaitility.await().until(() -> active(server) == 0);
		HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(server.uri("/other")).build(), BodyHandlers.discarding());
		Awaitility.await().until(() -> count(server, "/other") == 1);
		assertThat(count(server, "/feed")).isZero();
	}

	private static RawStreamClient open(TestServer server) {
		RawStreamClient client = RawStreamClient.open(server.port(), "/feed", "Accept: text/event-stream");
		Awaitility.await().until(() -> server.registry().count() == 1);
		return client;
	}

	private static long count(TestServer server, String uri) {
		return server.bean(MeterRegistry.class)
			.find("http.server.requests")
			.tag("uri", uri)
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	private static int active(TestServer server) {
		return server.bean(MeterRegistry.class)
			.find("http.server.requests.active")
			.longTaskTimers()
			.stream()
			.mapToInt(LongTaskTimer::activeTasks)
			.sum();
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/other")
		String other() {
			return "other";
		}

		@Bean
		@ConditionalOnProperty("test.predicate")
		static ObservationPredicate noStreams() {
			return (name, context) -> {
				HttpServletRequest request = (context instanceof ServerRequestObservationContext server)
						? server.getCarrier() : null;
				return request == null || !"text/event-stream".equals(request.getHeader("Accept"));
			};
		}

		@Bean
		@ConditionalOnProperty("test.filter")
		static MeterFilter noTimesOfStreams() {
			return MeterFilter
				.deny((id) -> id.getName().equals("http.server.requests") && "/feed".equals(id.getTag("uri")));
		}

	}

}
