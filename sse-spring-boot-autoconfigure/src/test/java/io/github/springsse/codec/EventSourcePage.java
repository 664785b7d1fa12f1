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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.springsse.testsupport.BrowserFrame;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page on its own server that reads streams with the {@code EventSource} of a browser
 * and reports what it received. A stream is a list of responses: the browser reconnects
 * after each, and 204 follows the last.
 */
final class EventSourcePage implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final JsonMapper json = new JsonMapper();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final CompletableFuture<byte[]> received = new CompletableFuture<>();

	private final Map<String, List<String>> lastEventIds = new ConcurrentHashMap<>();

	private final HttpServer server;

	/**
	 * Start the server.
	 * @param names the types of event that the page listens to
	 * @param streams the streams, each as the bytes of its responses
	 * @throws IOException if there is no free port
	 */
	EventSourcePage(Collection<String> names, List<List<byte[]>> streams) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.executor);
		List<String> paths = IntStream.range(0, streams.size()).mapToObj((i) -> "/stream/" + i).toList();
		this.server.createContext("/", (exchange) -> send(exchange, 404, "text/plain", new byte[0]));
		this.server.createContext("/page", (exchange) -> send(exchange, 200, "text/html", page()));
		this.server.createContext("/names",
				(exchange) -> send(exchange, 200, "application/json", this.json.writeValueAsBytes(names)));
		this.server.createContext("/streams",
				(exchange) -> send(exchange, 200, "application/json", this.json.writeValueAsBytes(paths)));
		this.server.createContext("/received", (exchange) -> {
			this.received.complete(exchange.getRequestBody().readAllBytes());
			send(exchange, 200, "text/plain", new byte[0]);
		});
		for (int i = 0; i < paths.size(); i++) {
			List<byte[]> responses = streams.get(i);
			this.server.createContext(paths.get(i), (exchange) -> stream(exchange, responses));
		}
		this.server.start();
	}

	/**
	 * Open the page and wait until every stream has ended.
	 * @param browser shows the page
	 * @return the events of each stream
	 */
	List<List<Received.Event>> open(BrowserFrame browser) {
		BrowserFrame.Page page = browser
			.show(URI.create("http://localhost:" + this.server.getAddress().getPort() + "/page"));
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.received).as(page::toString).isCompleted());
		Received.Event[][] events = this.json.readValue(this.received.join(), Received.Event[][].class);
		return Arrays.stream(events).map(List::of).toList();
	}

	/**
	 * Return the {@code Last-Event-ID} of each request for a stream, in order.
	 * @param stream the index of the stream
	 * @return the ids, {@code ""} for a request without one
	 */
	List<String> lastEventIds(int stream) {
		return this.lastEventIds.getOrDefault("/stream/" + stream, List.of());
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	private void stream(HttpExchange exchange, List<byte[]> responses) throws IOException {
		List<String> ids = this.lastEventIds.computeIfAbsent(exchange.getRequestURI().getPath(),
				(path) -> new CopyOnWriteArrayList<>());
		String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
		ids.add((id != null) ? new String(id.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : "");
		if (ids.size() > responses.size()) {
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
			return;
		}
		send(exchange, 200, "text/event-stream", responses.get(ids.size() - 1));
	}

	private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", type);
		exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(body);
		}
	}

	private static byte[] page() throws IOException {
		try (InputStream page = EventSourcePage.class.getResourceAsStream("event-source.html")) {
			return page.readAllBytes();
		}
	}

}
