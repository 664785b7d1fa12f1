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

package io.github.springsse.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client that reads an event stream and keeps what it gets.
 */
public final class EventStreamClient implements AutoCloseable {

	private static final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.executor(Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		}))
		.build();

	private final HttpResponse<InputStream> response;

	private final List<Event> events = new CopyOnWriteArrayList<>();

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private volatile Consumer<Event> listener = (event) -> {
	};

	private volatile boolean ended;

	private volatile @Nullable IOException failure;

	private EventStreamClient(HttpResponse<InputStream> response) {
		this.response = response;
	}

	public static EventStreamClient open(URI uri, String... headers) {
		return open(HttpRequest.newBuilder(uri), headers);
	}

	public static EventStreamClient open(HttpRequest.Builder request, String... headers) {
		try {
			if (headers.length > 0) {
				request.headers(headers);
			}
			EventStreamClient client = new EventStreamClient(
					http.send(request.timeout(Duration.ofSeconds(20)).build(), (head) -> new ReceivedBody()));
			Thread thread = new Thread(client::read, "test-client");
			thread.setDaemon(true);
			thread.start();
			return client;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void read() {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.response.body(), StandardCharsets.UTF_8))) {
			String id = null;
			String name = null;
			StringBuilder data = null;
			String line;
			while ((line = reader.readLine()) != null) {
				this.lines.add(line);
				if (line.isEmpty()) {
					if (data != null) {
						Event event = new Event(id, name, data.toString());
						this.events.add(event);
						this.listener.accept(event);
					}
					name = null;
					data = null;
				}
				else if (line.startsWith("id: ")) {
					id = line.substring(4);
				}
				else if (line.startsWith("event:")) {
					name = line.substring(6).trim();
				}
				else if (line.startsWith("data:")) {
					String value = line.startsWith("data: ") ? line.substring(6) : line.substring(5);
					data = (data != null) ? data.append('\n').append(value) : new StringBuilder(value);
				}
			}
		}
		catch (IOException ex) {
			this.failure = ex;
		}
		this.ended = true;
	}

	public HttpResponse<InputStream> response() {
		return this.response;
	}

	/**
	 * Have every event from now on handed to a listener at once, by the thread that
	 * reads.
	 * @param listener the listener
	 */
	public void onEvent(Consumer<Event> listener) {
		this.listener = listener;
	}

	public List<String> lines() {
		return this.lines;
	}

	public List<Event> events() {
		return this.events;
	}

	public List<String> data() {
		return this.events.stream().map(Event::data).toList();
	}

	public boolean isEnded() {
		return this.ended;
	}

	/**
	 * How the stream ended, {@code null} if in good order.
	 * @return the failure
	 */
	public @Nullable IOException failure() {
		return this.failure;
	}

	/**
	 * Begin to wait for a condition that is soon met: it is looked at at once, and often.
	 * @return what takes the condition
	 */
	public static ConditionFactory await() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
	}

	public EventStreamClient awaitEvents(int count) {
		await().until(() -> this.events.size() >= count);
		return this;
	}

	public EventStreamClient awaitEnd() {
		await().until(this::isEnded);
		return this;
	}

	@Override
	public void close() {
		try {
			this.response.body().close();
		}
		catch (IOException ex) {
			// closed already
		}
	}

	/**
	 * An event as a browser would fire it.
	 *
	 * @param id the last id at that time
	 * @param name the name
	 * @param data the data
	 */
	public record Event(@Nullable String id, @Nullable String name, String data) {

	}

}
