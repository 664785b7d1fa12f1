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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The machine that the benchmark runs on. Where processes can be pinned, servers have one
 * processor, and clients another.
 */
final class Machine {

	static final int SERVER_PROCESSOR = 0;

	static final int CLIENT_PROCESSOR = 1;

	private static final String TASKSET = "/usr/bin/taskset";

	/** NOTE: after this program is pinned, Java tells that there is one. */
	private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

	private static final Path STATISTICS = Path.of("/proc/stat");

	private Machine() {
	}

	/** Describe what is measured, where and when. */
	static String describe(Options options) {
		return "Commit %s, %s, Java %s, %s %s %s, %d processors (%s), options: %s.%n".formatted(commit(),
				Instant.now().truncatedTo(ChronoUnit.SECONDS), Runtime.version(), System.getProperty("os.name"),
				System.getProperty("os.version"), System.getProperty("os.arch"), PROCESSORS,
				canPin() ? "one for the server, one for the clients" : "not pinned", options);
	}

	private static String commit() {
		try {
			Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
			return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	private static boolean canPin() {
		return Files.isExecutable(Path.of(TASKSET)) && PROCESSORS > 1;
	}

	/** Return a command that runs another one on a processor. */
	static List<String> pinned(int processor, List<String> command) {
		return canPin()
				? Stream.concat(Stream.of(TASKSET, "-c", Integer.toString(processor)), command.stream()).toList()
				: command;
	}

	/** Pin this program, which has clients, and all its threads. */
	static void pinThisProgram() throws IOException {
		if (canPin()) {
			new ProcessBuilder(TASKSET, "-a", "-c", "-p", Integer.toString(CLIENT_PROCESSOR),
					Long.toString(ProcessHandle.current().pid()))
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.onExit()
				.join();
		}
	}

	static Duration processorTimeOfThisProgram() {
		return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
	}

	/** Return user, nice, system and stolen time of all processors. */
	static Duration processorTime() throws IOException {
		if (!Files.isReadable(STATISTICS)) {
			return Duration.ZERO;
		}
		String[] fields = Files.readAllLines(STATISTICS).get(0).split(" +");
		// NOTE: in ticks of 10 ms
		return Duration
			.ofMillis(10 * IntStream.of(1, 2, 3, 8).mapToLong((field) -> Long.parseLong(fields[field])).sum());
	}

}
