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
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Programs that this machine may have or not.
 */
final class Tool {

	private static final int MINUTES = 2;

	private Tool() {
	}

	/**
	 * Run a tool.
	 * @param directory where
	 * @param command the tool and its arguments
	 * @throws UnavailableException if it is not there, or fails
	 */
	static void run(Path directory, String... command) throws IOException, UnavailableException {
		Process process;
		try {
			process = new ProcessBuilder(command).directory(directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(directory.resolve(command[0] + ".log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UnavailableException("no " + command[0]);
		}
		try {
			if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
				process.destroyForcibly();
				throw new UnavailableException(command[0] + " takes too long");
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			throw new IOException(ex);
		}
		if (process.exitValue() != 0) {
			throw new UnavailableException(String.join(" ", command) + " failed: see " + command[0] + ".log");
		}
	}

}
