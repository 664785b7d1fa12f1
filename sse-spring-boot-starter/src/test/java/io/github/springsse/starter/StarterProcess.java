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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@link StarterApplication} as a process of its own, since the class path of the tests
 * has more on it than that of an application.
 */
final class StarterProcess implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("(\\w+) on port (\\d+)");

	private final Process process;

	private final String webServer;

	private final URI uri;

	/**
	 * Start the application, and wait until it serves requests.
	 * @param classPath the class path, without the application itself
	 */
	StarterProcess(List<String> classPath) throws IOException {
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
				Path.of("target", "test-classes") + File.pathSeparator + String.join(File.pathSeparator, classPath),
				StarterApplication.class.getName(), "--server.port=0")
			.redirectErrorStream(true)
			.start();
		Matcher started = awaitStart();
		this.webServer = started.group(1);
		this.uri = URI.create("http://localhost:" + started.group(2));
	}

	private Matcher awaitStart() throws IOException {
		BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
		StringBuilder log = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			Matcher matcher = STARTED.matcher(line);
			if (matcher.matches()) {
				return matcher;
			}
			log.append(line).append('\n');
		}
		throw new AssertionError("The application has not started:\n" + log);
	}

	String webServer() {
		return this.webServer;
	}

	URI uri(String path) {
		return this.uri.resolve(path);
	}

	/**
	 * Have the application shut down.
	 * @return whether it has done so within ten seconds, far less than the time for which
	 * a web server waits for requests
	 */
	boolean shutDown() throws InterruptedException {
		this.process.destroy();
		return this.process.waitFor(10, TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
