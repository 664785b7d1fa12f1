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

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamException;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams behind redirects, which an {@code EventSource} follows each time it connects.
 */
class RedirectTests {

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientGetsThereAndResumes(ServerKind kind) throws StreamException {
		try (TestServer server = TestServer.start(kind, Controller.class);
				EventSource source = new EventSource.Builder(
						ConnectStrategy.http(server.uri("/moved/301")).readTimeout(20, TimeUnit.SECONDS))
					.errorStrategy(ErrorStrategy.alwaysContinue())
					.retryDelay(10, TimeUnit.MILLISECONDS)
					.build()) {
			source.start();
			Awaitility.await().until(() -> server.registry().count() == 1);
			String id = server.sse().publish("feed", "first");
			assertThat(next(source)).isEqualTo("first");

			server.registry().disconnectTopic("feed");
			server.sse().publish("feed", "second");
			assertThat(next(source)).isEqualTo("second");
			assertThat(server.bean(Controller.class).lastEventIds).containsExactly("none", id);
		}
	}

	private static String next(EventSource source) throws StreamException {
		MessageEvent message;
		do {
			message = source.readMessage();
		}
		while (message.getData().isEmpty());
		return message.getData();
	}

	@RestController
	static class Controller {

		private final List<String> lastEventIds = new CopyOnWriteArrayList<>();

		/**
		 * From one redirect to the other, and from there to the stream.
		 */
		@GetMapping("/moved/{status}")
		ResponseEntity<Void> moved(@PathVariable int status) {
			String target = (status == HttpStatus.MOVED_PERMANENTLY.value()) ? "/moved/307" : "/feed";
			return ResponseEntity.status(status).location(URI.create(target)).build();
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed(@RequestHeader(name = "Last-Event-ID", defaultValue = "none") String lastEventId) {
			this.lastEventIds.add(lastEventId);
		}

	}

}
