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

package io.github.springsse.sample.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Reads an event stream: the few lines of the WHATWG algorithm that a test needs.
 */
public final class EventReader implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private final HttpResponse<InputStream> response;

	private volatile String lastId;

	EventReader(HttpResponse<InputStream> response) {
		this.response = response;
		Thread thread = new Thread(this::read, "event-reader");
		thread.setDaemon(true);
		thread.start();
	}

	public int status() {
		return this.response.statusCode();
	}

	public String contentType() {
		return this.response.headers().firstValue("Content-Type").orElse("");
	}

	/**
	 * Return the next event.
	 * @return the event
	 * @throws AssertionError if there is none within five seconds
	 */
	public Event next() {
		return next((event) -> true);
	}

	/**
	 * Return the next event that matches, leaving out others.
	 * @param predicate which event
	 * @return the event
	 * @throws AssertionError if there is none within five seconds
	 */
	public Event next(Predicate<Event> predicate) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		try {
			while (true) {
				Event event = this.events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				if (event == null) {
					throw new AssertionError("No such event within " + PATIENCE);
				}
				if (predicate.test(event)) {
					return event;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/**
	 * Return all further events, after the server has ended the stream.
	 * @return the events
	 * @throws AssertionError if there is neither an event nor the end within five seconds
	 */
	public List<Event> rest() {
		List<Event> rest = new ArrayList<>();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		try {
			while (true) {
				boolean ended = this.end.await(10, TimeUnit.MILLISECONDS);
				if (this.events.drainTo(rest) > 0) {
					deadline = System.nanoTime() + PATIENCE.toNanos();
				}
				if (ended) {
					return rest;
				}
				if (System.nanoTime() - deadline > 0) {
					throw new AssertionError(
							"Neither an event nor the end within %s, after %s".formatted(PATIENCE, rest));
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/**
	 * Return the id to come back with, after the server has ended the stream.
	 * @return the last id, also if it came without data
	 * @throws AssertionError if the stream does not end within five seconds
	 */
	public String awaitEnd() {
		try {
			if (!this.end.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("The stream is still open after " + PATIENCE);
			}
			return this.lastId;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.response.body().close();
	}

	private void read() {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.response.body(), StandardCharsets.UTF_8))) {
			Event event = Event.EMPTY;
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				if (!line.isEmpty()) {
					event = event.with(line);
					continue;
				}
				this.lastId = (event.id() != null) ? event.id() : this.lastId;
				if (event.data() != null && !event.name().equals("cursor")) {
					this.events.add(event);
				}
				event = Event.EMPTY;
			}
		}
		catch (IOException ex) {
			// The end of the stream, one way or another: next() fails when it matters
		}
		finally {
			this.end.countDown();
		}
	}

	/**
	 * An event.
	 *
	 * @param id the id
	 * @param name the name
	 * @param data the data
	 */
	public record Event(String id, String name, String data) {

		private static final Event EMPTY = new Event(null, "message", null);

		private Event with(String line) {
			String[] field = line.split(": ?", 2);
			String value = (field.length > 1) ? field[1] : "";
			return switch (field[0]) {
				case "id" -> new Event(value, this.name, this.data);
				case "event" -> new Event(this.id, value, this.data);
				case "data" -> new Event(this.id, this.name, (this.data != null) ? this.data + "\n" + value : value);
				default -> this;
			};
		}

	}

}
