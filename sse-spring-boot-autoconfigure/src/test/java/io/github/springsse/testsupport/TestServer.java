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

package io.github.springsse.testsupport;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseOperations;
import io.github.springsse.delivery.Delivery;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application on a real web server and a random port.
 */
public final class TestServer implements AutoCloseable {

	private static final String REDIS = "org.springframework.boot.data.redis.";

	private static final String HEALTH = "org.springframework.boot.health.";

	private static final Map<String, List<String>> NEEDED_WITH = Map.of( //
			"test.security", List.of("org.springframework.boot.security."), //
			"test.metrics",
			List.of("org.springframework.boot.micrometer.", "org.springframework.boot.tomcat.autoconfigure.metrics.",
					"org.springframework.boot.jetty.autoconfigure.metrics."), //
			"spring.datasource",
			List.of("org.springframework.boot.jdbc.", "org.springframework.boot.hibernate.",
					"org.springframework.boot.data.jpa.", "org.springframework.boot.persistence.",
					"org.springframework.boot.transaction.", "org.springframework.boot.autoconfigure.aop."), //
			"spring.data.redis", List.of(REDIS, HEALTH), //
			"springdoc", List.of("org.springdoc.", "io.github.springsse.autoconfigure.SseSpringDocAutoConfiguration"));

	private static final List<String> UNUSED = List.of("org.springframework.boot.data.autoconfigure.",
			"org.springframework.boot.netty.");

	private static final List<String> AUTO_CONFIGURATIONS = ImportCandidates.load(AutoConfiguration.class, null)
		.getCandidates();

	private static final String LOG_LEVEL = "logging.level.";

	/**
	 * How many servers that run have set the level of a logger, which belongs to the
	 * process, by its name.
	 */
	private static final Map<String, Integer> levels = new ConcurrentHashMap<>();

	private final ServletWebServerApplicationContext context;

	private final List<String> loggers;

	private TestServer(ServletWebServerApplicationContext context, List<String> loggers) {
		this.context = context;
		this.loggers = loggers;
	}

	/**
	 * Start an application of the given classes and the auto-configurations.
	 * @param kind web server and transport
	 * @param source configuration classes and controllers
	 * @param properties further properties
	 * @return the server
	 */
	public static TestServer start(ServerKind kind, Class<?> source, String... properties) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--server.port=0");
		arguments.add("--sse.transport=" + kind.transport());
		arguments.add("--test.server=" + kind.server());
		arguments.add("--spring.main.banner-mode=off");
		arguments.add("--spring.main.log-startup-info=false");
		arguments.add("--spring.autoconfigure.exclude=" + String.join(",", excluded(properties)));
		if (Arrays.stream(properties).noneMatch((property) -> property.startsWith("sse.limits.openings"))) {
			// NOTE: tests open streams as fast as the machine can
			arguments.add("--sse.limits.openings-per-second=0");
		}
		if (Arrays.stream(properties).noneMatch((property) -> property.startsWith("sse.limits.concurrent-openings"))) {
			arguments.add("--sse.limits.concurrent-openings=0");
		}
		if (Arrays.stream(properties).noneMatch((property) -> property.startsWith("sse.event-log"))) {
			arguments.add("--sse.event-log=memory");
		}
		if (Arrays.stream(properties).noneMatch((property) -> property.startsWith("spring.data.redis.lettuce.pool"))) {
			arguments.add("--spring.data.redis.lettuce.pool.enabled=false");
		}
		arguments.add("--spring.data.redis.repositories.enabled=false");
		Arrays.stream(properties).map((property) -> "--" + property).forEach(arguments::add);
		SpringApplication application = new SpringApplication(Base.class, source);
		application.setRegisterShutdownHook(false);
		List<String> loggers = Arrays.stream(properties)
			.filter((property) -> property.startsWith(LOG_LEVEL))
			.map((property) -> property.substring(LOG_LEVEL.length(), property.indexOf('=')))
			.toList();
		loggers.forEach((logger) -> levels.merge(logger, 1, Integer::sum));
		return new TestServer((ServletWebServerApplicationContext) application.run(arguments.toArray(String[]::new)),
				loggers);
	}

	/**
	 * Most tests need none of what is beside the library on the class path, and an
	 * application without it starts in two thirds of the time. Those that need it have a
	 * property of it.
	 */
	private static List<String> excluded(String... properties) {
		List<String> unused = new ArrayList<>(UNUSED);
		NEEDED_WITH.forEach((property, packages) -> {
			if (Arrays.stream(properties).noneMatch((candidate) -> candidate.startsWith(property))) {
				unused.addAll(packages);
			}
		});
		if (Arrays.asList(properties).contains("sse.event-log=redis")) {
			unused.removeAll(List.of(REDIS, HEALTH));
		}
		return AUTO_CONFIGURATIONS.stream().filter((name) -> unused.stream().anyMatch(name::startsWith)).toList();
	}

	public URI uri(String path) {
		return URI.create("http://localhost:" + port() + path);
	}

	public int port() {
		return this.context.getWebServer().getPort();
	}

	public WebServer webServer() {
		WebServer result = this.context.getWebServer();
		if (result == null) {
			throw new IllegalStateException("No web server");
		}
		return result;
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public <T> T bean(String name, Class<T> type) {
		return this.context.getBean(name, type);
	}

	public SseOperations sse() {
		return bean(SseOperations.class);
	}

	public SseEmitterRegistry registry() {
		return bean(SseEmitterRegistry.class);
	}

	public Delivery delivery() {
		return bean(Delivery.class);
	}

	/**
	 * Open the stream of a topic that is served at a path of its name.
	 * @param topic the topic
	 * @param headers of the request, names and values
	 * @return a client whose stream is open
	 */
	public EventStreamClient open(String topic, String... headers) {
		int before = registry().count(topic);
		EventStreamClient client = EventStreamClient.open(uri("/" + topic), headers);
		EventStreamClient.await().until(() -> registry().count(topic) > before);
		return client;
	}

	@Override
	public void close() {
		this.context.close();
		LoggingSystem logging = LoggingSystem.get(TestServer.class.getClassLoader());
		this.loggers.forEach((logger) -> {
			if (levels.computeIfPresent(logger, (key, count) -> (count > 1) ? count - 1 : null) == null) {
				logging.setLogLevel(logger, null);
			}
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Base {

		@Bean
		@ConditionalOnProperty(name = "test.server", havingValue = "tomcat")
		TomcatServletWebServerFactory tomcat() {
			return new TomcatServletWebServerFactory();
		}

		@Bean
		@ConditionalOnProperty(name = "test.server", havingValue = "jetty")
		JettyServletWebServerFactory jetty() {
			return new JettyServletWebServerFactory();
		}

		@Bean
		@ConditionalOnProperty("test.security")
		PlainPasswords passwords() {
			return new PlainPasswords();
		}

	}

}
