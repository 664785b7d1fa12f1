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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.testsupport.FreePort;

/**
 * Measures a restart as clients see it. 5000 clients have streams and receive events, the
 * server gets SIGTERM and is started again on the same port, and the clients reconnect,
 * without an id. No events are published in between. {@code -Dbench.program=Deploy}, and in
 * {@code -Dbench.options} the servers {@code tomcat}, {@code jetty}, {@code aot} (Tomcat,
 * on the JDK of the environment variable {@code BENCH_AOT_JDK}, with an AOT cache) and
 * {@code nchan}, and {@code clients=}, {@code rounds=} and {@code rate=} (events a
 * second).
 */
public final class Deploy {

	private static final int SECONDS = 60;

	/** Seconds of events before the restart, and after the last client has returned. */
	private static final int EVENTS = 5;

	private final Options options;

	private final Results results = new Results();

	private Deploy(Options options) {
		this.options = options;
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a program cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "clients=5000", "rounds=3", "rate=30");
		Machine.pinThisProgram();
		Deploy deploy = new Deploy(options);
		for (Map.Entry<String, Launcher> server : servers().entrySet()) {
			if (options.words().isEmpty() || options.words().contains(server.getKey())) {
				try {
					List<String> command = server.getValue().prepare();
					for (int round = 1; round <= options.integer("rounds"); round++) {
						deploy.measure(server.getKey(), command, round);
					}
				}
				catch (Launcher.UnavailableException ex) {
					System.err.println("Without " + server.getKey() + ": " + ex.getMessage());
				}
			}
		}
		System.out.println(Machine.describe(arguments) + Report.of(deploy.results));
	}

	private static Map<String, Launcher> servers() {
		Map<String, Launcher> result = new LinkedHashMap<>();
		for (String server : List.of("tomcat", "jetty")) {
			result.put(server, starter(server));
		}
		result.put("aot", withAotCache(starter("tomcat")));
		result.put("nchan", Launcher.nchan(false));
		return result;
	}

	private static Launcher starter(String server) {
		return Launcher.java(ClassPath.STARTER, "StarterServer", server, "--server.port=" + FreePort.next());
	}

	/** The cache is written when a first server ends that had some clients. */
	private static Launcher withAotCache(Launcher launcher) {
		return () -> {
			String home = System.getenv("BENCH_AOT_JDK");
			if (home == null) {
				throw new Launcher.UnavailableException("the environment variable BENCH_AOT_JDK is not set");
			}
			Path cache = Program.DIRECTORY.resolve("deploy.aot").toAbsolutePath();
			List<String> command = new ArrayList<>(launcher.prepare());
			command.set(0, Path.of(home, "bin", "java").toString());
			int classPath = command.indexOf("-cp") + 1;
			command.set(classPath, packed(home, command.get(classPath)));
			command.add(1, "-XX:AOTCacheOutput=" + cache);
			try (Program training = Program.server("deploy-training", command);
					Rush rush = new Rush("", training, 1, "/events?lastEventId=unknown", "stay", new Results())) {
				rush.come(100);
				rush.awaitServed(100, SECONDS);
				training.terminate();
			}
			command.set(1, "-XX:AOTCache=" + cache);
			return command;
		};
	}

	/** A cache cannot be used with folders of classes. */
	private static String packed(String home, String classPath) throws IOException {
		List<String> result = new ArrayList<>();
		for (String entry : classPath.split(File.pathSeparator)) {
			if (Files.isDirectory(Path.of(entry))) {
				String jar = Program.DIRECTORY.resolve("classes-" + result.size() + ".jar").toAbsolutePath().toString();
				Process process = new ProcessBuilder(Path.of(home, "bin", "jar").toString(), "--create", "--file", jar,
						"-C", entry, ".")
					.inheritIO()
					.start();
				process.onExit().join();
				result.add(jar);
			}
			else {
				result.add(entry);
			}
		}
		return String.join(File.pathSeparator, result);
	}

	private void measure(String title, List<String> command, int round) throws IOException {
		boolean nchan = title.equals("nchan");
		int clients = this.options.integer("clients");
		Results.Measurement measurement = this.results.add(title, "restart with " + clients + " clients", round);
		Program first = Program.server("deploy-server", command);
		try (first; Rush rush = new Rush(title, first, 1, "/events", "stay", this.results)) {
			rush.come(clients);
			try (Events events = new Events(first, nchan)) {
				rush.awaitServed(clients, SECONDS);
				LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(EVENTS));
			}
			long stop = System.nanoTime();
			first.terminate();
			measurement.put(Metric.STOP_MILLIS, (System.nanoTime() - stop) / 1e6);
			long start = System.nanoTime();
			try (Program second = Program.server("deploy-server-again", command);
					Events events = new Events(second, nchan)) {
				measurement.put(Metric.START_MILLIS, (System.nanoTime() - start) / 1e6);
				rush.awaitServed(clients, SECONDS);
				measurement.put(Metric.RETURNED_MILLIS, (System.nanoTime() - stop) / 1e6);
				measurement.put(Metric.SERVER_SECONDS, second.processorTime().toMillis() / 1e3);
			}
			System.err.println(measurement);
		}
	}

	/** A thread that has a server publish. */
	private final class Events implements AutoCloseable {

		private final Publisher publisher;

		private final Thread thread = new Thread(this::publish, "events");

		private volatile boolean closed;

		Events(Program server, boolean nchan) throws IOException {
			this.publisher = new Publisher(server.controlPort(), nchan);
			this.thread.start();
		}

		private void publish() {
			long interval = TimeUnit.SECONDS.toNanos(1) / Deploy.this.options.integer("rate");
			try {
				for (long number = 0; !this.closed; number++) {
					this.publisher.publish(number, "{\"number\":" + number + "}");
					LockSupport.parkNanos(interval);
				}
			}
			catch (IOException ex) {
				// NOTE: clients then wait in vain, and the measurement fails
				System.err.println("No more events: " + ex);
			}
		}

		@Override
		public void close() throws IOException {
			this.closed = true;
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.publisher.close();
		}

	}

}
