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
import java.util.concurrent.CompletableFuture;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

/**
 * What an application's own test with {@link MockMvc} sees of a stream.
 */
@SpringBootTest(classes = MockMvcStreamTests.Application.class)
@AutoConfigureMockMvc
@TestPropertySource(properties = { "sse.event-log=memory",
		"spring.autoconfigure.exclude=" + "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration,"
				+ "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
				+ "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
				+ "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration" })
class MockMvcStreamTests {

	private final MockMvc mockMvc;

	private final SseOperations sse;

	private final SseEmitterRegistry registry;

	@Autowired
	MockMvcStreamTests(MockMvc mockMvc, SseOperations sse, SseEmitterRegistry registry) {
		this.mockMvc = mockMvc;
		this.sse = sse;
		this.registry = registry;
	}

	@Test
	void seesSnapshotEventsAndEnd() throws Exception {
		MvcResult result = this.mockMvc.perform(get("/feed"))
			.andExpect(status().isOk())
			.andExpect(request().asyncStarted())
			.andExpect(content().contentType("text/event-stream"))
			.andReturn();
		MockHttpServletResponse response = result.getResponse();
		this.sse.publish("feed", "first");
		this.sse.publish("feed", "second");
		Awaitility.await().untilAsserted(() -> assertThat(dataOf(response)).containsExactly("[1]", "first", "second"));
		assertThat(this.registry.count()).isOne();
		this.registry.disconnectTopic("feed");
		Awaitility.await().until(() -> !result.getRequest().isAsyncStarted());
		assertThat(this.registry.count()).isZero();
	}

	@Test
	void seesWhatComesLater() throws Exception {
		MvcResult later = this.mockMvc.perform(get("/later")).andExpect(request().asyncStarted()).andReturn();
		MvcResult result = this.mockMvc.perform(asyncDispatch(later))
			.andExpect(status().isOk())
			.andExpect(request().asyncStarted())
			.andExpect(content().contentType("text/event-stream"))
			.andReturn();
		this.sse.publish("feed", "first");
		Awaitility.await().untilAsserted(() -> assertThat(dataOf(result.getResponse())).containsExactly("first"));
		this.registry.disconnectTopic("feed");
		Awaitility.await().until(() -> !result.getRequest().isAsyncStarted());
		assertThat(this.registry.count()).isZero();
	}

	private static List<String> dataOf(MockHttpServletResponse response) throws Exception {
		return response.getContentAsString()
			.lines()
			.filter((line) -> line.startsWith("data: "))
			.map((line) -> line.substring(6))
			.toList();
	}

	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Application {

	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		List<Integer> feed() {
			return List.of(1);
		}

		@GetMapping("/later")
		CompletableFuture<SseStream> later() {
			return CompletableFuture.supplyAsync(() -> this.registry.subscribe("feed"), new SimpleAsyncTaskExecutor());
		}

	}

}
