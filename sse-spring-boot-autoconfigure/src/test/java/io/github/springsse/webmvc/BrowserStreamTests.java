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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.springsse.SseEvent;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Browser;
import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams as the {@code EventSource} of a browser sees them. Skipped where there is no
 * Chromium.
 */
@Tag("long")
class BrowserStreamTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final BrowserEngine ENGINE = BrowserEngine.CHROMIUM;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void getsEventsComesBackAfterTheEndAndIsSeenToLeave(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.heartbeat.interval=200ms",
				"sse.stream.retry=10ms")) {
			List<String> told = server.bean(Controller.class).told;
			try (Browser browser = new Browser(ENGINE, this.directory, server.uri("/page"))) {
				Awaitility.await()
					.atMost(PATIENCE)
					.untilAsserted(() -> assertThat(server.registry().count()).as(browser::output).isOne());
				server.sse().publish("feed", "first");
				server.sse().publish("feed", SseEvent.of("named", List.of(1, 2)));
				server.sse().publish("feed", "two\nlines, \u20AC");
				Awaitility.await().atMost(PATIENCE).until(() -> told.size() == 4);
				server.registry().closeTopic("feed");
				Awaitility.await().atMost(PATIENCE).until(() -> told.size() == 6);
				Awaitility.await().until(() -> server.registry().count() == 1);
				server.sse().publish("feed", "second");
				Awaitility.await().atMost(PATIENCE).until(() -> told.size() == 7);
				assertThat(told).containsExactly("open", "message first", "named [1,2]", "message two\nlines, \u20AC",
						"error 0", "open", "message second");
			}
			Awaitility.await().until(() -> server.registry().count() == 0);
		}
	}

	@RestController
	static class Controller {

		private final List<String> told = new CopyOnWriteArrayList<>();

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping(path = "/page", produces = "text/html;charset=UTF-8")
		String page() {
			return """
					<!DOCTYPE html>
					<script>
					let last = Promise.resolve();
					function tell(text) {
						last = last.then(() => fetch('/told', {method: 'POST', body: text}));
					}
					const source = new EventSource('/feed');
					source.onopen = () => tell('open');
					source.onerror = () => tell('error ' + source.readyState);
					source.onmessage = (event) => tell('message ' + event.data);
					source.addEventListener('named', (event) => tell('named ' + event.data));
					</script>
					""";
		}

		@PostMapping("/told")
		void told(@RequestBody String text) {
			this.told.add(text);
		}

	}

}
