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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;
import org.springframework.web.util.ContentCachingResponseWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Filters that hold back, count, wrap or throw.
 */
@ExtendWith(OutputCaptureExtension.class)
class FilterTests {

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class, "sse.heartbeat.interval=1h");

	@ParameterizedTest
	@EnumSource
	void contentCachingHoldsNothingBack(ServerKind kind) {
		assertEventsArriveAtOnce(kind, "/caching");
	}

	@ParameterizedTest
	@EnumSource
	void etagFilterHoldsNothingBack(ServerKind kind) {
		assertEventsArriveAtOnce(kind, "/etag");
	}

	@ParameterizedTest
	@EnumSource
	void filterThatWrapsAndBuffersHoldsNothingBackAndAddsItsHeader(ServerKind kind) {
		String head = assertEventsArriveAtOnce(kind, "/buffering");
		assertThat(head).contains("X-Inner: added on commit").contains("X-Outer: added on commit");
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, 200", "TOMCAT_ASYNC, 500", "TOMCAT_BLOCKING, 500", "JETTY_HANDOFF, 200",
			"JETTY_ASYNC, 500" })
	void filterWithoutAsyncSupportIsInTheWayOfAllButTheHandoff(ServerKind kind, String status) {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/synchronous")) {
			assertThat(client.head()).startsWith("HTTP/1.1 " + status);
			if (status.equals("200")) {
				Awaitility.await().until(() -> server.registry().count() == 1);
			}
			else {
				assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void filterThatCompressesIsToLeaveStreamsOut(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/compressing")) {
			assertThat(client.head()).startsWith("HTTP/1.1 500 ");
			assertThat(output).contains("The stream of /compressing cannot be opened, because a filter encodes "
					+ "its body (Content-Encoding: gzip). Exclude text/event-stream from the filter");
			assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatSaysThatNothingIsEncodedIsNotInTheWay(ServerKind kind) {
		assertThat(assertEventsArriveAtOnce(kind, "/identity")).contains("Content-Encoding: identity");
	}

	@ParameterizedTest
	@EnumSource
	void filterThatThrowsAfterwardsLeavesNothingOpen(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/throwing")) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			String rest = new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(rest).doesNotContain("error");
			Awaitility.await().until(() -> {
				server.sse().publish("feed", "for nobody");
				return server.registry().count() == 0;
			});
			try (RawStreamClient next = RawStreamClient
				.send(server.port(), 0, "GET /other HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
				.readHead()) {
				assertThat(next.head()).startsWith("HTTP/1.1 200 ");
				assertThat(next.awaitEnd()).isEqualTo("ordinary");
				assertThat(next.header("Content-Type")).startsWith("text/plain");
			}
		}
	}

	private static String assertEventsArriveAtOnce(ServerKind kind, String path) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), path)) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			client.awaitLine("retry: 2000");
			Awaitility.await().until(() -> server.registry().count() == 1);
			for (int i = 0; i < 3; i++) {
				server.sse().publish("feed", "event " + i);
				client.awaitLine("data: event " + i);
			}
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
			return client.head();
		}
	}

	@RestController
	static class Controller {

		@GetMapping({ "/caching", "/etag", "/buffering", "/synchronous", "/compressing", "/identity", "/throwing" })
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping(path = "/other", produces = "text/plain")
		String other() {
			return "ordinary";
		}

		@Bean
		static FilterRegistrationBean<Filter> caching() {
			return filterOf("/caching", (request, response, chain) -> {
				ContentCachingResponseWrapper wrapper = new ContentCachingResponseWrapper(
						(HttpServletResponse) response);
				chain.doFilter(new ContentCachingRequestWrapper((HttpServletRequest) request, 1000), wrapper);
				wrapper.copyBodyToResponse();
			});
		}

		@Bean
		static FilterRegistrationBean<Filter> etag() {
			return filterOf("/etag", new ShallowEtagHeaderFilter());
		}

		@Bean
		static FilterRegistrationBean<Filter> buffering() {
			return filterOf("/buffering", (request, response, chain) -> {
				HeaderOnCommit inner = new HeaderOnCommit((HttpServletResponse) response, "X-Inner");
				Buffering buffering = new Buffering(inner);
				HeaderOnCommit outer = new HeaderOnCommit(buffering, "X-Outer");
				chain.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request), outer);
				buffering.copy();
			});
		}

		@Bean
		static FilterRegistrationBean<Filter> synchronous() {
			FilterRegistrationBean<Filter> result = filterOf("/synchronous",
					(request, response, chain) -> chain.doFilter(request, response));
			result.setAsyncSupported(false);
			return result;
		}

		@Bean
		static FilterRegistrationBean<Filter> compressing() {
			return filterOf("/compressing", (request, response, chain) -> {
				Buffering buffering = new Buffering((HttpServletResponse) response);
				buffering.setHeader("Content-Encoding", "gzip");
				chain.doFilter(request, buffering);
				buffering.copy();
			});
		}

		@Bean
		static FilterRegistrationBean<Filter> identity() {
			return filterOf("/identity", (request, response, chain) -> {
				((HttpServletResponse) response).setHeader("Content-Encoding", "identity");
				chain.doFilter(request, response);
			});
		}

		@Bean
		static FilterRegistrationBean<Filter> throwing() {
			return filterOf("/throwing", (request, response, chain) -> {
				chain.doFilter(request, response);
				throw new ServletException("From a filter, after the stream was opened");
			});
		}

		private static FilterRegistrationBean<Filter> filterOf(String path, Filter filter) {
			FilterRegistrationBean<Filter> result = new FilterRegistrationBean<>(filter);
			result.addUrlPatterns(path);
			return result;
		}

	}

	/**
	 * Adds a header when the response is committed through it, as Spring Security does.
	 */
	private static final class HeaderOnCommit extends HttpServletResponseWrapper {

		private final String name;

		HeaderOnCommit(HttpServletResponse response, String name) {
			super(response);
			this.name = name;
		}

		@Override
		public void flushBuffer() throws IOException {
			setHeader(this.name, "added on commit");
			super.flushBuffer();
		}

	}

	/**
	 * Holds back everything until it is told to copy it.
	 */
	private static final class Buffering extends HttpServletResponseWrapper {

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		Buffering(HttpServletResponse response) {
			super(response);
		}

		@Override
		public ServletOutputStream getOutputStream() {
			return new ServletOutputStream() {

				@Override
				public void write(int b) {
					Buffering.this.body.write(b);
				}

				@Override
				public boolean isReady() {
					return true;
				}

				@Override
				public void setWriteListener(WriteListener listener) {
					throw new UnsupportedOperationException();
				}

			};
		}

		@Override
		public PrintWriter getWriter() {
			return new PrintWriter(this.body);
		}

		@Override
		public void flushBuffer() {
			// not before everything is there
		}

		void copy() throws IOException {
			if (this.body.size() > 0) {
				getResponse().getOutputStream().write(this.body.toByteArray());
			}
		}

	}

}
