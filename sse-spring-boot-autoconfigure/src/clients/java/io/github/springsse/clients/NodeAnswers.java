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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of streamed answers for Node, which runs in a process of its own:
 * {@code answers.mjs}.
 */
final class NodeAnswers implements AutoCloseable {

	private static final JsonMapper json = new JsonMapper();

	private final Process process;

	private final List<JsonNode> lines = new CopyOnWriteArrayList<>();

	/**
	 * Start a client. The test is skipped where there is no Node.
	 * @param client the name of the client
	 * @param arguments what it is given
	 */
	NodeAnswers(String client, String... arguments) {
		Path directory = NodeModules.required();
		ProcessBuilder builder = new ProcessBuilder("node", "answers.mjs", client).directory(directory.toFile())
			.redirectError(directory.resolve(client + ".log").toFile());
		builder.command().addAll(List.of(arguments));
		try {
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(this::read, client);
		thread.setDaemon(true);
		thread.start();
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader()) {
			reader.lines().map(json::readTree).forEach(this.lines::add);
		}
		catch (IOException | UncheckedIOException ex) {
			// killed
		}
	}

	/**
	 * What the user of the client has been told.
	 * @return a line for each thing
	 */
	List<JsonNode> lines() {
		return this.lines;
	}

	@Override
	public String toString() {
		return this.lines.toString();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
