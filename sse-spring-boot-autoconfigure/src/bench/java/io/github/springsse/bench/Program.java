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
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that is talked to line by line.
 */
final class Program implements Closeable {

	private static final Path TASKSET = Path.of("/usr/bin/taskset");

	private final String name;

	private final Process process;

	private final BufferedReader output;

	private final PrintWriter input;

	private Program(String name, Process process) {
		this.name = name;
		this.process = process;
		this.output = process.inputReader(StandardCharsets.US_ASCII);
		this.input = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII),
				true);
	}

	/**
	 * Start a program.
	 * @param name names the file that gets its errors
	 * @param processor what it may run on, where processes can be pinned
	 */
	static Program start(String name, int processor, List<String> command, Path directory) throws IOException {
		List<String> pinned = new ArrayList<>();
		if (canPin()) {
			pinned.addAll(List.of(TASKSET.toString(), "-c", Integer.toString(processor)));
		}
		pinned.addAll(command);
		Process process = new ProcessBuilder(pinned).redirectError(directory.resolve(name + ".log").toFile()).start();
		return new Program(name, process);
	}

	static boolean canPin() {
		return Files.isExecutable(TASKSET) && Runtime.getRuntime().availableProcessors() > 1;
	}

	void send(String line) {
		this.input.println(line);
	}

	/**
	 * Return the rest of the first line that starts with a word.
	 */
	String await(String word) throws IOException {
		String line;
		while ((line = this.output.readLine()) != null) {
			if (line.equals("stalled")) {
				throw new StalledException();
			}
			if (line.startsWith("failed")) {
				throw new IOException(this.name + " " + line);
			}
			if (line.startsWith(word)) {
				return line.substring(word.length()).trim();
			}
		}
		throw new IOException(this.name + " has ended");
	}

	/** Processor time so far, of its children as well. */
	Duration processorTime() {
		return processes().flatMap((handle) -> handle.info().totalCpuDuration().stream())
			.reduce(Duration.ZERO, Duration::plus);
	}

	/** Bytes of memory, of its children as well, where the system tells. */
	OptionalDouble residentMemory() throws IOException {
		double sum = 0;
		for (ProcessHandle handle : processes().toList()) {
			Path status = Path.of("/proc", Long.toString(handle.pid()), "status");
			if (!Files.isReadable(status)) {
				return OptionalDouble.empty();
			}
			for (String line : Files.readAllLines(status)) {
				if (line.startsWith("VmRSS:")) {
					sum += 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
				}
			}
		}
		return OptionalDouble.of(sum);
	}

	private Stream<ProcessHandle> processes() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants());
	}

	void checkAlive() throws IOException {
		if (!this.process.isAlive()) {
			throw new IOException(this.name + " has ended");
		}
	}

	/**
	 * Have it end: by the end of its input, else by a signal.
	 */
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
