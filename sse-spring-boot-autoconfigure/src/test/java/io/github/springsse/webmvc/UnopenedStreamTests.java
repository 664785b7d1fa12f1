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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the callbacks of streams that applications have created, and that were never
 * opened.
 */
class UnopenedStreamTests {

	private static final TestServers servers = new TestServers(Controller.class);

	private static final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@MethodSource
	void completionIsTold(ServerKind kind, String path, int status, List<String> expected) throws Exception {
		TestServer server = servers.get(kind);
		List<String> calls = server.bean(Controller.class).calls;
		calls.clear();
		int actual = http.sendAsync(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.discarding())
			.get(10, TimeUnit.SECONDS)
			.statusCode();
		assertThat(actual).isEqualTo(status);
		EventStreamClient.await().until(() -> calls.contains("completion"));
		assertThat(calls).containsExactlyElementsOf(expected);
		assertThat(server.delivery().statistics().opened()).isZero();
	}

	static Stream<Arguments> completionIsTold() {
		return Arrays.stream(ServerKind.values())
			.flatMap((kind) -> Stream.of(
					Arguments.of(kind, "/snapshot/fails", 410, List.of("error 410 GONE", "completion")),
					Arguments.of(kind, "/snapshot/unwritable", 500, List.of("error unwritable", "completion")),
					Arguments.of(kind, "/accepted", 202, List.of("completion")),
					Arguments.of(kind, "/written", 200, List.of("completion")),
					Arguments.of(kind, "/argument/throws", 409, List.of("completion")),
					Arguments.of(kind, "/argument/answers", 204, List.of("completion")),
					Arguments.of(kind, "/argument/forwards", 200, List.of("completion"))));
	}

	@RestController
	static class Controller {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/snapshot/fails")
		SseStream snapshotFails() {
			return subscribe(() -> {
				throw new ResponseStatusException(HttpStatus.GONE);
			});
		}

		@GetMapping("/snapshot/unwritable")
		SseStream snapshotUnwritable() {
			return subscribe(Unwritable::new);
		}

		@GetMapping("/accepted")
		@ResponseStatus(HttpStatus.ACCEPTED)
		SseStream accepted() {
			return subscribe(() -> "snapshot");
		}

		@GetMapping("/written")
		SseStream written(HttpServletResponse response) throws IOException {
			response.getWriter().write("own");
			response.flushBuffer();
			return subscribe(() -> "snapshot");
		}

		@GetMapping("/argument/throws")
		@SseTopic("feed")
		void argumentThrows(SseStream stream) {
			record(stream);
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@GetMapping("/argument/answers")
		@SseTopic("feed")
		void argumentAnswers(SseStream stream, HttpServletResponse response) {
			record(stream);
			response.setStatus(204);
		}

		@GetMapping("/argument/forwards")
		@SseTopic("feed")
		void argumentForwards(SseStream stream, HttpServletRequest request, HttpServletResponse response)
				throws Exception {
			record(stream);
			request.getRequestDispatcher("/other").forward(request, response);
		}

		@GetMapping("/other")
		String other() {
			return "other";
		}

		private SseStream subscribe(Supplier<?> snapshot) {
			return record(this.registry.subscribe(List.of("feed"), snapshot));
		}

		private SseStream record(SseStream stream) {
			stream.onError((ex) -> this.calls.add("error " + message(ex)));
			stream.onCompletion(() -> this.calls.add("completion"));
			return stream;
		}

		private static String message(Throwable failure) {
			Throwable root = failure;
			while (root.getCause() != null) {
				root = root.getCause();
			}
			return String.valueOf(root.getMessage());
		}

	}

	/**
	 * What JSON cannot be made of.
	 */
	public static class Unwritable {

		public String getValue() {
			throw new IllegalStateException("unwritable");
		}

	}

}
