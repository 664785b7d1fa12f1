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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.testsupport.FreePort;

/**
 * Measures a restart as clients see it. Clients have streams and receive events, the
 * server gets SIGTERM and is started again on the same port, and the clients reconnect,
 * without an id. No events are published in between.
 */
public final class Deploy {

	private Deploy() {
	}

	public static void main(String[] arguments) throws IOException {
		Options options = new Options(arguments, "servers=handoff,jetty,aot,nchan", "clients=5000", "rounds=3",
				"rate=30");
		Rush.ofEach(options, (server, results) -> {
			List<String> command = server.launcher.prepare("--server.port=" + FreePort.next());
			for (int round = 1; round <= options.integer("rounds"); round++) {
				measure(server, results, options, command, round);
			}
		});
	}

	private static void measure(Server server, Results results, Options options, List<String> command, int round)
			throws IOException {
		int clients = options.integer("clients");
		Measurement measurement = results.add(server.title, "restart with " + clients + " clients", round);
		Program first = Program.server("deploy-server", command);
		try (first; Rush rush = new Rush(server.title, first, 1, "/events", results)) {
			rush.come(clients);
			publish(first, server, options, () -> {
				rush.awaitServed(clients);
				LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
			});
			long stop = System.nanoTime();
			first.terminate();
			measurement.put(Metric.STOP_MILLIS, (System.nanoTime() - stop) / 1e6);
			long start = System.nanoTime();
			try (Program second = Program.server("deploy-server-again", command)) {
				measurement.put(Metric.START_MILLIS, (System.nanoTime() - start) / 1e6);
				publish(second, server, options, () -> rush.awaitServed(clients));
				measurement.put(Metric.RETURNED_MILLIS, (System.nanoTime() - stop) / 1e6);
				measurement.put(Metric.SERVER_SECONDS, second.processorTime().toMillis() / 1e3);
			}
			System.err.println(measurement);
		}
	}

	/** Have a server publish until something is done. */
	private static void publish(Program program, Server server, Options options, Runnable work) throws IOException {
		CompletableFuture<Void> end = CompletableFuture.runAsync(work, (task) -> new Thread(task, "work").start());
		try (Publisher publisher = new Publisher(program.controlPort(), server.isNchan())) {
			while (!end.isDone()) {
				publisher.publish("{\"number\":" + publisher.next() + "}");
				LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / options.integer("rate"));
			}
		}
		end.join();
	}

}
