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

package io.github.springsse.log;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of an id of the log in memory: written twice for each event, once for the streams
 * and once for the caller, and read for each client that comes back.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventIdBenchmark {

	private final InMemoryEventLog log = new InMemoryEventLog(1_795_000_000_000L);

	private long sequence = 1_000_000;

	private String text = "";

	/**
	 * Write an id.
	 */
	@Setup
	public void write() {
		this.text = this.log.format(this.log.head());
	}

	/**
	 * An id as clients get it.
	 * @return the text
	 */
	@Benchmark
	public String format() {
		return this.log.format(new EventId(1_795_000_000_000L, this.sequence++));
	}

	/**
	 * An id as operators see it.
	 * @return the text
	 */
	@Benchmark
	public String readable() {
		return new EventId(1_795_000_000_000L, this.sequence++).toString();
	}

	/**
	 * What a client has sent.
	 * @return the id
	 */
	@Benchmark
	public @Nullable EventId parse() {
		return this.log.parse(this.text);
	}

}
