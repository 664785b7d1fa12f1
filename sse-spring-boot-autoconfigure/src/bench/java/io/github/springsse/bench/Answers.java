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

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.bench.Streams.Outcome;

/**
 * Measures streamed answers, as of a language model, of many clients at once, finished
 * answers that are read again, and the memory of answers, beside Spring MVC and WebFlux,
 * which return a {@code Flux}. {@code -Dbench.program=Answers}, and
 * {@code -Dbench.options} with options of {@link Benchmark}.
 */
public final class Answers implements Connections.Receiver, Closeable {

	private static final int RATE = 50;

	private static final int PIECES = 500;

	private static final int PIECES_OF_FINISHED = 5000;

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

	/** Makes every answer a new one. */
	private static final AtomicInteger number = new AtomicInteger();

	private final Connections connections;

	private final int count;

	private int open;

	private long pieces;

	/**
	 * Open connections that read answers, and count their pieces.
	 * @param path the path, in which {@code {}} is the number of the answer
	 */
	private Answers(Stage stage, String path, int count, int answers) throws IOException {
		this.connections = new Connections(stage.port());
		this.count = count;
		this.open = count;
		for (int i = 0; i < count; i++) {
			this.connections.open(path.replace("{}", Integer.toString(i % answers)), this);
		}
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a server cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "servers=handoff,jetty,plain,webflux",
				"shapes=answers,reload,reload-piecewise,answer-memory,idle-topics", "rounds=3", "discard=4", "time=1",
				"scale=1", "warm-up=100000");
		Machine.pinThisProgram();
		Benchmark.run(options, Machine.describe(arguments));
	}

	/** Answers that are streamed at the same time. */
	static Scenario streamed(int answers) {
		return (stage, measurement, time) -> {
			String path = path(PIECES, RATE);
			stage.measure(() -> read(stage, path, stage.scaled(answers), stage.scaled(answers), PIECES), measurement);
			stage.leave();
		};
	}

	/** Readers of an answer that has ended. */
	static Scenario reload(int readers) {
		return (stage, measurement, time) -> {
			String path = path(PIECES_OF_FINISHED, 0);
			read(stage, path, 1, 1, PIECES_OF_FINISHED);
			Outcome outcome = read(stage, path, stage.scaled(readers), 1, PIECES_OF_FINISHED);
			measurement.put(Metric.READER_MILLIS, outcome.nanos() / 1e6 / stage.scaled(readers));
			stage.leave();
		};
	}

	/**
	 * The live heap of answers without their text, when half of the pieces have been
	 * sent.
	 */
	static Scenario memory(int answers) {
		return (stage, measurement, time) -> {
			double text = PIECES / 2.0 * " word123#".length() / 1024;
			measurement.put(Metric.HEAP_KB, memory(stage, path(PIECES, RATE), stage.scaled(answers), PIECES) - text);
		};
	}

	/** The live heap of streams that have a topic each and receive nothing. */
	static Scenario idle(int streams) {
		return (stage, measurement, time) -> measurement.put(Metric.HEAP_KB,
				memory(stage, "/idle/{}", stage.scaled(streams), 0));
	}

	private static double memory(Stage stage, String path, int count, int piecesOfEach) throws IOException {
		double before = stage.heap();
		try (Answers answers = new Answers(stage, path, count, count)) {
			answers.poll(TimeUnit.SECONDS.toNanos(PIECES / RATE / 2));
			double during = stage.heap();
			if (piecesOfEach > 0) {
				answers.finish(piecesOfEach);
			}
			return (during - before) * 1024 / count;
		}
		finally {
			stage.leave();
		}
	}

	private static String path(int pieces, int perSecond) {
		return "/answers/" + number.incrementAndGet() + "-{}?pieces=" + pieces + "&rate=" + perSecond;
	}

	private static Outcome read(Stage stage, String path, int count, int answers, int piecesOfEach) throws IOException {
		long start = System.nanoTime();
		try (Answers reading = new Answers(stage, path, count, answers)) {
			reading.finish(piecesOfEach);
			return new Outcome(reading.pieces, System.nanoTime() - start, 0, reading.connections.received(),
					new long[0]);
		}
	}

	/** Read for a while, or until all answers have ended. */
	private void poll(long nanos) throws IOException {
		long start = System.nanoTime();
		while (this.open > 0 && System.nanoTime() - start < nanos) {
			this.connections.poll(100);
		}
	}

	/** Read until all answers have ended, and check that no piece is missing. */
	private void finish(int piecesOfEach) throws IOException {
		poll(PATIENCE);
		if (this.pieces != (long) this.count * piecesOfEach) {
			throw new IOException("Received " + this.pieces + " pieces of " + this.count + " answers instead of "
					+ piecesOfEach + " of each; " + this.open + " have not ended");
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

	@Override
	public void close() throws IOException {
		this.connections.close();
	}

}
