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

package io.github.springsse.webmvc;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrame;
import io.github.springsse.testsupport.BrowserFrame.Page;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams as the {@code EventSource} and the {@code fetch} of browsers see them. Skipped
 * for browsers that are not installed.
 */
@Tag("long")
@ParameterizedClass
@EnumSource
class BrowserStreamTests {

	/** For the tests of all engines; the topic of one test is no other's. */
	private static final TestServers servers = new TestServers(Controller.class, "sse.heartbeat.interval=200ms",
			"sse.stream.retry=10ms", "sse.topics[small/**].events=3");

	@TempDir
	private static Path directory;

	/** That of the engine, once it has been started. */
	private static @Nullable BrowserFrame browser;

	private final BrowserEngine engine;

	private final String topic = "topic" + System.nanoTime();

	@RegisterExtension
	private final Closing closing = new Closing();

	BrowserStreamTests(BrowserEngine engine) {
		this.engine = engine;
	}

	@BeforeEach
	void startBrowser() {
		if (browser == null) {
			browser = new BrowserFrame(this.engine, directory.resolve(this.engine.name()));
		}
	}

	@AfterParameterizedClassInvocation
	static void closeBrowser() {
		if (browser != null) {
			browser.close();
			browser = null;
		}
	}

	@AfterAll
	static void closeServers() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource
	void getsEventsComesBackAfterTheEndAndIsSeenToLeave(ServerKind kind) {
		TestServer server = servers.get(kind);
		Page page = show(server.port(), "follow('/void/%s')");
		page.await(() -> server.registry().count(this.topic) == 1);
		server.sse().publish(this.topic, "first");
		server.sse().publish(this.topic, SseEvent.of("named", List.of(1, 2)));
		server.sse().publish(this.topic, "two\nlines, \u20AC");
		page.await(() -> told(page).size() == 4);
		server.registry().disconnectTopic(this.topic);
		page.await(() -> told(page).size() == 6);
		page.await(() -> server.registry().count(this.topic) == 1);
		server.sse().publish(this.topic, "second");
		page.await(() -> told(page).size() == 7);
		assertThat(told(page)).containsExactly("open", "message first", "named [1,2]", "message two\nlines, \u20AC",
				"error 0", "open", "message second");
		browser.leave();
		page.await(() -> server.registry().count(this.topic) == 0);
	}

