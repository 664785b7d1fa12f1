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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Floods servers that have their defaults with requests for streams from one address, and
 * measures ordinary requests at the same time. Clients that are refused reconnect as they
 * are told. {@code -Dbench.program=Flood}, and {@code -Dbench.options} with some of the
 * servers {@code tomcat}, {@code jetty}, {@code plain} and {@code nchan}, and
 * {@code clients=}, {@code seconds=}, {@code warm-up=} (rounds) and {@code requests=}
 * (ordinary ones of the warm-up).
 */
public final class Flood {

	private static final int PROCESSES = 2;

	private static final int WARM_UP_CLIENTS = 2000;

	/**
	 * Of a server that does not notice that clients have left: they keep their places.
	 */
	private static final int WARM_UP_CLIENTS_OF_PLAIN = 200;

	private final Options options;

	private Flood(Options options) {
		this.options = options;
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a program cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		// NOTE: after this warm-up, nearly all code that is used is compiled
		Options options = new Options(arguments, "clients=20000", "seconds=120", "warm-up=20", "requests=10000");
		Results results = new Results();
		Machine.pinThisProgram();
		for (Map.Entry<String, Launcher> entry : servers().entrySet()) {
			if (options.words().isEmpty() || options.words().stream().anyMatch(entry.getKey()::endsWith)) {
				try (Program server = Program.server("flood-server", entry.getValue().prepare());
						Rush rush = new Rush(entry.getKey(), server, PROCESSES, "/events", "stay", results)) {
					Flood flood = new Flood(options);
					flood.warmUp(server, rush, entry.getKey().equals("plain"));
					flood.measure(rush);
				}
				catch (Launcher.UnavailableException ex) {
					System.err.println("Without " + entry.getKey() + ": " + ex.getMessage());
				}
			}
		}
		System.out.println(Machine.describe(arguments) + Report.of(results));
	}

	private static Map<String, Launcher> servers() {
		Map<String, Launcher> result = new LinkedHashMap<>();
		for (ClassPath build : ClassPath.builds()) {
			for (String server : List.of("tomcat", "jetty")) {
				result.put(build.title() + ", " + server, Launcher.java(build, "StarterServer", server, "defaults"));
			}
		}
		result.put("plain", Launcher.java(ClassPath.PLAIN, "PlainServer", "tomcat", "defaults"));
		result.put("nchan", Launcher.nchan(false));
		return result;
	}

	private void warmUp(Program server, Rush rush, boolean plain) throws IOException {
		rush.requests().warmUp(this.options.integer("requests"));
		for (int i = 0; i < this.options.integer("warm-up"); i++) {
			rush.come(plain ? WARM_UP_CLIENTS_OF_PLAIN : WARM_UP_CLIENTS);
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
			rush.leave();
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
		}
		server.awaitIdle();
		rush.requests().warmUp(this.options.integer("requests"));
		server.awaitIdle();
	}

	private void measure(Rush rush) throws IOException {
		int seconds = this.options.integer("seconds");
		rush.requests().start();
		rush.phase("before", 6);
		rush.come(this.options.integer("clients"));
		rush.phase("first 10 s", 10);
		rush.phase("next 20 s", 20);
		rush.phase("until " + seconds + " s", Math.max(1, seconds - 30));
		rush.leave();
		rush.phase("after", 6);
	}

}
