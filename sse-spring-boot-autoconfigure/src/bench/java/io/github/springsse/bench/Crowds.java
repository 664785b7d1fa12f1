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
 * snapshot, and more streams than the heap has room for. {@code -Dbench.program=Crowds},
 * and {@code -Dbench.options} with one of the servers {@code tomcat} and {@code jetty},
 * and {@code seconds=}.
 */
public final class Crowds {

	private final int seconds;

	private final Results results = new Results();

	private Crowds(int seconds) {
		this.seconds = seconds;
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a program cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "seconds=60");
		List<String> servers = options.words().isEmpty() ? List.of("tomcat", "jetty") : options.words();
		Machine.pinThisProgram();
		Crowds crowds = new Crowds(options.integer("seconds"));
		for (ClassPath build : ClassPath.builds()) {
			for (String server : servers) {
				crowds.measure(build, server, "512m", 300, "/snapshot?size=10000000&millis=200", "once");
				// NOTE: a stream with an unknown id receives an event at once
				crowds.measure(build, server, "128m", 5000, "/events?lastEventId=unknown", "stay");
			}
		}
		System.out.println(Machine.describe(arguments) + Report.of(crowds.results));
	}

	private void measure(ClassPath build, String server, String heap, int clients, String path, String mode)
			throws IOException, Launcher.UnavailableException {
		String title = build.title() + ", " + server;
		Launcher launcher = Launcher.java(List.of("-Xmx" + heap), build, "StarterServer", server, "defaults",
				"--server.tomcat.accept-count=4096", "--sse.shutdown.reconnect-within=5s");
		try (Program program = Program.server("crowds-server", launcher.prepare());
				Rush rush = new Rush(title, program, 1, path, mode, this.results)) {
			rush.requests().start();
			rush.come(clients);
			// NOTE: the same time for each build, even if it serves nobody any more
			rush.phase(clients + " clients of " + path + ", -Xmx" + heap, this.seconds);
		}
	}

}
