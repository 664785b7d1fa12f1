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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

import io.github.springsse.security.SseSubscription;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseEndpointAutoConfiguration}.
 */
class SseEndpointAutoConfigurationTests {

	private static final TestServers servers = new TestServers(Rules.class, "sse.endpoint.path=/live",
			"server.servlet.context-path=/app", "sse.heartbeat.interval=100ms", "springdoc.api-docs.enabled=true");

	private static final HttpClient http = HttpClient.newHttpClient();

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseAuthorizationAutoConfiguration.class,
				SseWebMvcAutoConfiguration.class, SseEndpointAutoConfiguration.class));

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource
	void opensStreamsOfTheTopicsThatAClientChooses(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		String id;
		try (EventStreamClient client = EventStreamClient
			.open(server.uri("/app/live?topic=prices/*&topic=news/**&topic=prices/*"))) {
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			assertThat(server.registry().streams().iterator().next().getTopics()).containsExactly("prices/*",
					"news/**");
			server.sse().publish("other", "other");
			server.sse().publish("prices/gold", "gold");
			server.sse().publish("news", "new");
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("gold", "new");
			id = client.events().get(0).id();
		}
		EventStreamClient.await().until(() -> server.registry().count() == 0);
		try (EventStreamClient client = EventStreamClient.open(server.uri("/app/live?topic=prices/*&topic=news/**"),
				"Last-Event-ID", "" + id)) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("new");
		}
		EventStreamClient.await().until(() -> server.registry().count() == 0);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			topic=a,b        | a,b
			topic=a%2Fb      | a/b
			topic=%20a%20    | ' a '
			topic=k%C3%B6ln  | köln
			topic=a%252Fb    | a%2Fb
			""")
	void topicsAreWhatTheParameterSays(String query, String topic) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (EventStreamClient client = EventStreamClient.open(server.uri("/app/live?" + query))) {
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			assertThat(server.registry().streams().iterator().next().getTopics()).containsExactly(topic);
			assertThat(client.response().headers().firstValue("Content-Type")).contains("text/event-stream");
		}
		EventStreamClient.await().until(() -> server.registry().count() == 0);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/app/live                    | Parameter 'topic' is missing: add one for each topic or pattern
					/app/live?topics=a           | Parameter 'topic' is missing: add one for each topic or pattern
					/app/live?topic=             | Parameter 'topic': Invalid topic pattern '': it is empty at position 0
					/app/live?topic=a&topic=a//b | Parameter 'topic': Invalid topic pattern 'a//b': empty segment at position 2
					/app/live?topic=a/**/b       | Parameter 'topic': Invalid topic pattern 'a/**/b': '**' that is not the last segment at position 2
					""")
	void explainsWhatIsWrong(String path, String detail) throws Exception {
		for (ServerKind kind : List.of(ServerKind.TOMCAT_HANDOFF, ServerKind.JETTY_HANDOFF)) {
			for (String accept : List.of("text/event-stream", "*/*")) {
				HttpResponse<String> response = send(servers.get(kind).uri(path), "Accept", accept);
				assertThat(response.statusCode()).isEqualTo(400);
				assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
				assertThat(JsonMapper.builder().build().readTree(response.body()).at("/detail").asString())
					.isEqualTo(detail);
			}
		}
	}

	@Test
	void servesNothingElse() throws Exception {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		assertThat(send(server.uri("/app/live?topic=a"), "Accept", "application/json").statusCode()).isEqualTo(406);
		assertThat(send(server.uri("/app/live/?topic=a"), "Accept", "*/*").statusCode()).isEqualTo(404);
		assertThat(http
			.send(HttpRequest.newBuilder(server.uri("/app/live?topic=a"))
				.POST(HttpRequest.BodyPublishers.noBody())
				.build(), HttpResponse.BodyHandlers.discarding())
			.statusCode()).isEqualTo(405);
	}

	@Test
	void springdocDescribesIt() throws Exception {
		HttpResponse<String> response = send(servers.get(ServerKind.TOMCAT_HANDOFF).uri("/app/v3/api-docs"), "Accept",
				"*/*");
		JsonNode operation = JsonMapper.builder().build().readTree(response.body()).at("/paths/~1live/get");
		assertThat(operation.at("/responses/200/content").propertyNames()).as(response.body())
			.containsExactly("text/event-stream");
		assertThat(operation.at("/summary").asString()).isEqualTo("Open a stream of events");
		assertThat(operation.at("/parameters")).hasSize(1).first().satisfies((parameter) -> {
			assertThat(parameter.at("/name").asString()).isEqualTo("topic");
			assertThat(parameter.at("/description").asString()).startsWith("Topic or pattern; repeat the parameter");
			assertThat(parameter.at("/in").asString()).isEqualTo("query");
			assertThat(parameter.at("/required").asBoolean()).isTrue();
			assertThat(parameter.at("/schema/type").asString()).isEqualTo("array");
			assertThat(parameter.at("/schema/items/type").asString()).isEqualTo("string");
		});
		assertThat(response.body()).doesNotContain("SseStream");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test.nothing=", "sse.endpoint.path=", "sse.endpoint.path=false" })
	void offUnlessThereIsAPath(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context.getBean(RequestMappingHandlerMapping.class).getHandlerMethods())
				.noneSatisfy((info, method) -> assertThat(method.getMethod().getName()).isEqualTo("subscribe")));
	}

	@Test
	void refusesToStartWithoutAManager() {
		this.contextRunner.withPropertyValues("sse.endpoint.path=/live")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("Clients may choose topics at '/live' (sse.endpoint.path), but there is no bean of "
							+ "type AuthorizationManager<SseSubscription>, so that anyone could subscribe to every topic.")
					.hasAction("Define one, for example a method that is annotated with @Bean, has the parameter "
							+ "'SseTopicAuthorization.Builder topics', and returns 'topics.pattern(\"users/{user}/**\")"
							+ ".currentUserIs(\"user\").anyTopic().denyAll().build()' as "
							+ "AuthorizationManager<SseSubscription>; or remove sse.endpoint.path.")));
	}

	@Test
	void refusesToStartWhereNobodyAsksTheManager() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
					WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class,
					SseEndpointAutoConfiguration.class))
			.withUserConfiguration(Rules.class)
			.withPropertyValues("sse.endpoint.path=/live")
			.run((context) -> assertThat(context).getFailure().isInstanceOf(UnauthorizedEndpointException.class));
	}

	@Test
	void refusesToStartWithoutSpringSecurity() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withPropertyValues("sse.endpoint.path=/live")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(UnauthorizedEndpointException.class)
				.hasMessageContaining("Spring Security is not on the class path"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "live", "/live/{topic}", "/live/**", "/li ve", "/live?x" })
	void pathsThatCannotWorkAreRefused(String path) {
		this.contextRunner.withUserConfiguration(Rules.class)
			.withPropertyValues("sse.endpoint.path=" + path)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, "sse.endpoint.path=" + path)
					.hasDescription("Invalid value '" + path + "' for configuration property " + "'sse.endpoint.path'",
							"It must be a path that begins with '/'")));
	}

	private static HttpResponse<String> send(URI uri, String... headers) throws Exception {
		return http.send(HttpRequest.newBuilder(uri).headers(headers).build(), HttpResponse.BodyHandlers.ofString());
	}

	@Configuration(proxyBeanMethods = false)
	static class Rules {

		@Bean
		AuthorizationManager<SseSubscription> rules() {
			return (authentication, subscription) -> new AuthorizationDecision(true);
		}

	}

}
