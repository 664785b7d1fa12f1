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
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client for Node, which runs in a process of its own: {@code client.mjs}.
 */
final class NodeClient implements ForeignClient {

	/** The events that are listened for, where the client must be told. */
	private static final String NAMES = "snapshot,named,gap";

	private static final JsonMapper json = new JsonMapper();

	private final String name;

	private @Nullable Process process;

	NodeClient(String name) {
		this.name = name;
	}

	@Override
	public void open(URI uri, ForeignClientUser user) {
		Path directory = NodeModules.required();
		try {
			this.process = new ProcessBuilder("node", "client.mjs", this.name, uri.toString(), NAMES)
				.directory(directory.toFile())
				.redirectError(directory.resolve(this.name + ".log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(() -> read(user), this.name);
		thread.setDaemon(true);
		thread.start();
	}

	private void read(ForeignClientUser user) {
		try (BufferedReader reader = Objects.requireNonNull(this.process).inputReader()) {
			reader.lines().map(json::readTree).forEach((line) -> tell(line, user));
		}
		catch (IOException | UncheckedIOException ex) {
			// killed
		}
	}

	private static void tell(JsonNode line, ForeignClientUser user) {
		if (line.has("event")) {
			user.event(text(line, "event"), text(line, "data"), text(line, "id"));
		}
		else if (line.has("open")) {
			user.opened();
		}
		else if (line.has("end")) {
			user.ended();
		}
		else if (line.has("stopped")) {
			user.stopped();
		}
		else {
			user.failed(line.toString());
		}
	}

	private static @Nullable String text(JsonNode line, String name) {
		JsonNode value = line.path(name);
		return value.isString() ? value.stringValue() : null;
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

}
