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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A browser without a window, which shows one page until it is closed.
 */
public final class Browser implements AutoCloseable {

	private final Process process;

	private final Path output;

	/**
	 * Open a page.
	 * @param executable a Chromium
	 * @param directory the directory for its profile
	 * @param page the page
	 */
	public Browser(Path executable, Path directory, URI page) {
		this.output = directory.resolve("browser.log");
		ProcessBuilder builder = new ProcessBuilder(executable.toString(), "--headless=new", "--no-sandbox",
				"--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-breakpad", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--user-data-dir=" + directory.resolve("profile"), page.toString())
			.redirectErrorStream(true)
			.redirectOutput(this.output.toFile());
		builder.environment().put("TMPDIR", directory.toString());
		try {
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Skip the test where there is no Chromium.
	 * @return the Chromium on the path
	 */
	public static Path required() {
		Optional<Path> found = find();
		Assumptions.assumeTrue(found.isPresent(), "No chromium or google-chrome on the path");
		return found.orElseThrow();
	}

	/**
	 * Look for a Chromium on the path.
	 * @return the executable, if there is one
	 */
	public static Optional<Path> find() {
		String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
		return Arrays.stream(path.split(File.pathSeparator))
			.flatMap((directory) -> Stream.of("chromium", "google-chrome").map((name) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst();
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

	@Override
	public void close() {
		List<ProcessHandle> processes = Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants())
			.toList();
		try {
			this.process.destroy();
			Awaitility.await().until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
		}
		finally {
			processes.forEach(ProcessHandle::destroyForcibly);
		}
	}

}
