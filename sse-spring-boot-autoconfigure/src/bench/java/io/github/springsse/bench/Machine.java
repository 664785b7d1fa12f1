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
import java.util.ArrayList;
import java.util.List;

/**
 * The machine that the benchmark runs on. Where processes can be pinned, servers have one
 * processor, and clients another.
 */
final class Machine {

	static final int SERVER_PROCESSOR = 0;

	static final int CLIENT_PROCESSOR = 1;

	private static final Path TASKSET = Path.of("/usr/bin/taskset");

	/**
	 * NOTE: it is the number before this program is pinned, since Java tells that of the
	 * processors that a program may use.
	 */
	private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

	private static final Path STATISTICS = Path.of("/proc/stat");

	private static final long TICK_MILLIS = 10;

	/** User, nice, system, and stolen by the host. */
	private static final int[] BUSY_FIELDS = { 1, 2, 3, 8 };

	private Machine() {
	}

	/** Describe what is measured, where and when. */
	static String describe(String... options) {
		return "Commit %s, %s, Java %s, %s %s %s, %d processors (%s), options: %s.%n".formatted(commit(),
				Instant.now().truncatedTo(ChronoUnit.SECONDS), Runtime.version(), System.getProperty("os.name"),
				System.getProperty("os.version"), System.getProperty("os.arch"), PROCESSORS,
				canPin() ? "one for the server, one for the clients" : "not pinned",
				(options.length > 0) ? String.join(" ", options) : "none");
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
		return Files.isExecutable(TASKSET) && PROCESSORS > 1;
	}

	static List<String> pinned(int processor, List<String> command) {
		List<String> result = new ArrayList<>();
		if (canPin()) {
			result.addAll(List.of(TASKSET.toString(), "-c", Integer.toString(processor)));
		}
		result.addAll(command);
		return result;
	}

	/** Pin this program, which has clients, and all its threads. */
	static void pinThisProgram() throws IOException, InterruptedException {
		if (canPin()) {
			new ProcessBuilder(TASKSET.toString(), "-a", "-c", "-p", Integer.toString(CLIENT_PROCESSOR),
					Long.toString(ProcessHandle.current().pid()))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor();
		}
	}

	static Duration processorTimeOfThisProgram() {
		return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
	}

	/**
	 * Return the time that the processors were used by all programs, or not given to this
	 * machine by its host.
	 */
	static Duration processorTime() throws IOException {
		if (!Files.isReadable(STATISTICS)) {
			return Duration.ZERO;
		}
		String[] fields = Files.readAllLines(STATISTICS).get(0).split(" +");
		long ticks = 0;
		for (int field : BUSY_FIELDS) {
			ticks += Long.parseLong(fields[field]);
		}
		return Duration.ofMillis(TICK_MILLIS * ticks);
	}

}
