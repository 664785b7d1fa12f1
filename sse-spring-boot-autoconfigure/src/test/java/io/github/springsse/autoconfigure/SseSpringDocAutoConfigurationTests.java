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

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.utils.SpringDocUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseSpringDocAutoConfiguration}.
 */
class SseSpringDocAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseSpringDocAutoConfiguration.class));

	@BeforeEach
	@AfterEach
	void reset() {
		SpringDocUtils.getConfig().removeRequestWrapperToIgnore(SseStream.class);
	}

	@Test
	void streamsAreNoParameters() {
		assertThat(AbstractRequestService.isRequestTypeToIgnore(SseStream.class)).isFalse();
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(AbstractRequestService.isRequestTypeToIgnore(SseStream.class)).isTrue();
		});
	}

	@Test
	void nothingWithoutSpringdoc() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(SpringDocUtils.class)).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(SseSpringDocAutoConfiguration.class);
			assertThat(AbstractRequestService.isRequestTypeToIgnore(SseStream.class)).isFalse();
		});
	}

	@Test
	void documentsStreamsAsWhatTheyAre() throws Exception {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"springdoc.api-docs.enabled=true")) {
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(server.uri("/v3/api-docs")).build(), HttpResponse.BodyHandlers.ofString());
			JsonNode operation = JsonMapper.builder().build().readTree(response.body()).at("/paths/~1feed/get");
			assertThat(operation.at("/responses/200/content").propertyNames()).containsExactly("text/event-stream");
			assertThat(operation.at("/parameters")).hasSize(1)
				.first()
				.satisfies((parameter) -> assertThat(parameter.at("/name").asString()).isEqualTo("q"));
			assertThat(response.body()).doesNotContain("SseStream");
		}
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		List<Integer> feed(SseStream stream, String q) {
			return List.of(1);
		}

	}

}
