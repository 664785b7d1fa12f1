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

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that are opened when their request has been asynchronous already, and was
 * dispatched.
 */
@ExtendWith(OutputCaptureExtension.class)
class AsyncDispatchTests {

	/** With a filter that dispatches, and with all that Spring MVC waits for. */
	private static final List<String> PATHS = List.of("/dispatched", "/future", "/callable", "/deferred", "/mono");

	private static final TestServers servers = new TestServers(Application.class, "sse.heartbeat.interval=100ms");

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource
	void deliversWhatWasPublishedSinceItWasMade(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		for (String path : PATHS) {
			try (RawStreamClient client = open(server, path)) {
				client.awaitLine("data: since it was made");
				for (int i = 0; i < 3; i++) {
					server.sse().publish("feed", path + i);
					client.awaitLine("data: " + path + i);
				}
				server.registry().disconnectTopic("feed");
				client.awaitEnd();
			}
			awaitStreams(server, 0);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void clientThatLeavesIsNoticed(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		for (String path : PATHS) {
			try (RawStreamClient client = open(server, path)) {
				client.leave(RawStreamClient.Leaving.RESET);
				awaitStreams(server, 0);
			}
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	private static RawStreamClient open(TestServer server, String path) {
		RawStreamClient client = RawStreamClient.open(server.port(), path);
		assertThat(client.head()).startsWith("HTTP/1.1 200 ");
		assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
		client.awaitLine("retry: 2000");
		awaitStreams(server, 1);
		return client;
	}

	private static void awaitStreams(TestServer server, int count) {
		EventStreamClient.await().until(() -> server.registry().count() == count);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Controller.class)
	static class Application {

		@Bean
		FilterRegistrationBean<Filter> dispatching() {
			FilterRegistrationBean<Filter> result = new FilterRegistrationBean<>((request, response, chain) -> {
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					chain.doFilter(request, response);
				}
				else {
					request.startAsync().dispatch();
				}
			});
			result.addUrlPatterns("/dispatched");
			result.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
			return result;
		}

	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		private final SseOperations sse;

		Controller(SseEmitterRegistry registry, SseOperations sse) {
			this.registry = registry;
			this.sse = sse;
		}

		@GetMapping("/dispatched")
		@SseTopic("feed")
		void dispatched() {
			this.sse.publish("feed", "since it was made");
		}

		@GetMapping("/future")
		CompletableFuture<SseStream> future() {
			return CompletableFuture.supplyAsync(this::subscribe, new SimpleAsyncTaskExecutor());
		}

		@GetMapping("/callable")
		Callable<SseStream> callable() {
			return this::subscribe;
		}

		@GetMapping("/deferred")
		DeferredResult<SseStream> deferred() {
			DeferredResult<SseStream> result = new DeferredResult<>();
			CompletableFuture.runAsync(() -> result.setResult(subscribe()), new SimpleAsyncTaskExecutor());
			return result;
		}

		@GetMapping("/mono")
		Mono<SseStream> mono() {
			return Mono.fromCallable(this::subscribe);
		}

		private SseStream subscribe() {
			SseStream stream = this.registry.subscribe("feed");
			this.sse.publish("feed", "since it was made");
			return stream;
		}

	}

}
