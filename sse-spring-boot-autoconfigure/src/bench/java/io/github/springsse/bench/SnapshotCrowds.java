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

import io.github.springsse.bench.Results.Measurement;

/**
 * Measures crowds of clients that come at once and receive a snapshot of 1 MB. The
 * streams stay open. The snapshot is of a method that has the text ready ({@code ready}),
 * of one that takes 200 ms for each request ({@code each}), or of the same with a shared
 * snapshot, without an age ({@code shared}) and with one of a second ({@code shared-1s}).
 */
public final class SnapshotCrowds {

	private SnapshotCrowds() {
	}

	public static void main(String[] arguments) throws IOException {
		Options options = new Options(arguments, "servers=handoff,jetty,plain", "methods=ready,each,shared,shared-1s",
				"clients=2000", "rounds=3", "discard=3");
		Rush.ofEach(options, (server, results) -> {
			for (String method : options.list("methods")) {
				if (server != Server.PLAIN || method.equals("each")) {
					measure(server, results, options, method);
				}
			}
		});
	}

	private static void measure(Server server, Results results, Options options, String method) throws IOException {
		int clients = options.integer("clients");
		String path = "/" + method + "?size=1000000&millis=200";
		try (Program program = Program.server("snapshots-server", server.launcher.prepare());
				Rush rush = new Rush(server.title, program, 1, path, results);
				Publisher publisher = new Publisher(program.controlPort(), false)) {
			for (int round = 1 - options.integer("discard"); round <= options.integer("rounds"); round++) {
				publisher.awaitNoStreams(() -> publisher.publish(Target.EVENTS, 1, 0, 100));
				double heap = publisher.ask("heap");
				long runs = publisher.ask("runs");
				rush.come(clients);
				Measurement measurement = results.add(server.title, clients + " clients, snapshot " + method, round);
				measurement.put(Metric.LAST_SERVED_MILLIS, rush.awaitServed(clients));
				measurement.put(Metric.HEAP_GROWTH_MB, (publisher.ask("heap") - heap) / (1 << 20));
				measurement.put(Metric.RUNS, publisher.ask("runs") - runs);
				System.err.println(measurement);
				rush.leave();
			}
		}
	}

}
