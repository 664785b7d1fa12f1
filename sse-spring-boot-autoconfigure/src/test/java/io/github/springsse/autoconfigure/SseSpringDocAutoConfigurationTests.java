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
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.utils.SpringDocUtils;
import reactor.core.publisher.Flux;
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

	@Test
	void documentsEachStreamByWhatAClientGets() throws Exception {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"springdoc.api-docs.enabled=true")) {
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(server.uri("/v3/api-docs")).build(), HttpResponse.BodyHandlers.ofString());
			JsonNode document = JsonMapper.builder().build().readTree(response.body());
			String price = "{\"$ref\":\"#/components/schemas/Price\"}";
			String prices = "{\"type\":\"array\",\"items\":" + price + "}";
			String text = "{\"type\":\"string\"}";
			assertThat(schema(document, "nothing")).isEqualTo(text);
			assertThat(schema(document, "events")).isEqualTo(text);
			assertThat(schema(document, "stream")).isEqualTo(text);
			assertThat(schema(document, "price")).isEqualTo(price);
			assertThat(schema(document, "supplier")).isEqualTo(price);
			assertThat(schema(document, "optional")).isEqualTo(price);
			assertThat(schema(document, "prices")).isEqualTo(prices);
			assertThat(schema(document, "series")).isEqualTo(prices);
			assertThat(schema(document, "iterator")).isEqualTo(prices);
			assertThat(schema(document, "flux")).isEqualTo(price);
			assertThat(schema(document, "supplied-flux")).isEqualTo(price);
			assertThat(schema(document, "flow")).isEqualTo(text);
			assertThat(schema(document, "documented")).contains("own words");
			assertThat(document.at("/components/schemas").propertyNames()).containsExactly("Price");
			assertThat(document.at("/paths/~1ordinary/get/responses/200/content").propertyNames())
				.doesNotContain("text/event-stream");
		}
	}

	private static String schema(JsonNode document, String path) {
		JsonNode content = document.at("/paths/~1" + path + "/get/responses/200/content");
		assertThat(content.propertyNames()).as(path).containsExactly("text/event-stream");
		return content.at("/text~1event-stream/schema").toString();
	}

	record Price(int amount) {

	}

	@RestController
	static class Controller {

		@GetMapping("/ordinary")
		int ordinary() {
			return 1;
		}

		@GetMapping("/nothing")
		@SseTopic("feed")
		void nothing() {
		}

		@GetMapping("/events")
		@SseTopic("feed")
		List<SseEvent> events() {
			return List.of();
		}

		@GetMapping("/stream")
		SseStream stream() {
			throw new UnsupportedOperationException();
		}

		@GetMapping("/price")
		@SseTopic("feed")
		Price price() {
			return new Price(1);
		}

		@GetMapping("/supplier")
		@SseTopic("feed")
		Supplier<Price> supplier() {
			return () -> new Price(1);
		}

		@GetMapping("/optional")
		@SseTopic("feed")
		Optional<Price> optional() {
			return Optional.empty();
		}

		@GetMapping("/prices")
		@SseTopic("feed")
		List<Price> prices() {
			return List.of();
		}

		@GetMapping("/series")
		@SseTopic("feed")
		Stream<Price> series() {
			return Stream.of();
		}

		@GetMapping("/iterator")
		@SseTopic("feed")
		Supplier<Iterator<Price>> iterator() {
			return Collections::emptyIterator;
		}

		@GetMapping("/flux")
		@SseTopic("feed")
		Flux<Price> flux() {
			return Flux.empty();
		}

		@GetMapping("/supplied-flux")
		@SseTopic("feed")
		Supplier<Flux<Price>> suppliedFlux() {
			return Flux::empty;
		}

		@GetMapping("/flow")
		@SseTopic("feed")
		Flow.Publisher<SseEvent> flow() {
			throw new UnsupportedOperationException();
		}

		@GetMapping("/documented")
		@SseTopic("feed")
		@ApiResponse(responseCode = "200", content = @Content(mediaType = "text/event-stream",
				schema = @Schema(type = "string", description = "own words")))
		void documented() {
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		List<Integer> feed(SseStream stream, String q) {
			return List.of(1);
		}

	}

}
