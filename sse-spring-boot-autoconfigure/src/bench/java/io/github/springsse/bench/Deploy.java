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

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.testsupport.FreePort;
import io.github.springsse.testsupport.TestRedis;
import org.jspecify.annotations.Nullable;

/**
 * Measures a deploy as clients see it: many clients of one server receive events, the
 * server gets SIGTERM and is started again on the same port, and the clients reconnect.
 * They send no id, and no events are published in between, unless the log is in Redis:
 * then another node publishes all the time, and the clients resume.
 */
public final class Deploy {

	private final Options options;

	private long number;

	private Deploy(Options options) {
		this.options = options;
	}

	public static void main(String[] arguments) throws IOException {
		Options options = new Options(arguments, "servers=handoff,jetty,aot,nchan", "clients=5000", "rounds=3",
				"rate=30");
		try (TestRedis redis = TestRedis.start()) {
			Deploy deploy = new Deploy(options);
			Rush.ofEach(options, (server, results) -> {
				List<String> command = server.launcher.prepare("--server.port=" + FreePort.next(),
						"--spring.data.redis.port=" + redis.port());
				for (int round = 1; round <= options.integer("rounds"); round++) {
					deploy.measure(server, results, command, round);
				}
			});
		}
	}

	private void measure(Server server, Results results, List<String> command, int round) throws IOException {
		int clients = this.options.integer("clients");
		Measurement measurement = results.add(server.title, "restart with " + clients + " clients", round);
		Program first = Program.server("deploy-server", command);
		List<String> otherPort = command.stream()
			.map((word) -> word.startsWith("--server.port=") ? "--server.port=" + FreePort.next() : word)
			.toList();
		Program other = server.isRedis() ? Program.server("deploy-publisher", otherPort) : null;
		try (first;
				other;
				Rush rush = new Rush(server.title, first, 1, server.isRedis() ? "/events?lastEventId=" : "/events",
						results);
				Closeable always = publish(other, server)) {
			rush.come(clients);
			try (Closeable before = publish(server.isRedis() ? null : first, server)) {
				rush.awaitServed(clients, Metric.SERVED);
				LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
			}
			long stop = System.nanoTime();
			first.terminate();
			measurement.put(Metric.STOP_MILLIS, (System.nanoTime() - stop) / 1e6);
			long start = System.nanoTime();
			try (Program second = Program.server("deploy-server-again", command);
					Closeable after = publish(server.isRedis() ? null : second, server)) {
				measurement.put(Metric.START_MILLIS, (System.nanoTime() - start) / 1e6);
				measurement.put(Metric.SLOWEST_MILLIS, rush.awaitServed(clients, Metric.SLOWEST_MILLIS));
				measurement.put(Metric.RETURNED_MILLIS, (System.nanoTime() - stop) / 1e6);
				measurement.put(Metric.MISSED, rush.awaitServed(clients, Metric.MISSED));
				measurement.put(Metric.SERVER_SECONDS, second.processorTime().toMillis() / 1e3);
			}
			System.err.println(measurement);
		}
	}

	/** Have a server publish, if there is one, until the result is closed. */
	private Closeable publish(@Nullable Program program, Server server) {
		if (program == null) {
			return () -> {
			};
		}
		AtomicBoolean over = new AtomicBoolean();
		CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
			try (Publisher publisher = new Publisher(program.controlPort(), server.isNchan())) {
				while (!over.get()) {
					publisher.publish("{\"number\":" + this.number++ + ",\"sent\":" + System.nanoTime() + "}");
					LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / this.options.integer("rate"));
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, (task) -> new Thread(task, "publisher").start());
		return () -> {
			over.set(true);
			end.join();
		};
	}

}
