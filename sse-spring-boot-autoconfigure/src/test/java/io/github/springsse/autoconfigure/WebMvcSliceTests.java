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

package io.github.springsse.autoconfigure;

import java.util.Map;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams work in tests of applications with {@link WebMvcTest}.
 */
@WebMvcTest(properties = "sse.event-log=redis")
class WebMvcSliceTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private SseOperations sse;

	@Autowired
	private SseEmitterRegistry registry;

	@Test
	void streamsCanBeTestedWithMockMvc() {
		MvcResult result = this.mvc.get().uri("/feed").asyncExchange().getMvcResult();
		EventStreamClient.await().until(() -> this.registry.count("feed") == 1);
		this.sse.publish("feed", "then");
		assertThat(this.registry.disconnectTopic("feed")).isOne();
		EventStreamClient.await().until(() -> this.registry.count() == 0);
		assertThat(result.getResponse().getContentType()).isEqualTo("text/event-stream");
		assertThat(result.getResponse().getContentAsByteArray()).asString()
			.contains("event: snapshot\ndata: {\"a\":1}\n\n", "data: then\n\n");
	}

	@Test
	void whatAStreamHasSentIsInTheBody() {
		MvcTestResult feed = this.mvc.get().uri("/feed").asyncExchange();
		this.sse.publish("feed", SseEvent.of("borrowed", "Emma"));
		EventStreamClient.await()
			.untilAsserted(() -> assertThat(feed).bodyText().contains("event: snapshot", "event: borrowed"));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Feed.class)
	static class Application {

	}

	@RestController
	static class Feed {

		@GetMapping("/feed")
		@SseTopic("feed")
		Map<String, Integer> feed() {
			return Map.of("a", 1);
		}

	}

}
