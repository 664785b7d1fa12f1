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

import io.github.springsse.SseTopic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.testsupport.DelegatingEventLog;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with a log that has not started when clients reconnect, such as a remote log that
 * is unreachable.
 */
class LateLogTests {

	@Test
	void clientThatComesBackTooEarlyKeepsItsIdOrGetsTheSnapshot() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class)) {
			LateLog log = server.bean(LateLog.class);
			String id = server.sse().publish("feed", "seen");
			server.sse().publish("feed", "missed");
			try (EventStreamClient client = EventStreamClient.open(server.uri("/feed"), "Last-Event-ID", id)) {
				client.awaitEnd();
				assertThat(client.response().statusCode()).isEqualTo(200);
				assertThat(client.lines()).hasSize(1).first().asString().startsWith("retry: ");
			}
			try (EventStreamClient client = EventStreamClient.open(server.uri("/state"), "Last-Event-ID", id)) {
				client.awaitEvents(1);
				assertThat(client.data()).containsExactly("state");
			}
			log.begin();
			server.sse().publish("feed", "new");
			try (EventStreamClient client = EventStreamClient.open(server.uri("/feed"), "Last-Event-ID", id)) {
				client.awaitEvents(2);
				assertThat(client.events().get(0).name()).isEqualTo("gap");
				assertThat(client.data().get(1)).isEqualTo("new");
			}
		}
	}

	/**
	 * Follows nothing until it begins.
	 */
	static final class LateLog extends DelegatingEventLog {

		private @Nullable Follower follower;

		LateLog() {
			super(new InMemoryEventLog(1));
		}

		@Override
		public EventId head() {
			return new EventId(1, 0);
		}

		@Override
		public Subscription follow(EventId cursor, Follower follower) {
			this.follower = follower;
			return () -> this.follower = null;
		}

		void begin() {
			this.follower.onGap(this.delegate.head(), Loss.EVICTED);
			this.delegate.follow(this.delegate.head(), this.follower);
		}

	}

	@RestController
	static class Controller {

		@Bean
		static LateLog lateLog() {
			return new LateLog();
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/state")
		@SseTopic("feed")
		String state() {
			return "state";
		}

	}

}
