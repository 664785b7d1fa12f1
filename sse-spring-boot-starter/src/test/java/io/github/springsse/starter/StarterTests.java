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

package io.github.springsse.starter;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an application that has the starter and nothing else.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StarterTests {

	private final HttpClient http = HttpClient.newHttpClient();

	@Test
	void applicationWithTheStarterAloneRunsOnTomcat() throws IOException, InterruptedException {
		List<String> classPath = starter();
		assertThat(classPath).noneMatch((entry) -> isOf("jetty", entry) || isOf("junit", entry));
		try (StarterProcess application = new StarterProcess(classPath)) {
			assertThat(application.webServer()).isEqualTo("TomcatWebServer");
			assertDeliversUntilItShutsDown(application);
		}
	}

	@Test
	void applicationWithJettyInsteadOfTomcatRunsOnJetty() throws IOException, InterruptedException {
		List<String> classPath = Stream
			.concat(starter().stream().filter((entry) -> !isOf("tomcat", entry)),
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.filter((entry) -> isOf("jetty", entry) || isOf("jakarta.servlet", entry)))
			.toList();
		try (StarterProcess application = new StarterProcess(classPath)) {
			assertThat(application.webServer()).isEqualTo("JettyServletWebServer");
			assertDeliversUntilItShutsDown(application);
		}
	}

	private void assertDeliversUntilItShutsDown(StarterProcess application) throws IOException, InterruptedException {
		HttpResponse<InputStream> feed = this.http.send(HttpRequest.newBuilder(application.uri("/feed")).build(),
				BodyHandlers.ofInputStream());
		assertThat(feed.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
		try (BufferedReader reader = new BufferedReader(new InputStreamReader(feed.body(), StandardCharsets.UTF_8))) {
			greet(application, "{\"text\":\"hello\"}");
			greet(application, "{\"text\":\"hello again\"}");
			assertThat(nextData(reader)).isEqualTo("data: {\"text\":\"hello\"}");
			assertThat(nextData(reader)).isEqualTo("data: {\"text\":\"hello again\"}");
			assertThat(application.shutDown()).isTrue();
			assertThat(nextData(reader)).isNull();
		}
	}

	private void greet(StarterProcess application, String greeting) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(application.uri("/greetings"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(greeting))
			.build();
		assertThat(this.http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
	}

	private static String nextData(BufferedReader reader) throws IOException {
		String line;
		do {
			line = reader.readLine();
		}
		while (line != null && !line.startsWith("data:"));
		return line;
	}

	private static boolean isOf(String name, String entry) {
		return Path.of(entry).getFileName().toString().contains(name);
	}

	/**
	 * What the build has found the starter to bring.
	 */
	private static List<String> starter() throws IOException {
		return List.of(Files.readString(Path.of("target", "runtime-class-path")).strip().split(File.pathSeparator));
	}

}
