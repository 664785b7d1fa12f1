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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What programs have used of the processors, at one moment.
 *
 * @param at the moment
 * @param server time used by the server
 * @param client time used by the client
 * @param all time used by all programs of the machine, or not given to this machine
 */
record ProcessorUse(long at, Duration server, Duration client, Duration all) {

	private static final Path STATISTICS = Path.of("/proc/stat");

	private static final long TICK_MILLIS = 10;

	private static final int USER = 1;

	private static final int NICE = 2;

	private static final int SYSTEM = 3;

	private static final int STOLEN = 8;

	static ProcessorUse now(Program server, Program client) throws IOException {
		return new ProcessorUse(System.nanoTime(), server.processorTime(), client.processorTime(), ofAll());
	}

	private static Duration ofAll() throws IOException {
		if (!Files.isReadable(STATISTICS)) {
			return Duration.ZERO;
		}
		List<String> lines = Files.readAllLines(STATISTICS);
		String[] fields = lines.get(0).split(" +");
		long ticks = 0;
		for (int field : new int[] { USER, NICE, SYSTEM, STOLEN }) {
			ticks += Long.parseLong(fields[field]);
		}
		return Duration.ofMillis(TICK_MILLIS * ticks);
	}

	/** Seconds of a processor that the server has used since an earlier moment. */
	double serverSince(ProcessorUse earlier) {
		return this.server.minus(earlier.server).toNanos() / 1e9;
	}

	/** How many processors others have used since an earlier moment. */
	double othersSince(ProcessorUse earlier) {
		Duration own = this.server.plus(this.client).minus(earlier.server).minus(earlier.client);
		return Math.max(0, (double) this.all.minus(earlier.all).minus(own).toNanos() / (this.at - earlier.at));
	}

}
