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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;

/**
 * Has crowds of clients connect at once. Clients that are refused reconnect as they are
 * told. With {@code crowd=flood} they request streams from one address of servers that
 * have their defaults, and ordinary requests are measured at the same time, as with
 * {@code crowd=heap}: clients of a large snapshot, and then more streams than there is
 * room for, of an application with a small heap.
 * <p>
 * With {@code crowd=snapshots} they receive a snapshot of 1 MB, of a method that has the
 * text ready ({@code ready}), of one that takes 200 ms for each request ({@code each}),
 * or of the same with a shared snapshot, without an age ({@code shared}) and with one of
 * a second ({@code shared-1s}).
 */
public final class Crowds {

	private Crowds() {
	}

	public static void main(String[] arguments) throws IOException {
		Options options = new Options(arguments, "servers=handoff,jetty,plain", "crowd=snapshots", "clients=2000",
				"seconds=60", "warm-up=20", "requests=10000", "methods=ready,each,shared,shared-1s", "rounds=3",
				"discard=3");
		Rush.ofEach(options, (server, results) -> {
			switch (options.list("crowd").get(0)) {
				case "flood" -> flood(server, results, options);
				case "heap" -> {
					fillHeap(server, results, options, "512m", 300, "/each?size=10000000&millis=200");
					fillHeap(server, results, options, "128m", 5000, Rush.EVENT_AT_ONCE);
				}
				case "snapshots" -> {
					for (String method : options.list("methods")) {
						if (server != Server.PLAIN || method.equals("each")) {
							snapshots(server, results, options, method);
						}
					}
				}
				default -> throw new IllegalArgumentException("There is no crowd of the kind " + options.list("crowd"));
			}
		});
	}

	private static void flood(Server server, Results results, Options options) throws IOException {
		try (Program program = Program.server("flood-server", server.launcher.prepare("defaults"));
				Rush rush = new Rush(server.title, program, 2, "/events", results)) {
			// NOTE: clients keep their places in the plain server when they leave
			warmUp(options, program, rush, (server == Server.PLAIN) ? 200 : 2000);
			rush.phase("before", 6);
			rush.come(options.integer("clients"));
			rush.phase("first 10 s", 10);
			rush.phase("next 20 s", 20);
			rush.phase("until the end", Math.max(1, options.integer("seconds") - 30));
			rush.leave();
			rush.phase("after", 6);
		}
	}

	private static void snapshots(Server server, Results results, Options options, String method) throws IOException {
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
				measurement.put(Metric.LAST_SERVED_MILLIS, rush.awaitServed(clients, Metric.LAST_SERVED_MILLIS));
				measurement.put(Metric.HEAP_GROWTH_MB, (publisher.ask("heap") - heap) / (1 << 20));
				measurement.put(Metric.RUNS, publisher.ask("runs") - runs);
				System.err.println(measurement);
				rush.leave();
			}
		}
	}

	private static void fillHeap(Server server, Results results, Options options, String heap, int clients, String path)
			throws IOException {
		List<String> command = server.launcher.prepare("defaults", "--server.tomcat.accept-count=4096",
				"--sse.shutdown.reconnect-within=5s");
		command.removeAll(Launcher.HEAP);
		command.add(1, "-Xmx" + heap);
		try (Program program = Program.server("crowds-server", command);
				Rush rush = new Rush(server.title, program, 1, path, results)) {
			rush.come(clients);
			// NOTE: the same time for each build, even if it serves nobody any more
			rush.phase(clients + " clients of " + path + ", -Xmx" + heap, options.integer("seconds"));
		}
	}

	private static void warmUp(Options options, Program server, Rush rush, int clients) throws IOException {
		rush.sendRequests(options.integer("requests"));
		for (int i = 0; i < options.integer("warm-up"); i++) {
			rush.come(clients);
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
			rush.leave();
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
		}
		server.awaitIdle();
		rush.sendRequests(options.integer("requests"));
		server.awaitIdle();
	}

}
