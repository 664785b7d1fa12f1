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

package io.github.springsse.codec;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of encoding: once for each event.
 */
@State(Scope.Thread)
public class EventStreamEncoderBenchmark {

	/** What is encoded. */
	@Param
	public Data data;

	private String text = "";

	/** Make the text. */
	@Setup
	public void makeText() {
		this.text = this.data.unit.repeat(this.data.count);
	}

	// An event with an id and a name
	@Benchmark
	public Frame event() {
		return EventStreamEncoder.event("0123456789abcdef-42", "tick", this.text);
	}

	/** Kinds of data. */
	public enum Data {

		/** JSON of 100 bytes. */
		JSON_100("{\"price\":1}", 9),

		/** JSON of 2 KB. */
		JSON_2048("{\"price\":1}", 186),

		/** Characters of two bytes. */
		UMLAUTS("äöü", 300),

		/** Twenty lines of text. */
		LINES("a line of a text that was written by hand\n", 20);

		private final String unit;

		private final int count;

		Data(String unit, int count) {
			this.unit = unit;
			this.count = count;
		}

	}

}
