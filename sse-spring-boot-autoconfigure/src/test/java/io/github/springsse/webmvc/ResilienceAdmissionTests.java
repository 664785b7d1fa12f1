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

import java.time.Duration;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.webmvc.SseAdmission.Decision;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseAdmission} with what Resilience4j has, as the documentation shows.
 */
@Timeout(60)
class ResilienceAdmissionTests {

	@Test
	void rateLimiterAdmitsAsManyAsItHasPermissionsFor() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Rate.class);
				RawStreamClient first = RawStreamClient.open(server.port(), "/topic");
				RawStreamClient second = RawStreamClient.open(server.port(), "/topic")) {
			try (RawStreamClient third = RawStreamClient.open(server.port(), "/topic");
					RawStreamClient json = RawStreamClient
						.send(server.port(), 0,
								RawStreamClient.get("/topic").replace("text/event-stream", "application/json"))
						.readHead()) {
				assertThat(third.head()).startsWith("HTTP/1.1 200 ");
				assertThat(third.awaitEnd()).matches("retry: [0-9]+");
				assertThat(json.head()).startsWith("HTTP/1.1 429 ").containsIgnoringCase("Retry-After: ");
			}
			Awaitility.await().until(() -> server.registry().count() == 2);
			assertThat(server.delivery().statistics().refused(RefusalReason.ADMISSION)).isEqualTo(2);
		}
	}

	@Test
	void bulkheadHasItsPlaceBackHoweverAStreamEndsOrIsNotOpened() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Places.class,
				"sse.limits.streams-per-address=2")) {
			Bulkhead bulkhead = server.bean(Bulkhead.class);
			try (RawStreamClient first = RawStreamClient.open(server.port(), "/topic")) {
				try (RawStreamClient second = RawStreamClient.open(server.port(), "/topic")) {
					assertThat(available(bulkhead)).isEqualTo(1);
					try (RawStreamClient refused = RawStreamClient.open(server.port(), "/topic")) {
						assertThat(refused.awaitEnd()).matches("retry: [0-9]+");
					}
					assertThat(server.delivery().statistics().refused(RefusalReason.ADDRESS)).isEqualTo(1);
					Awaitility.await().until(() -> available(bulkhead) == 1);
				}
				Awaitility.await().until(() -> available(bulkhead) == 2);
				try (RawStreamClient failed = RawStreamClient.open(server.port(), "/failing")) {
					assertThat(failed.head()).startsWith("HTTP/1.1 500 ");
				}
				Awaitility.await().until(() -> available(bulkhead) == 2);
				assertThat(bulkhead.tryAcquirePermission()).isTrue();
				assertThat(bulkhead.tryAcquirePermission()).isTrue();
				try (RawStreamClient full = RawStreamClient.open(server.port(), "/topic")) {
					assertThat(full.awaitEnd()).matches("retry: [0-9]+");
				}
				assertThat(server.delivery().statistics().refused(RefusalReason.ADMISSION)).isEqualTo(1);
				assertThat(available(bulkhead)).isZero();
			}
			Awaitility.await().until(() -> available(bulkhead) == 1);
		}
	}

	private static int available(Bulkhead bulkhead) {
		return bulkhead.getMetrics().getAvailableConcurrentCalls();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Controller.class)
	static class Rate {

		@Bean
		SseAdmission rate() {
			RateLimiter limiter = RateLimiter.of("feeds",
					RateLimiterConfig.custom()
						.limitForPeriod(2)
						.limitRefreshPeriod(Duration.ofHours(1))
						.timeoutDuration(Duration.ZERO)
						.build());
			return (topics, user, request) -> limiter.acquirePermission() ? Decision.admit() : Decision.refuse("rate");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Controller.class)
	static class Places {

		@Bean
		Bulkhead bulkhead() {
			return Bulkhead.of("feeds", BulkheadConfig.custom().maxConcurrentCalls(3).build());
		}

		@Bean
		SseAdmission places(Bulkhead bulkhead) {
			return (topics, user, request) -> bulkhead.tryAcquirePermission() ? Decision.admit(bulkhead::onComplete)
					: Decision.refuse("full");
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/topic")
		@SseTopic(value = "a", anyAccept = true)
		void topic() {
		}

		@GetMapping("/failing")
		@SseTopic("a")
		void failing() {
			throw new IllegalStateException("Not now");
		}

	}

}
