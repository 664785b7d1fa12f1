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

package io.github.springsse.bench.server;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Runs an application as a server program.
 */
public final class ServerProgram {

	/** Long accept queues, and places for all streams. */
	private static final Map<String, String> LIMITS = Map.of("server.tomcat.accept-count", "4096",
			"sse.jetty.accept-queue-size", "4096", "server.tomcat.max-connections", "20000", "sse.limits.streams",
			"20000", "sse.limits.openings-per-second", "0", "sse.limits.concurrent-openings", "0");

	private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

	private ServerProgram() {
	}

	/**
	 * Run an application.
	 * @param arguments the application, a class of this package; {@code tomcat},
	 * {@code jetty} or {@code netty}; {@code defaults} if needed; and properties
	 */
	public static void main(String[] arguments) throws ClassNotFoundException, IOException {
		String otherServer = arguments[1].equals("jetty") ? "tomcat.autoconfigure.servlet.Tomcat"
				: "jetty.autoconfigure.servlet.Jetty";
		List<String> properties = Arrays.asList(arguments).subList(2, arguments.length);
		Map<String, Object> defaults = new HashMap<>(
				Map.of("server.port", "0", "sse.event-log", "memory", "spring.main.banner-mode", "off"));
		defaults.put("spring.autoconfigure.exclude",
				String.join(",", SECURITY + "SecurityAutoConfiguration",
						SECURITY + "UserDetailsServiceAutoConfiguration",
						SECURITY + "web.servlet.SecurityFilterAutoConfiguration",
						SECURITY + "web.servlet.ServletWebSecurityAutoConfiguration",
						"org.springframework.boot." + otherServer + "ServletWebServerAutoConfiguration"));
		if (!properties.contains("defaults")) {
			defaults.putAll(LIMITS);
		}
		SpringApplication application = new SpringApplication(
				Class.forName(ServerProgram.class.getPackageName() + "." + arguments[0]), ItemController.class);
		application.setDefaultProperties(defaults);
		WebServerApplicationContext context = (WebServerApplicationContext) application
			.run(properties.toArray(String[]::new));
		ControlPort.serve(context.getWebServer().getPort(), context.getBean(ControlPort.Audience.class),
				context.getBean(JsonMapper.class));
	}

	/** Answers ordinary requests, with 1 KB of JSON or 50 MB. */
	@RestController
	static class ItemController {

		private static final byte[] LARGE = new byte[50 << 20];

		private static final Item ITEM = new Item(1, "x".repeat(1000));

		@GetMapping("/item")
		Item item() {
			return ITEM;
		}

		@GetMapping("/large")
		byte[] large() {
			return LARGE;
		}

		record Item(long id, String text) {

		}

	}

}
