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
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrame.Page;
import io.github.springsse.testsupport.BrowserFrames;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.WebUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams for pages of another origin, in a browser. Skipped where there is no Chromium.
 */
@Tag("long")
class CrossOriginTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	private static final BrowserFrames browsers = new BrowserFrames();

	@RegisterExtension
	private static final TestServers servers = new TestServers(Pages.class);

	@ParameterizedTest
	@EnumSource
	void eventSourceComesBackWithItsIdAndWithoutPreflight(ServerKind kind) {
		comesBack(kind, "/feed", false, null);
	}

	@Test
	void eventSourceWithCredentialsDoesToo() {
		comesBack(ServerKind.TOMCAT_HANDOFF, "/with-credentials", true, "ada");
	}

	private void comesBack(ServerKind kind, String path, boolean credentials, @Nullable String user) {
		try (TestServer server = TestServer.start(kind, Streams.class, "sse.stream.retry=10ms")) {
			Page page = open("/page", server.uri(path), "credentials", credentials);
			Requests requests = server.bean(Requests.class);
			page.await(() -> server.registry().count() == 1);
			String seen = server.sse().publish("feed", "seen");
			page.await(() -> page.told().contains("message seen"));
			server.registry().disconnectTopic("feed");
			page.await(() -> server.registry().count() == 0);
			server.sse().publish("feed", "missed 1");
			server.sse().publish("feed", "missed 2");
			requests.letReturn.countDown();
			page.await(() -> page.told().contains("message missed 2"));
			server.sse().publish("feed", "live");
			page.await(() -> page.told().contains("message live"));
			assertThat(page.told()).containsExactly("open", "message seen", "error 0", "open", "message missed 1",
					"message missed 2", "message live");
			assertThat(requests.seen).containsExactly(new Seen("GET", origin(), null, user),
					new Seen("GET", origin(), seen, user));
		}
	}

	@Test
	void fetchWithTheIdIsPrecededByPreflight() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Streams.class)) {
			server.bean(Requests.class).letReturn.countDown();
			String seen = server.sse().publish("feed", "seen");
			server.sse().publish("feed", "missed");
			Page page = open("/fetching-page", server.uri("/feed"), "id", seen);
			page.await(() -> page.told().contains("line data: missed"));
			assertThat(page.told()).doesNotContain("line data: seen");
			assertThat(server.bean(Requests.class).seen).containsExactly(new Seen("OPTIONS", origin(), null, null),
					new Seen("GET", origin(), seen, null));
		}
	}

	private static Page open(String page, URI stream, String parameter, Object value) {
		return browsers.get(BrowserEngine.CHROMIUM, "browser")
			.show(UriComponentsBuilder.fromUri(pages().uri(page))
				.queryParam("stream", stream)
				.queryParam(parameter, value)
				.build()
				.toUri());
	}

	private static TestServer pages() {
		return servers.get(ServerKind.TOMCAT_ASYNC);
	}

	private static String origin() {
		return "http://localhost:" + pages().port();
	}

	/**
	 * A request for a stream.
	 *
	 * @param method the method
	 * @param origin where the page came from
	 * @param lastEventId the id with which the client reconnects
	 * @param user the value of the cookie
	 */
	private record Seen(String method, String origin, @Nullable String lastEventId, @Nullable String user) {

	}

	@RestController
	static class Streams implements WebMvcConfigurer {

		@Bean
		static Requests requests() {
			return new Requests();
		}

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/feed").allowedOriginPatterns("http://localhost:[*]");
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/with-credentials")
		@SseTopic("feed")
		@CrossOrigin(originPatterns = "http://localhost:[*]", allowCredentials = "true")
		void withCredentials(@CookieValue String user) {
		}

	}

	/**
	 * Records requests, and holds reconnecting clients until they are released.
	 */
	static class Requests extends OncePerRequestFilter {

		private final List<Seen> seen = new CopyOnWriteArrayList<>();

		private final CountDownLatch letReturn = new CountDownLatch(1);

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String id = request.getHeader("Last-Event-ID");
			Cookie cookie = WebUtils.getCookie(request, "user");
			this.seen.add(new Seen(request.getMethod(), request.getHeader("Origin"), id,
					(cookie != null) ? cookie.getValue() : null));
			if (id != null) {
				await();
			}
			chain.doFilter(request, response);
		}

		private void await() {
			try {
				assertThat(this.letReturn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	@RestController
	static class Pages {

		@GetMapping(path = "/page", produces = "text/html;charset=UTF-8")
		ResponseEntity<String> page(@RequestParam URI stream, @RequestParam boolean credentials) {
			return page("""
					const source = new EventSource('%s', {withCredentials: %s});
					source.onopen = () => tell('open');
					source.onerror = () => tell('error ' + source.readyState);
					source.onmessage = (event) => tell('message ' + event.data);
					""".formatted(stream, credentials));
		}

		@GetMapping(path = "/fetching-page", produces = "text/html;charset=UTF-8")
		ResponseEntity<String> fetchingPage(@RequestParam URI stream, @RequestParam String id) {
			return page("""
					fetch('%s', {headers: {'Last-Event-ID': '%s'}}).then(async (response) => {
						const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
						let text = '';
						for (let part = await reader.read(); !part.done; part = await reader.read()) {
							const lines = (text + part.value).split('\\n');
							text = lines.pop();
							lines.forEach((line) => tell('line ' + line));
						}
					});
					""".formatted(stream, id));
		}

		private static ResponseEntity<String> page(String script) {
			return ResponseEntity.ok().header(HttpHeaders.SET_COOKIE, "user=ada").body("""
					<!DOCTYPE html>
					<script>
					function tell(text) {
						parent.postMessage(text, '*');
					}
					%s
					</script>
					""".formatted(script));
		}

	}

}
