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
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ordinary requests at a steady rate: 50 a second over five persistent connections, and
 * 10 a second over a new connection each. A request that is not answered ten seconds
 * after it was due has failed. If the previous request has delayed a request, its time
 * counts from when it was due.
 */
final class OrdinaryRequests implements Closeable {

	private static final int TIMEOUT_MILLIS = 10_000;

	private static final int PERSISTENT = 5;

	private static final long PERSISTENT_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

	private static final int NEW = 10;

	private static final long NEW_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private final URL url;

	private final Collection<Answer> answers = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean closed;

	OrdinaryRequests(int port) throws IOException {
		this.url = new URL("http://127.0.0.1:" + port + "/item");
	}

	/**
	 * Send a number of requests one after the other.
	 */
	void warmUp(int requests) throws IOException {
		for (int i = 0; i < requests; i++) {
			send(true);
		}
	}

	void start() {
		long start = System.nanoTime();
		for (int i = 0; i < PERSISTENT; i++) {
			start(true, start + i * PERSISTENT_INTERVAL / PERSISTENT, PERSISTENT_INTERVAL);
		}
		for (int i = 0; i < NEW; i++) {
			start(false, start + i * NEW_INTERVAL / NEW, NEW_INTERVAL);
		}
	}

	private void start(boolean persistent, long first, long interval) {
		Thread thread = new Thread(() -> send(persistent, first, interval), "requests");
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
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
					send(persistent);
					millis = (System.nanoTime() - start) / 1e6;
				}
			}
			catch (IOException ex) {
				// it has failed
			}
			this.answers.add(new Answer(persistent, due, (millis < TIMEOUT_MILLIS) ? millis : Double.NaN));
		}
	}

	/**
	 * Send a request, and read the response. The JDK keeps as many persistent connections
	 * as there are threads that use them.
	 */
	private void send(boolean persistent) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) this.url.openConnection();
		connection.setConnectTimeout(TIMEOUT_MILLIS);
		connection.setReadTimeout(TIMEOUT_MILLIS);
		if (!persistent) {
			connection.setRequestProperty("Connection", "close");
		}
		try (InputStream body = connection.getInputStream()) {
			body.readAllBytes();
		}
	}

	/**
	 * Stop, and wait for the answers to all requests.
	 */
	@Override
	public void close() {
		this.closed = true;
		try {
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return the times of the requests of a period.
	 */
	Times times(boolean persistent, long from, long to) {
		double[] all = this.answers.stream()
			.filter((answer) -> answer.persistent() == persistent && answer.due() - from >= 0 && answer.due() - to < 0)
			.mapToDouble(Answer::millis)
			.toArray();
		double[] sorted = Arrays.stream(all).filter(Double::isFinite).sorted().toArray();
		return new Times(all.length, sorted);
	}

	/**
	 * A request, and the time of its answer, NaN if it failed.
	 */
	private record Answer(boolean persistent, long due, double millis) {

	}

	/**
	 * Times of requests.
	 *
	 * @param requests the number of requests
	 * @param sorted the times of the answers in milliseconds, in ascending order
	 */
	record Times(int requests, double[] sorted) {

		int failed() {
			return this.requests - this.sorted.length;
		}

		double percentile(int percent) {
			int index = Math.min(this.sorted.length * percent / 100, this.sorted.length - 1);
			return (index >= 0) ? this.sorted[index] : Double.NaN;
		}

	}

}