	/**
	 * Events that refer back to the ones before them, one that refers to none, and the
	 * end, after which a browser that finds an error in the data comes back.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void decodesEachCompressedEventAtOnceAndTheEnd(ServerKind kind) {
		TestServer server = servers.get(kind, "sse.compression.enabled=true");
		Page page = show(server.port(), "follow('/void/%s')");
		page.await(() -> server.registry().count(this.topic) == 1);
		for (int i = 0; i < 20; i++) {
			String event = "a loan of the library, number " + i;
			server.sse().publish(this.topic, event);
			page.await(() -> events(page).contains("message " + event));
		}
		server.registry().disconnectTopic(this.topic);
		page.await(() -> told(page).contains("error 0"));
		page.await(() -> server.registry().count(this.topic) == 1);
		server.sse().publish(this.topic, "after the end");
		page.await(() -> events(page).contains("message after the end"));
		assertThat(events(page)).hasSize(21);
		server.sse().complete(this.topic);
		page.await(() -> told(page).contains("error 2"));
		assertThat(server.bean(Controller.class).requests(this.topic)).isEqualTo(3);
	}

	@Test
	void getsWhatItMissedBeforeTheFirstEventAndAfterEvents() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		TcpProxy proxy = this.closing.add(new TcpProxy(server.port()));
		Page page = show(proxy.port(), "follow('/void/%s')");
		awaitId(page, "id ");
		proxy.cut();
		server.sse().publish(this.topic, "before any");
		proxy.leadTo(server.port());
		page.await(() -> events(page).size() == 1);
		server.sse().publish(this.topic, "live");
		page.await(() -> events(page).size() == 2);
		proxy.cut();
		server.sse().publish(this.topic, "missed 1");
		server.sse().publish(this.topic, "missed 2");
		proxy.leadTo(server.port());
		page.await(() -> events(page).size() == 4);
		server.sse().publish(this.topic, "last");
		page.await(() -> events(page).contains("message last"));
		assertThat(events(page)).containsExactly("message before any", "message live", "message missed 1",
				"message missed 2", "message last");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void doesNotComeBackForMoreAfterTheEndOfTheTopic(ServerKind kind) {
		TestServer server = servers.get(kind);
		List<String> topics = List.of(this.topic + "-event", this.topic + "-snapshot", this.topic + "-nothing");
		Page page = show(server.port(), """
				follow('/void/%1$s-event', 'event ');
				follow('/snapshot/%1$s-snapshot', 'snapshot ');
				follow('/void/%1$s-nothing', 'nothing ');
				""");
		page.await(() -> topics.stream().allMatch((topic) -> server.registry().count(topic) == 1));
		server.sse().publish(topics.get(0), "one");
		page.await(() -> told(page).containsAll(List.of("event message one", "snapshot snapshot state")));
		topics.forEach(server.sse()::complete);
		page.await(() -> told(page).containsAll(List.of("event error 2", "snapshot error 2", "nothing error 2")));
		assertThat(topics).extracting(server.bean(Controller.class)::requests)
			.as("a stream, and what ends the coming back")
			.containsOnly(2);
	}

	@Test
	void doesNotGetItsOwnEventWhenItComesBack() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		TcpProxy proxy = this.closing.add(new TcpProxy(server.port()));
		Page page = show(proxy.port(), "follow('/own/%s')");
		page.await(() -> events(page).size() == 1);
		String stream = events(page).get(0).substring("stream ".length());
		server.sse().publish(this.topic, "before");
		page.await(() -> events(page).size() == 2);
		awaitId(page, "id " + server.sse().publish(this.topic, SseEvent.of("own").exceptStream(stream)));
		proxy.cut();
		proxy.leadTo(server.port());
		page.await(() -> events(page).size() == 3);
		server.sse().publish(this.topic, "last");
		page.await(() -> events(page).contains("message last"));
		assertThat(events(page)).hasSize(4).element(2).asString().startsWith("stream ").doesNotEndWith(stream);
	}

	@Test
	void isToldOnceThatSomethingIsGone() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		TcpProxy proxy = this.closing.add(new TcpProxy(server.port()));
		Page page = show(proxy.port(), "follow('/small/%s')");
		String small = "small/" + this.topic;
		page.await(() -> server.registry().count(small) == 1);
		server.sse().publish(small, "seen");
		page.await(() -> events(page).size() == 1);
		proxy.cut();
		IntStream.range(0, 5).forEach((i) -> server.sse().publish(small, "kept " + i));
		proxy.leadTo(server.port());
		page.await(() -> events(page).size() == 5);
		proxy.cut();
		server.sse().publish(small, "missed");
		proxy.leadTo(server.port());
		page.await(() -> events(page).contains("message missed"));
		assertThat(events(page)).containsExactly("message seen", "gap evicted", "message kept 2", "message kept 3",
				"message kept 4", "message missed");
	}

	@Test
	void isToldOnceThatTheLogHasBegunAnew() {
		TestServer before = servers.get(ServerKind.TOMCAT_HANDOFF);
		TestServer after = servers.get(ServerKind.JETTY_HANDOFF);
		TcpProxy proxy = this.closing.add(new TcpProxy(before.port()));
		Page page = show(proxy.port(), """
				follow('/void/%1$s', 'void ');
				follow('/snapshot/%1$s', 'snapshot ');
				""");
		page.await(() -> before.registry().count(this.topic) == 2);
		before.sse().publish(this.topic, "seen");
		page.await(() -> events(page).size() == 3);
		proxy.cut();
		String id = after.sse().publish("other", "anything");
		proxy.leadTo(after.port());
		awaitId(page, "void id " + id);
		awaitId(page, "snapshot id " + id);
		proxy.cut();
		after.sse().publish(this.topic, "missed");
		proxy.leadTo(after.port());
		page.await(() -> events(page).size() >= 7);
		after.sse().publish(this.topic, "last");
		page.await(() -> events(page).containsAll(List.of("void message last", "snapshot message last")));
		assertThat(events(page)).filteredOn((text) -> text.startsWith("void "))
			.containsExactly("void message seen", "void gap restarted", "void message missed", "void message last");
		assertThat(events(page)).filteredOn((text) -> text.startsWith("snapshot "))
			.containsExactly("snapshot snapshot state", "snapshot message seen", "snapshot snapshot state",
					"snapshot message missed", "snapshot message last");
	}

	@Test
	void getsAllThoughThePageIsBusy() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		Page page = show(server.port(), """
				const data = [];
				new EventSource('/void/%1$s').onmessage = (event) => {
					if (event.data === 'begin') {
						const request = new XMLHttpRequest();
						request.open('POST', '/busy/%1$s', false);
						request.send();
						for (const end = performance.now() + 2000; performance.now() < end; );
					}
					else if (event.data !== 'end') {
						data.push(event.data);
					}
					else {
						tell(data.join());
					}
				};
				""");
		page.await(() -> server.registry().count(this.topic) == 1);
		server.sse().publish(this.topic, "begin");
		page.await(() -> server.bean(Controller.class).requests(this.topic) == 2);
		List<String> data = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
		data.forEach((text) -> server.sse().publish(this.topic, text));
		server.sse().publish(this.topic, "end");
		page.await(() -> !told(page).isEmpty());
		assertThat(told(page)).containsExactly(String.join(",", data));
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void fetchTellsTheEndFromACut(ServerKind kind) {
		TestServer server = servers.get(kind);
		TcpProxy proxy = this.closing.add(new TcpProxy(server.port()));
		Page page = show(proxy.port(), """
				async function read(path, name) {
					try {
						const response = await fetch(path);
						const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
						let text = '';
						for (let part = await reader.read(); !part.done; part = await reader.read()) {
							text += part.value;
							if (text.includes('data: event')) {
								text = '';
								tell(name + ' event');
							}
						}
						tell(name + ' done');
					}
					catch (error) {
						tell(name + ' ' + error.name);
					}
				}
				read('/void/%1$s-ended', 'ended');
				read('/void/%1$s-cut', 'cut');
				""");
		List<String> topics = List.of(this.topic + "-ended", this.topic + "-cut");
		page.await(() -> topics.stream().allMatch((topic) -> server.registry().count(topic) == 1));
		topics.forEach((topic) -> server.sse().publish(topic, "event"));
		page.await(() -> told(page).containsAll(List.of("ended event", "cut event")));
		server.sse().complete(topics.get(0));
		page.await(() -> told(page).size() == 3);
		proxy.cut();
		page.await(() -> told(page).size() == 4);
		assertThat(told(page).subList(2, 4)).containsExactly("ended done",
				(this.engine != BrowserEngine.WEBKIT) ? "cut TypeError" : "cut done");
	}

	private Page show(int port, String script) {
		return browser.show(UriComponentsBuilder.fromUriString("http://localhost:{port}/page?script={script}")
			.encode()
			.build(port, script.formatted(this.topic)));
	}

	/**
	 * Wait until the page would come back with an id.
	 */
	private static void awaitId(Page page, String start) {
		page.await(() -> page.told().stream().anyMatch((text) -> text.startsWith(start)));
	}

