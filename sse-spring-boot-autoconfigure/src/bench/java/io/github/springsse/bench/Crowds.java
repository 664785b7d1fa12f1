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

package io.github.springsse.bench;

import java.io.IOException;
import java.util.List;

/**
 * Has crowds connect at once to an application with a small heap: clients of a large
 * snapshot, and more streams than the heap has room for.
 */
public final class Crowds {

	private Crowds() {
	}

	public static void main(String[] arguments) throws IOException {
		Options options = new Options(arguments, "servers=handoff,jetty", "seconds=60");
		int seconds = options.integer("seconds");
		Rush.ofEach(options, (server, results) -> {
			measure(server, results, seconds, "512m", 300, "/each?size=10000000&millis=200");
			measure(server, results, seconds, "128m", 5000, Rush.EVENT_AT_ONCE);
		});
	}

	private static void measure(Server server, Results results, int seconds, String heap, int clients, String path)
			throws IOException {
		List<String> command = server.launcher.prepare("defaults", "--server.tomcat.accept-count=4096",
				"--sse.shutdown.reconnect-within=5s");
		command.removeAll(Launcher.HEAP);
		command.add(1, "-Xmx" + heap);
		try (Program program = Program.server("crowds-server", command);
				Rush rush = new Rush(server.title, program, 1, path, results)) {
			rush.come(clients);
			// NOTE: the same time for each build, even if it serves nobody any more
			rush.phase(clients + " clients of " + path + ", -Xmx" + heap, seconds);
		}
	}

}
