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
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/**
 * Runs an application as a server program.
 */
final class SpringServer {

	/** How many connections may wait to be accepted. */
	static final int BACKLOG = 4096;

	private static final int CONNECTIONS = 20_000;

	/** An argument: have Tomcat take as many connections as it does by default. */
	private static final String DEFAULT_CONNECTIONS = "default-connections";

	/** An argument: change nothing of the web server, and of the limits. */
	private static final String DEFAULTS = "defaults";

	private static final List<String> SECURITY = List.of(
			"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration");

	private static final String TOMCAT = "org.springframework.boot.tomcat.autoconfigure.servlet."
			+ "TomcatServletWebServerAutoConfiguration";

	private static final String JETTY = "org.springframework.boot.jetty.autoconfigure.servlet."
			+ "JettyServletWebServerAutoConfiguration";

	private SpringServer() {
	}

	/**
	 * Run an application, on Jetty if {@code jetty} is the first argument, else on
	 * Tomcat. Other arguments are {@code default-connections} and {@code defaults}; what
	 * remains are properties.
	 */
	static void run(Class<? extends Audience> application, String[] arguments) {
		boolean jetty = arguments.length > 0 && arguments[0].equals("jetty");
		List<String> excluded = new ArrayList<>(SECURITY);
		excluded.add(jetty ? TOMCAT : JETTY);
		List<String> properties = new ArrayList<>(Arrays.asList(arguments));
		properties.add("--spring.autoconfigure.exclude=" + String.join(",", excluded));
		properties.add("--spring.main.banner-mode=off");
		properties.add("--server.port=0");
		properties.add("--sse.event-log=memory");
		boolean defaults = properties.remove(DEFAULTS);
		if (!defaults) {
			properties.add("--server.tomcat.accept-count=" + BACKLOG);
		}
		if (!properties.remove(DEFAULT_CONNECTIONS) && !defaults) {
			properties.add("--server.tomcat.max-connections=" + CONNECTIONS);
			properties.add("--sse.limits.streams=" + CONNECTIONS);
			properties.add("--sse.limits.openings-per-second=0");
		}
		List<Class<?>> sources = new ArrayList<>(List.of(application, ItemController.class));
		if (jetty && !defaults) {
			sources.add(JettyBacklog.class);
		}
		ServletWebServerApplicationContext context = (ServletWebServerApplicationContext) SpringApplication
			.run(sources.toArray(Class<?>[]::new), properties.toArray(String[]::new));
		ControlPort.serve(context.getWebServer().getPort(), context.getBean(Audience.class),
				context.getBean(JsonMapper.class));
	}

}
