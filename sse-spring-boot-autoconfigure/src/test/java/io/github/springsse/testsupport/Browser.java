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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * A browser without a window on a screen, which shows one page until it is closed.
 */
public final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** The browser, and the display that it has. */
	private final List<Process> processes = new ArrayList<>();

	private final Path output;

	/**
	 * Open a page.
	 * @param engine the engine. The test is skipped where there is no browser of it
	 * @param directory the directory for all that the browser writes
	 * @param page the page
	 */
	public Browser(BrowserEngine engine, Path directory, URI page) {
		Path executable = engine.required();
		this.output = directory.resolve("browser.log");
		try {
			List<String> command = new ArrayList<>();
			command.add(executable.toString());
			command.addAll(engine.arguments(directory));
			command.add(page.toString());
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.output.toFile());
			setUp(builder.environment(), directory);
			if (engine.needsDisplay()) {
				builder.environment().put("DISPLAY", ":" + startDisplay(directory));
			}
			this.processes.add(builder.start());
		}
		catch (IOException ex) {
			close();
			throw new UncheckedIOException(ex);
		}
	}

	private static void setUp(Map<String, String> environment, Path directory) throws IOException {
		environment.keySet().removeIf((name) -> name.toLowerCase().endsWith("_proxy"));
		environment.put("HOME", directory.toString());
		environment.put("TMPDIR", directory.toString());
		for (String name : List.of("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")) {
			environment.put(name, Files.createDirectories(directory.resolve(name)).toString());
		}
		// Otherwise GTK starts a daemon that stays
		environment.put("DBUS_SESSION_BUS_ADDRESS", "disabled:");
		environment.put("NO_AT_BRIDGE", "1");
		environment.put("MOZ_CRASHREPORTER_DISABLE", "1");
		environment.put("LIBGL_ALWAYS_SOFTWARE", "1");
		environment.put("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
		environment.put("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
	}

	/**
	 * Start a display, which takes a number that is free and tells it.
	 */
	private String startDisplay(Path directory) throws IOException {
		Process display = new ProcessBuilder("Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten",
				"tcp", "-terminate")
			.redirectError(directory.resolve("display.log").toFile())
			.start();
		this.processes.add(display);
		try (BufferedReader reader = display.inputReader()) {
			String number = reader.readLine();
			if (number == null) {
				throw new IOException("No display: " + Files.readString(directory.resolve("display.log")));
			}
			return number;
		}
	}

	/**
	 * What the browser has said.
	 * @return the output
	 */
	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Close the browser: none of its processes is left.
	 */
	@Override
	public void close() {
		List<ProcessHandle> all = this.processes.stream()
			.flatMap((process) -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
			.toList();
		try {
			this.processes.forEach(Process::destroy);
			Awaitility.await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
		}
		finally {
			all.forEach(ProcessHandle::destroyForcibly);
		}
	}

}
