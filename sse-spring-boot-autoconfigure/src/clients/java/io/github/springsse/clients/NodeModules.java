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

package io.github.springsse.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The clients for Node, which npm fetches into the build directory, and the page
 * {@code chat.js}, which is bundled there.
 */
final class NodeModules {

	private static final Path SOURCES = Path.of("src", "clients", "node");

	private static final Path TARGET = Path.of("target", "clients", "node").toAbsolutePath();

	private static final int MINUTES = 3;

	private static @Nullable Boolean available;

	private NodeModules() {
	}

	/**
	 * Have the clients fetched, once, and skip the test where there is no Node.
	 * @return where they are
	 */
	static synchronized Path required() {
		if (available == null) {
			available = prepare();
		}
		Assumptions.assumeTrue(available, "No node, or no npm, on the path");
		return TARGET;
	}

	private static boolean prepare() {
		try {
			Files.createDirectories(TARGET);
			for (String file : List.of("package.json", ".npmrc", "client.mjs", "answers.mjs", "chat.mjs",
					"bundle.mjs")) {
				Files.copy(SOURCES.resolve(file), TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
			}
			if (!run("node", "--version")) {
				return false;
			}
			run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline");
			return run("node", "bundle.mjs");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean run(String... command) throws IOException {
		Path log = TARGET.resolve(command[0] + ".log");
		Process process;
		try {
			process = new ProcessBuilder(command).directory(TARGET.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
		}
		catch (IOException ex) {
			return false;
		}
		try {
			if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
				process.destroyForcibly();
				throw new IllegalStateException(String.join(" ", command) + " takes too long");
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			throw new IllegalStateException(ex);
		}
		if (process.exitValue() != 0) {
			throw new IllegalStateException(
					String.join(" ", command) + " failed:" + System.lineSeparator() + Files.readString(log));
		}
		return true;
	}

}
