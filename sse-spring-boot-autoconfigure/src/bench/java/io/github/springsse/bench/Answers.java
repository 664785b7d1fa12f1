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
import java.util.concurrent.TimeUnit;

import io.github.springsse.bench.Streams.Outcome;

/**
 * Scenarios with streamed answers, as of a language model. An instance counts the pieces
 * that connections receive.
 */
final class Answers implements Connections.Receiver {

	private static final int RATE = 50;

	private static final int PIECES = 500;

	private static final int PIECES_OF_FINISHED = 5000;

	/** Makes every answer a new one. */
	private static int number;

	private int open;

	private long pieces;

	private Answers(int open) {
		this.open = open;
	}

	/** Answers that are streamed at the same time. */
	static Scenario streamed(int answers) {
		return (stage, measurement, time) -> {
			int count = stage.scaled(answers);
			stage.measure(() -> read(stage, path("{}", PIECES, RATE), count, PIECES), measurement);
			stage.leave();
		};
	}

	/** Readers of an answer that has ended. */
	static Scenario reload(int readers) {
		return (stage, measurement, time) -> {
			String path = path("", PIECES_OF_FINISHED, 0);
			read(stage, path, 1, PIECES_OF_FINISHED);
			Outcome outcome = read(stage, path, stage.scaled(readers), PIECES_OF_FINISHED);
			measurement.put(Metric.READER_MILLIS, outcome.nanos() / 1e6 / stage.scaled(readers));
			stage.leave();
		};
	}

	/** The live heap of answers without their text, when half of it has been sent. */
	static Scenario memory(int answers) {
		double text = PIECES / 2.0 * " word123#".length() / 1024;
		return (stage, measurement, time) -> measurement.put(Metric.HEAP_KB,
				memory(stage, path("{}", PIECES, RATE), stage.scaled(answers), PIECES) - text);
	}

	/** The live heap of streams that have a topic each and receive nothing. */
	static Scenario idle(int streams) {
		return (stage, measurement, time) -> measurement.put(Metric.HEAP_KB,
				memory(stage, "/idle/{}", stage.scaled(streams), 0));
	}

	private static double memory(Stage stage, String path, int count, int piecesOfEach) throws IOException {
		double before = stage.heap();
		try (Connections connections = new Connections(stage.port())) {
			Answers answers = open(connections, path, count);
			answers.poll(connections, TimeUnit.SECONDS.toNanos(PIECES / RATE / 2));
			double during = stage.heap();
			if (piecesOfEach > 0) {
				answers.finish(connections, (long) count * piecesOfEach);
			}
			return (during - before) * 1024 / count;
		}
		finally {
			stage.leave();
		}
	}

	/** Return a new path, with {@code {}} as id for an answer of each connection. */
	private static String path(String id, int pieces, int perSecond) {
		return "/answers/" + ++number + "-" + id + "?pieces=" + pieces + "&rate=" + perSecond;
	}

	private static Answers open(Connections connections, String path, int count) throws IOException {
		Answers answers = new Answers(count);
		for (int i = 0; i < count; i++) {
			connections.open(path.replace("{}", Integer.toString(i)), answers);
		}
		return answers;
	}

	private static Outcome read(Stage stage, String path, int count, int piecesOfEach) throws IOException {
		long start = System.nanoTime();
		try (Connections connections = new Connections(stage.port())) {
			Answers answers = open(connections, path, count);
			answers.finish(connections, (long) count * piecesOfEach);
			return new Outcome(answers.pieces, System.nanoTime() - start, 0, connections.received(), new long[0]);
		}
	}

	/** Read for a while, or until all answers have ended. */
	private void poll(Connections connections, long nanos) throws IOException {
		long start = System.nanoTime();
		while (this.open > 0 && System.nanoTime() - start < nanos) {
			connections.poll(100);
		}
	}

	/** Read until all answers have ended, and check that no piece is missing. */
	private void finish(Connections connections, long expected) throws IOException {
		poll(connections, TimeUnit.MINUTES.toNanos(3));
		if (this.pieces != expected) {
			throw new IOException("Received " + this.pieces + " pieces of answers instead of " + expected + "; "
					+ this.open + " have not ended");
		}
	}

	@Override
	public void receive(byte[] bytes, int length) {
		for (int i = 0; i < length; i++) {
			this.pieces += (bytes[i] == '#') ? 1 : 0;
		}
	}

	@Override
	public void ended(boolean failed) {
		this.open--;
	}

}
