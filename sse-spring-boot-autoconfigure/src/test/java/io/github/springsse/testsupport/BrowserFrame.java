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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * A browser that shows one page after another, each in a frame of a page of its own,
 * which passes on what the page in the frame tells it by {@code postMessage}: so a page
 * is heard though its own server cannot be reached.
 */
public final class BrowserFrame implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String PAGE = """
			<!DOCTYPE html>
			<meta charset="utf-8">
			<script type="module">
			let frame, number;
			let last = Promise.resolve();
			addEventListener('message', (event) => {
				if (event.source === frame.contentWindow) {
					const path = '/told/' + number;
					last = last.then(() => fetch(path, {method: 'POST', body: event.data}));
				}
			});
			while (true) {
				const next = await (await fetch('/next')).text();
				frame?.remove();
				frame = document.createElement('iframe');
				[number, frame.src] = next.split(' ');
				document.body.append(frame);
			}
			</script>
			""";

	private final BlockingQueue<String> next = new LinkedBlockingQueue<>();

	private final List<Page> pages = new CopyOnWriteArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final Browser browser;

	/**
	 * Start a browser.
	 * @param engine the engine. The test is skipped where there is no browser of it
	 * @param directory the directory for all that the browser writes
	 */
	public BrowserFrame(BrowserEngine engine, Path directory) {
		engine.required();
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.executor);
		this.server.createContext("/", (exchange) -> send(exchange, 404, ""));
		this.server.createContext("/page", (exchange) -> send(exchange, 200, PAGE));
		this.server.createContext("/next", (exchange) -> send(exchange, 200, next()));
		this.server.createContext("/told/", this::told);
		this.server.start();
		this.browser = new Browser(engine, directory,
				URI.create("http://localhost:" + this.server.getAddress().getPort() + "/page"));
	}

	/**
	 * Show a page in the place of the one that is shown.
	 * @param page the page
	 * @return what it tells
	 */
	public Page show(URI page) {
		Page result = new Page();
		this.pages.add(result);
		this.next.add((this.pages.size() - 1) + " " + page);
		return result;
	}

	/**
	 * Leave the page that is shown.
	 */
	public void leave() {
		show(URI.create("about:blank"));
	}

	private String next() {
		try {
			return this.next.take();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Closed", ex);
		}
	}

	private void told(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		Page page = this.pages.get(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
		page.told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
		send(exchange, 200, "");
	}

	private static void send(HttpExchange exchange, int status, String text) throws IOException {
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
		exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	@Override
	public void close() {
		this.browser.close();
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	/**
	 * A page that is, or was, shown.
	 */
	public final class Page {

		private final List<String> told = new CopyOnWriteArrayList<>();

		private Page() {
		}

		/**
		 * What the page has told, in that order.
		 * @return the texts
		 */
		public List<String> told() {
			return this.told;
		}

		/**
		 * Wait for a condition, for as long as a browser on a busy machine may need.
		 * @param condition the condition
		 */
		public void await(Callable<Boolean> condition) {
			Awaitility.await()
				.atMost(PATIENCE)
				.untilAsserted(() -> Assertions.assertThat(condition.call()).as(this::toString).isTrue());
		}

		/**
		 * What the page has told, or what the browser says if that is nothing.
		 */
		@Override
		public String toString() {
			return this.told.isEmpty() ? BrowserFrame.this.browser.output() : this.told.toString();
		}

	}

}
