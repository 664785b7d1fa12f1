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
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What was measured, where and when.
 *
 * @param start when it began
 * @param commit of the sources, if known
 * @param options what was asked for
 * @param processors the number of processors
 * @param pinned whether servers and client had a processor each
 * @param system the operating system
 * @param java the version of Java
 * @param loadAverage the load of the machine before it began
 */
record Machine(Instant start, String commit, List<String> options, int processors, boolean pinned, String system,
		String java, double loadAverage) {

	static Machine describe(String... options) {
		return new Machine(Instant.now().truncatedTo(ChronoUnit.SECONDS), commitOfSources(), List.of(options),
				Runtime.getRuntime().availableProcessors(), Program.canPin(),
				"%s %s %s".formatted(System.getProperty("os.name"), System.getProperty("os.version"),
						System.getProperty("os.arch")),
				Runtime.version().toString(), ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

	private static String commitOfSources() {
		try {
			Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
			return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
		}
		catch (IOException ex) {
			return "";
		}
	}

	String toText() {
		return """
				Commit %s, %s, Java %s, %s, %d processors (%s), options: %s.
				""".formatted(this.commit, this.start, this.java, this.system, this.processors,
				this.pinned ? "one for the server, one for the client" : "not pinned",
				this.options.isEmpty() ? "none" : String.join(" ", this.options));
	}

}
