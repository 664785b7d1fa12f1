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

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.HttpBasic;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.ContentCachingResponseWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams behind the filter chain of Spring Security.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecuredStreamTests {

	private static final String ODD_NAME = "**/../{user}/ada%2F";

	private static final TestServers servers = new TestServers(Controller.class, "test.security=true",
			"sse.heartbeat.interval=100ms");

	private static final TestServers entryPoints = new TestServers(EntryPoints.class, "test.security=true");

	@AfterAll
	static void close() {
		servers.close();
		entryPoints.close();
	}

	/**
	 * Of the tests before, which leave streams.
	 */
	@BeforeEach
	void awaitNoStreams() {
		for (ServerKind kind : ServerKind.values()) {
			if (servers.isStarted(kind)) {
				Awaitility.await().until(() -> servers.get(kind).registry().count() == 0);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void opensNothingForThoseNotAllowed(ServerKind kind) {
		TestServer server = servers.get(kind);
		long before = server.delivery().statistics().opened();
		assertThat(status(server, "/mine")).isEqualTo("401");
		assertThat(status(server, "/mine", authorization("ada", "wrong"))).isEqualTo("401");
		assertThat(status(server, "/admin", authorization("ada", "secret"))).isEqualTo("403");
		assertThat(status(server, "/admin", authorization("root", "secret"))).isEqualTo("200");
		Awaitility.await().until(() -> server.delivery().statistics().opened() == before + 1);
	}

	@ParameterizedTest
	@EnumSource
	void sendsTheHeadersOfSecurityWithTheHead(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/public");
				RawStreamClient cached = RawStreamClient.open(server.port(), "/public?cached")) {
			for (RawStreamClient each : new RawStreamClient[] { client, cached }) {
				assertThat(each.head()).startsWith("HTTP/1.1 200 ");
				assertThat(each.header("X-Content-Type-Options")).isEqualTo("nosniff");
				assertThat(each.header("X-Frame-Options")).isEqualTo("DENY");
				assertThat(each.header("Cache-Control")).isEqualTo("no-store, no-cache, no-transform");
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void givesEachUserTheirOwnEventsAndEndsWithoutComplaint(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		RawStreamClient ada = RawStreamClient.open(server.port(), "/mine", authorization("ada", "secret"));
		RawStreamClient root = RawStreamClient.open(server.port(), "/mine", authorization("root", "secret"));
		Awaitility.await().until(() -> server.registry().count() == 2);
		server.sse().publish("users/ada/mine", "for ada");
		server.sse().publish("users/root/mine", "for root");
		server.sse().publish("users/ada/mine", "last");
		server.sse().publish("users/root/mine", "last");
		assertThat(ada.readLinesUpTo("data: last")).contains("data: for ada").doesNotContain("data: for root");
		assertThat(root.readLinesUpTo("data: last")).contains("data: for root").doesNotContain("data: for ada");
		assertThat(server.registry().disconnectUser("ada")).isOne();
		ada.awaitEnd();
		root.close();
		Awaitility.await().until(() -> server.registry().count() == 0);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void namesOfUsersMayHaveAnyCharacters(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/mine", authorization(ODD_NAME, "secret"));
				RawStreamClient other = RawStreamClient.open(server.port(), "/mine", authorization("ada", "secret"))) {
			Awaitility.await().until(() -> server.registry().count() == 2);
			assertThat(server.registry().streamsOfUser(ODD_NAME)).hasSize(1);
			server.sse().publishToUser(ODD_NAME, "mine", "for one");
			server.sse().publishToUser("ada", "mine", "for ada");
			client.awaitLine("data: for one");
			other.awaitLine("data: for ada");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /login/mine", "TOMCAT_HANDOFF, /login/property", "JETTY_HANDOFF, /login/mine",
			"JETTY_HANDOFF, /login/property" })
	void asksForALoginWhereATopicNeedsTheUser(ServerKind kind, String path) {
		TestServer server = entryPoints.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), path, "Accept: text/event-stream")) {
			assertThat(client.head()).startsWith("HTTP/1.1 302 ");
			assertThat(client.header("Location")).endsWith("/login");
			assertThat(client.head()).doesNotContain("Set-Cookie");
			assertThat(server.delivery().statistics().opened()).isZero();
		}
	}

	/**
	 * If no component has an entry point.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void answersWith401WhereSecurityDoesNotHandleTheRequest(ServerKind kind) {
		TestServer server = entryPoints.get(kind);
		assertThat(status(server, "/nobody/ignored")).isEqualTo("401");
		assertThat(status(server, "/nobody/none")).isEqualTo("401");
	}

	private static String status(TestServer server, String path, String... headers) {
		try (RawStreamClient client = RawStreamClient.open(server.port(), path, headers)) {
			return client.head().split(" ")[1];
		}
	}

	private static String authorization(String user, String password) {
		return "Authorization: Basic "
				+ Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.US_ASCII));
	}

	@RestController
	static class Controller {

		@GetMapping("/public")
		@SseTopic("public")
		void everyone() {
		}

		@GetMapping({ "/mine", "/login/mine", "/nobody/ignored", "/nobody/none" })
		@SseTopic("users/{user}/mine")
		void mine() {
		}

		@GetMapping("/login/property")
		@SseTopic("users/{#principal.username}/mine")
		void property() {
		}

		@GetMapping("/admin")
		@SseTopic("admin")
		void admin() {
		}

		@Bean
		static SecurityFilterChain security(HttpSecurity http) {
			return HttpBasic.chain(http,
					(requests) -> requests.requestMatchers("/public")
						.permitAll()
						.requestMatchers("/admin")
						.hasRole("ADMIN")
						.anyRequest()
						.authenticated());
		}

		@Bean
		static InMemoryUserDetailsManager users() {
			return HttpBasic.users(HttpBasic.user("ada", "USER"), HttpBasic.user(ODD_NAME, "USER"),
					HttpBasic.user("root", "ADMIN"));
		}

		@Bean
		static FilterRegistrationBean<Filter> caching() {
			FilterRegistrationBean<Filter> result = new FilterRegistrationBean<>((request, response, chain) -> {
				boolean cached = request.getParameter("cached") != null;
				chain.doFilter(request,
						cached ? new ContentCachingResponseWrapper((HttpServletResponse) response) : response);
			});
			result.setOrder(Ordered.LOWEST_PRECEDENCE);
			return result;
		}

	}

	/**
	 * Streams of topics with the user, where other filter chains do not ask for one, or
	 * where there is none.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(Controller.class)
	static class EntryPoints {

		@Bean
		@Order(0)
		static SecurityFilterChain login(HttpSecurity http) {
			http.securityMatcher("/login/**");
			http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll());
			http.formLogin(Customizer.withDefaults());
			return http.build();
		}

		@Bean
		@Order(1)
		static SecurityFilterChain none(HttpSecurity http) {
			http.securityMatcher("/nobody/none");
			http.anonymous(AbstractHttpConfigurer::disable);
			return http.build();
		}

		@Bean
		static WebSecurityCustomizer ignoring() {
			return (web) -> web.ignoring().requestMatchers("/nobody/ignored", "/error");
		}

	}

}
