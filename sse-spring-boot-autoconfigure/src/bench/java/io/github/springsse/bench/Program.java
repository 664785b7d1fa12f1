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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * A process of the benchmark, a server or a client, that reads and writes lines.
 */
final class Program implements Closeable {

	/** Files of the benchmark. */
	static final Path DIRECTORY = Path.of("target", "bench");

	private final String name;

	private final Process process;

	private final BufferedReader output;

	private final PrintWriter input;

	/** Of a server: for requests, and for control. */
	private int[] ports = {};

	/** Start a process, whose errors go to a file with a name. */
	Program(String name, int processor, List<String> command) throws IOException {
		Files.createDirectories(DIRECTORY);
		this.name = name;
		this.process = new ProcessBuilder(Machine.pinned(processor, command))
			.redirectError(DIRECTORY.resolve(name + ".log").toFile())
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(this.process::destroy));
		this.output = this.process.inputReader(StandardCharsets.US_ASCII);
		this.input = new PrintWriter(new OutputStreamWriter(this.process.getOutputStream(), StandardCharsets.US_ASCII),
				true);
	}

	/** Start a server, and wait until it listens. */
	static Program server(String name, List<String> command) throws IOException {
		Program program = new Program(name, Machine.SERVER_PROCESSOR, command);
		program.ports = Stream.of(program.await("ready").split(" ")).mapToInt(Integer::parseInt).toArray();
		// NOTE: nginx tells it before it listens
		Awaitility.await().ignoreExceptions().until(() -> {
			new Socket(InetAddress.getLoopbackAddress(), program.httpPort()).close();
			return true;
		});
		return program;
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
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants())
			.flatMap((handle) -> handle.info().totalCpuDuration().stream())
			.reduce(Duration.ZERO, Duration::plus);
	}

	/** Wait until a program uses nearly no processor: compilers, too, have finished. */
	void awaitIdle() {
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 30 && used > 100; i++) {
			Duration before = processorTime();
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
			used = processorTime().minus(before).toMillis();
		}
	}

	/** End it as a deploy does, and wait for its end. */
	void terminate() {
		this.process.destroy();
		this.process.onExit().join();
	}

	/** End it: by the end of its input, otherwise by a signal. */
	@Override
	public void close() {
		this.input.close();
		awaitEnd(1);
		this.process.destroy();
		awaitEnd(5);
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
	}

	private void awaitEnd(int seconds) {
		this.process.onExit().completeOnTimeout(this.process, seconds, TimeUnit.SECONDS).join();
	}

}
