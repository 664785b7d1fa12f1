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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Runs an application as a server program.
 */
public final class ServerProgram {

	/** Connections that may wait to be accepted. */
	private static final int BACKLOG = 4096;

	private static final int CONNECTIONS = 20_000;

	/** An argument: the web server and the limits have their defaults. */
	private static final String DEFAULTS = "defaults";

	private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

	private static final String TOMCAT = "org.springframework.boot.tomcat.autoconfigure.servlet."
			+ "TomcatServletWebServerAutoConfiguration";

	private static final String JETTY = "org.springframework.boot.jetty.autoconfigure.servlet."
			+ "JettyServletWebServerAutoConfiguration";

	private ServerProgram() {
	}

	/**
	 * Run an application.
	 * @param arguments the application, a class of this package; {@code tomcat},
	 * {@code jetty} or {@code netty}; {@code defaults} if needed; and properties
	 * @throws ClassNotFoundException if there is no such application
	 */
	public static void main(String[] arguments) throws ClassNotFoundException {
		Class<?> application = Class.forName(ServerProgram.class.getPackageName() + "." + arguments[0]);
		List<String> excluded = List.of(SECURITY + "SecurityAutoConfiguration",
				SECURITY + "UserDetailsServiceAutoConfiguration",
				SECURITY + "web.servlet.SecurityFilterAutoConfiguration",
				SECURITY + "web.servlet.ServletWebSecurityAutoConfiguration",
				arguments[1].equals("jetty") ? TOMCAT : JETTY);
		List<String> properties = new ArrayList<>(Arrays.asList(arguments).subList(2, arguments.length));
		properties.add("--spring.autoconfigure.exclude=" + String.join(",", excluded));
		properties.add("--spring.main.banner-mode=off");
		if (properties.stream().noneMatch((property) -> property.startsWith("--server.port="))) {
			properties.add("--server.port=0");
		}
		properties.add("--sse.event-log=memory");
		if (!properties.remove(DEFAULTS)) {
			properties.add("--server.tomcat.accept-count=" + BACKLOG);
			properties.add("--sse.jetty.accept-queue-size=" + BACKLOG);
			properties.add("--server.tomcat.max-connections=" + CONNECTIONS);
			properties.add("--sse.limits.streams=" + CONNECTIONS);
			properties.add("--sse.limits.openings-per-second=0");
			properties.add("--sse.limits.concurrent-openings=0");
		}
		Class<?>[] sources = { application, ItemController.class };
		WebServerApplicationContext context = (WebServerApplicationContext) SpringApplication.run(sources,
				properties.toArray(String[]::new));
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