	private static List<String> told(Page page) {
		return page.told().stream().filter((text) -> !text.matches("(\\w+ )?id .*")).toList();
	}

	private static List<String> events(Page page) {
		return told(page).stream().filter((text) -> !text.matches("(\\w+ )?(open|error \\d)")).toList();
	}

	@RestController
	static class Controller {

		private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

		@GetMapping("/void/{topic}")
		@SseTopic("{topic}")
		void noSnapshot(@PathVariable String topic) {
			count(topic);
		}

		@GetMapping("/snapshot/{topic}")
		@SseTopic("{topic}")
		String snapshot(@PathVariable String topic) {
			count(topic);
			return "state";
		}

		@GetMapping("/own/{topic}")
		@SseTopic("{topic}")
		void own(SseStream stream) {
			stream.send(SseEmitter.event().name("stream").data(stream.getId()));
		}

		@GetMapping("/small/{topic}")
		@SseTopic("small/{topic}")
		void small() {
		}

		@PostMapping("/busy/{topic}")
		void busy(@PathVariable String topic) {
			count(topic);
		}

		@GetMapping(path = "/page", produces = "text/html;charset=UTF-8")
		String page(@RequestParam String script) {
			return """
					<!DOCTYPE html>
					<script>
					function tell(text) {
						parent.postMessage(text, '*');
					}
					function follow(path, name = '') {
						const source = new EventSource(path);
						let id = '';
						function take(event) {
							if (event.type === 'gap') {
								tell(name + 'gap ' + JSON.parse(event.data).reason);
							}
							else if (event.type !== 'cursor') {
								tell(name + event.type + ' ' + event.data);
							}
							if (event.lastEventId !== id) {
								id = event.lastEventId;
								tell(name + 'id ' + id);
							}
						}
						source.onopen = () => tell(name + 'open');
						source.onerror = () => tell(name + 'error ' + source.readyState);
						['cursor', 'gap', 'message', 'named', 'snapshot', 'stream']
							.forEach((type) => source.addEventListener(type, take));
					}
					%s
					</script>
					""".formatted(script);
		}

		int requests(String topic) {
			return this.requests.get(topic).get();
		}

		private void count(String topic) {
			this.requests.computeIfAbsent(topic, (key) -> new AtomicInteger()).incrementAndGet();
		}

	}

}
