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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;

import io.github.springsse.bench.Results.Measurement;

/**
 * Ordinary requests at a steady rate: 50 a second over five persistent connections, and
 * 10 a second over a new connection each. A request that is not answered ten seconds
 * after it was due has failed. If the previous request has delayed a request, its time
 * counts from when it was due.
 */
final class OrdinaryRequests implements Closeable {

	private static final int TIMEOUT_MILLIS = 10_000;

	private final int port;

	private final Collection<Answer> answers = new ConcurrentLinkedQueue<>();

	private final List<CompletableFuture<Void>> clients = new ArrayList<>();

	/** The names of phases, by their starts. */
	private final NavigableMap<Long, String> phases = new TreeMap<>();

	private volatile boolean closed;

	OrdinaryRequests(int port) {
		this.port = port;
	}

	/** Begin a phase, of which the results are apart. Requests start with the first. */
	void phase(String name) {
		this.phases.put(System.nanoTime(), name);
		if (this.clients.isEmpty()) {
			start(true, 5, TimeUnit.MILLISECONDS.toNanos(100));
			start(false, 10, TimeUnit.SECONDS.toNanos(1));
		}
	}

	private void start(boolean persistent, int count, long interval) {
		long start = System.nanoTime();
		for (int i = 0; i < count; i++) {
			long first = start + i * interval / count;
			this.clients.add(CompletableFuture.runAsync(() -> send(persistent, first, interval),
					(client) -> new Thread(client, "requests").start()));
		}
	}

	private void send(boolean persistent, long first, long interval) {
		for (long due = first; !this.closed; due += interval) {
			long start = due;
			while (System.nanoTime() - due < 0) {
				LockSupport.parkNanos(due - System.nanoTime());
				start = System.nanoTime();
			}
			double millis = Double.NaN;
			try {
				if (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS)) {
					send(this.port, "/item", persistent);
					millis = (System.nanoTime() - start) / 1e6;
				}
			}
			catch (IOException ex) {
				// it has failed
			}
			this.answers.add(new Answer(persistent, due, (millis < TIMEOUT_MILLIS) ? millis : Double.NaN));
		}
	}

	/** Send a request, and return the size of the body. The JDK keeps connections. */
	static long send(int port, String path, boolean persistent) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) new URL("http", "127.0.0.1", port, path).openConnection();
		connection.setConnectTimeout(TIMEOUT_MILLIS);
		connection.setReadTimeout(TIMEOUT_MILLIS);
		if (!persistent) {
			connection.setRequestProperty("Connection", "close");
		}
		try (InputStream body = connection.getInputStream()) {
			return body.transferTo(OutputStream.nullOutputStream());
		}
	}

	/** Stop, and wait for the answers to all requests. */
	@Override
	public void close() {
		this.closed = true;
		this.clients.forEach(CompletableFuture::join);
	}

	/** Add the times of the requests of each phase to results. */
	void report(Results results, String server) {
		this.phases.forEach((start, phase) -> {
			report(start, true, results.add(server, phase + ", ordinary requests, persistent connections", 1));
			report(start, false, results.add(server, phase + ", ordinary requests, new connections", 1));
		});
	}

	private void report(Long phase, boolean persistent, Measurement measurement) {
		double[] times = this.answers.stream()
			.filter((answer) -> answer.persistent() == persistent)
			.filter((answer) -> phase.equals(this.phases.floorKey(answer.due())))
			.mapToDouble(Answer::millis)
			.sorted()
			.toArray();
		// NOTE: NaN is the greatest
		int answered = (int) DoubleStream.of(times).filter(Double::isFinite).count();
		measurement.put(Metric.REQUESTS, times.length);
		measurement.put(Metric.REQUESTS_FAILED, times.length - answered);
		if (answered > 0) {
			measurement.put(Metric.REQUEST_MILLIS, times[answered / 2]);
			measurement.put(Metric.REQUEST_P99_MILLIS, times[answered * 99 / 100]);
			measurement.put(Metric.REQUEST_MAX_MILLIS, times[answered - 1]);
		}
	}

	/** A request, and the time of its answer, NaN if it failed. */
	private record Answer(boolean persistent, long due, double millis) {

	}

}
