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

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.SseException;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.SseTemplate;
import io.github.springsse.SseTopic;
import io.github.springsse.log.EventLog;
import io.github.springsse.testsupport.EventStreamClient;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that an application runs without optional dependencies. A separate class loader
 * hides them, because not only conditions load classes.
 */
class WithoutOptionalDependenciesTests {

	private static final List<String> OPTIONAL = List.of("tomcat-embed", "spring-boot-tomcat", "jackson",
			"micrometer-core", "spring-boot-micrometer", "spring-security", "spring-boot-security", "spring-session",
			"spring-tx", "spring-data", "spring-boot-data", "lettuce", "spring-boot-health", "springdoc", "swagger",
			"spring-test", "spring-orm", "spring-jdbc", "spring-boot-jdbc", "spring-boot-hibernate", "spring-boot-jpa",
			"spring-boot-sql", "spring-boot-transaction", "spring-boot-persistence", "jakarta.persistence",
			"hibernate-core", "HikariCP", "h2-", "kotlin", "reactor-", "reactive-streams", "rxjava",
			"context-propagation");

	@Test
	void deliversOnJettyAlone() throws Exception {
		run("run", (entry) -> OPTIONAL.stream().noneMatch(entry::startsWith));
	}

	@Test
	void deliversWithSecurityAlone() throws Exception {
		run("runSecured",
				(entry) -> OPTIONAL.stream().filter((name) -> !name.contains("-security")).noneMatch(entry::startsWith)
						&& !entry.startsWith("spring-security-oauth2"));
	}

	private static void run(String method, Predicate<String> names) throws Exception {
		URL[] urls = classPath(names);
		Thread thread = Thread.currentThread();
		ClassLoader original = thread.getContextClassLoader();
		try (URLClassLoader classLoader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(classLoader);
			classLoader.loadClass(Application.class.getName()).getMethod(method).invoke(null);
		}
		catch (InvocationTargetException ex) {
			throw new AssertionError(ex.getCause());
		}
		finally {
			thread.setContextClassLoader(original);
		}
	}

	private static URL[] classPath(Predicate<String> names) {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(Path::of)
			.filter((entry) -> names.test(entry.getFileName().toString()))
			.map(WithoutOptionalDependenciesTests::url)
			.toArray(URL[]::new);
	}

	private static URL url(Path entry) {
		try {
			return entry.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Run by the other class loader.
	 */
	@RestController
	@EnableAutoConfiguration
	public static class Application {

		@GetMapping("/feed")
		@SseTopic("feed")
		int feed() {
			return 1;
		}

		public static void run() {
			for (String absent : List.of("org.apache.catalina.Server", "tools.jackson.databind.json.JsonMapper",
					"io.micrometer.core.instrument.MeterRegistry", "org.springframework.security.core.Authentication",
					"org.springframework.data.redis.connection.RedisConnectionFactory", "io.lettuce.core.RedisClient",
					"org.springframework.boot.health.contributor.Health",
					"org.springframework.transaction.support.TransactionSynchronizationManager",
					"jakarta.persistence.EntityManager", "org.springframework.orm.jpa.EntityManagerHolder",
					"org.springframework.test.web.servlet.MockMvc", "kotlin.Unit", "org.reactivestreams.Publisher",
					"io.micrometer.context.ContextSnapshot")) {
				assertThat(ClassUtils.isPresent(absent, Application.class.getClassLoader())).as(absent).isFalse();
			}
			try (ServletWebServerApplicationContext context = (ServletWebServerApplicationContext) SpringApplication
				.run(Application.class, "--server.port=0", "--spring.main.banner-mode=off");
					EventStreamClient client = EventStreamClient
						.open(URI.create("http://localhost:" + context.getWebServer().getPort() + "/feed"))) {
				client.awaitEvents(1);
				SseOperations sse = context.getBean(SseOperations.class);
				sse.publish("feed", "two");
				EventStreamClient.await().untilAsserted(() -> assertThat(client.data()).containsExactly("1", "two"));
				assertThatExceptionOfType(SseException.class).isThrownBy(() -> sse.publish("feed", Map.of()));
				SseOperations own = new SseTemplate(context.getBean(EventLog.class), Object::toString);
				assertThat(own.publish("feed", "three")).isNotNull();
				publishSources(sse);
			}
		}

		private static void publishSources(SseOperations sse) {
			for (Object source : List.of(List.of("a"), Stream.of("a"), (Flow.Publisher<String>) Application::publish)) {
				SsePublication publication = sse.publishAll("answer", source);
				assertThat(publication.completion().orTimeout(10, TimeUnit.SECONDS).join())
					.isEqualTo(SsePublication.State.COMPLETED);
			}
			assertThatExceptionOfType(InvalidSseDataException.class)
				.isThrownBy(() -> sse.publishAll("answer", CompletableFuture.completedFuture("a")))
				.withMessageContaining("it has at most one value");
		}

		private static void publish(Flow.Subscriber<? super String> subscriber) {
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long n) {
				}

				@Override
				public void cancel() {
				}

			});
			subscriber.onNext("a");
			subscriber.onComplete();
		}

		public static void runSecured() {
			for (String absent : List.of("org.springframework.session.SessionRepository",
					"org.springframework.security.oauth2.core.OAuth2Token")) {
				assertThat(ClassUtils.isPresent(absent, Application.class.getClassLoader())).as(absent).isFalse();
			}
			try (ServletWebServerApplicationContext context = (ServletWebServerApplicationContext) SpringApplication
				.run(Application.class, "--server.port=0", "--spring.main.banner-mode=off",
						"--spring.security.user.password=secret")) {
				URI uri = URI.create("http://localhost:" + context.getWebServer().getPort() + "/feed");
				String credentials = HttpHeaders.encodeBasicAuth("user", "secret", StandardCharsets.US_ASCII);
				try (EventStreamClient client = EventStreamClient.open(uri, "Authorization", "Basic " + credentials)) {
					client.awaitEvents(1);
					assertThat(context.containsBean("sseStreamGuard")).isTrue();
				}
			}
		}

	}

}
