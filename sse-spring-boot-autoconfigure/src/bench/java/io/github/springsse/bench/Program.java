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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process of the benchmark, a server or a client, that reads and writes lines.
 */
final class Program implements Closeable {

	/** Files of the benchmark. */
	static final Path DIRECTORY = Path.of("target", "bench");

	private static final Duration IDLE = Duration.ofMillis(100);

	private static final int MOST_IDLE_CHECKS = 30;

	private final String name;

	private final Process process;

	private final BufferedReader output;

	private final PrintWriter input;

	/** Of a server: for requests, and for control. */
	private int[] ports = {};

	private Program(String name, Process process) {
		this.name = name;
		this.process = process;
		this.output = process.inputReader(StandardCharsets.US_ASCII);
		this.input = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII),
				true);
	}

	/**
	 * Start a process with the clients of a crowd.
	 * @param name the name of the file that receives its errors
	 */
	static Program crowd(String name, int port, String path, String mode) throws IOException {
		return start(name, Machine.pinned(Machine.CLIENT_PROCESSOR, Launcher.crowd(port, path, mode)));
	}

	/**
	 * Start a server, and wait until it listens.
	 * @param name the name of the file that receives its errors
	 */
	static Program server(String name, List<String> command) throws IOException {
		Program program = start(name, Machine.pinned(Machine.SERVER_PROCESSOR, command));
		program.ports = Stream.of(program.await("ready").split(" ")).mapToInt(Integer::parseInt).toArray();
		return program;
	}

	private static Program start(String name, List<String> command) throws IOException {
		Files.createDirectories(DIRECTORY);
		Process process = new ProcessBuilder(command).redirectError(DIRECTORY.resolve(name + ".log").toFile()).start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
		return new Program(name, process);
	}

	int httpPort() {
		return this.ports[0];
	}

	int controlPort() {
		return this.ports[1];
	}

	void send(String line) {
		this.input.println(line);
	}

	/** Return the rest of the first line that starts with a word. */
	String await(String word) throws IOException {
		String line;
		while ((line = this.output.readLine()) != null) {
			if (line.startsWith(word)) {
				return line.substring(word.length()).trim();
			}
		}
		throw new IOException(this.name + " has ended: see " + DIRECTORY.resolve(this.name + ".log"));
	}

	/** Processor time so far, with that of its children. */
	Duration processorTime() {
		return processes().flatMap((handle) -> handle.info().totalCpuDuration().stream())
			.reduce(Duration.ZERO, Duration::plus);
	}

	/**
	 * Wait until a program that has nothing to do uses no processor: compilers, too, have
	 * finished.
	 */
	void awaitIdle() {
		Duration used = IDLE.plusMillis(1);
		for (int i = 0; i < MOST_IDLE_CHECKS && used.compareTo(IDLE) > 0; i++) {
			Duration before = processorTime();
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
			used = processorTime().minus(before);
		}
	}

	private Stream<ProcessHandle> processes() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants());
	}

	/** End it as a deploy does, and wait for its end. */
	void terminate() throws IOException {
		this.process.destroy();
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	/** End it: by the end of its input, otherwise by a signal. */
	@Override
	public void close() {
		this.input.close();
		try {
			if (!this.process.waitFor(1, TimeUnit.SECONDS)) {
				this.process.destroy();
			}
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.descendants().forEach(ProcessHandle::destroyForcibly);
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
