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

package io.github.springsse.test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.webmvc.SseServerResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

/**
 * Tests for {@link SseMockMvcConfigurer}.
 */
class SseMockMvcConfigurerTests {

	private final SseMockMvcConfigurer sse = SseMockMvcConfigurer.sseStreams("app.topic=feed", "sse.event-log=redis");

	@AfterEach
	void close() {
		this.sse.close();
	}

	@Test
	void controllersOpenStreams() throws Exception {
		MockMvc mvc = MockMvcBuilders.standaloneSetup(new Feeds(this.sse.getRegistry())).apply(this.sse).build();
		opens(mvc, get("/snapshot/north"), "event: snapshot\ndata: {\"branch\":\"north\"}");
		opens(mvc, get("/nothing"), "event: cursor");
		opens(mvc, get("/argument"), "data: early");
		opens(mvc, get("/subscribed"), "data: subscribed");
		MvcResult later = mvc.perform(get("/later")).andExpect(request().asyncStarted()).andReturn();
		opens(mvc, asyncDispatch(later), "event: cursor");
		mvc.perform(get("/user")).andExpect(status().isUnauthorized());
	}

	@Test
	void routerFunctionsOpenStreams() throws Exception {
		RouterFunction<ServerResponse> router = RouterFunctions.route()
			.GET("/feed", (request) -> SseServerResponse.of(this.sse.getRegistry().subscribe("feed")))
			.build();
		opens(MockMvcBuilders.routerFunctions(router).apply(this.sse).build(), get("/feed"), "event: cursor");
	}

	private void opens(MockMvc mvc, RequestBuilder request, String first) throws Exception {
		MvcResult result = mvc.perform(request)
			.andExpect(status().isOk())
			.andExpect(request().asyncStarted())
			.andExpect(content().contentType("text/event-stream"))
			.andReturn();
		MockHttpServletResponse response = result.getResponse();
		this.sse.getOperations().publish("feed", SseEvent.of("named", Map.of("a", 1)));
		EventStreamClient.await()
			.untilAsserted(() -> assertThat(response.getContentAsString()).contains(first)
				.contains("event: named\ndata: {\"a\":1}"));
		assertThat(this.sse.getRegistry().disconnectTopic("feed")).isOne();
		EventStreamClient.await().until(() -> this.sse.getRegistry().count() == 0);
	}

	@Test
	void wrongAnnotationsFailTheBuild() {
		assertThatExceptionOfType(InvalidSseMethodException.class)
			.isThrownBy(() -> MockMvcBuilders.standaloneSetup(new WrongFeed()).apply(this.sse).build())
			.withMessageContaining("CompletableFuture cannot be a snapshot");
	}

	@Test
	void streamsWithoutConfigurerFailAndAreExplained() {
		MockMvc mvc = MockMvcBuilders.standaloneSetup(new Feeds(this.sse.getRegistry())).build();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> mvc.perform(get("/subscribed")))
			.havingRootCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("with MockMvcBuilders.standaloneSetup, apply SseMockMvcConfigurer");
		MockMvc routes = MockMvcBuilders
			.routerFunctions(RouterFunctions.route()
				.GET("/feed", (request) -> SseServerResponse.of(this.sse.getRegistry().subscribe("feed")))
				.build())
			.build();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> routes.perform(get("/feed")))
			.havingRootCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("with MockMvcBuilders.routerFunctions, apply SseMockMvcConfigurer");
	}

	@Test
	void contextsDoNotNeedIt() {
		assertThatIllegalStateException()
			.isThrownBy(
					() -> MockMvcBuilders.webAppContextSetup(new GenericWebApplicationContext(new MockServletContext()))
						.apply(this.sse))
			.withMessageContaining("Remove it");
	}

	@Test
	void whatIsNoPropertyIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> SseMockMvcConfigurer.sseStreams("sse.event-log"))
			.withMessage("'sse.event-log' is not name=value");
	}

	@RestController
	static class Feeds {

		private final SseEmitterRegistry registry;

		Feeds(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/snapshot/{branch}")
		@SseTopic({ "feed", "branches/{branch}" })
		Map<String, String> snapshot(@PathVariable String branch) {
			return Map.of("branch", branch);
		}

		@GetMapping("/nothing")
		@SseTopic("${app.topic}")
		void nothing() {
		}

		@GetMapping("/argument")
		@SseTopic("feed")
		void argument(SseStream stream) {
			stream.send("early");
		}

		@GetMapping("/subscribed")
		SseStream subscribed() {
			return this.registry.subscribe(List.of("feed"), () -> "subscribed");
		}

		@GetMapping("/later")
		CompletableFuture<SseStream> later() {
			return CompletableFuture.supplyAsync(() -> this.registry.subscribe("feed"), new SimpleAsyncTaskExecutor());
		}

		@GetMapping("/user")
		@SseTopic("users/{user}")
		void user() {
		}

	}

	@RestController
	static class WrongFeed {

		@GetMapping("/wrong")
		@SseTopic("feed")
		CompletableFuture<String> wrong() {
			return new CompletableFuture<>();
		}

	}

}
