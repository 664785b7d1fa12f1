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

package io.github.springsse.answer;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.AnswerPage;
import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrame;
import io.github.springsse.testsupport.BrowserFrame.Page;
import io.github.springsse.testsupport.BrowserFrames;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests answers in pages of browsers that are reloaded, opened twice, and disconnected:
 * each receives every piece once, in order, from a source that is subscribed to once.
 */
@Tag("long")
class AnswerBrowserTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@RegisterExtension
	private static final BrowserFrames browsers = new BrowserFrames();

	@RegisterExtension
	private final Closing closing = new Closing();

	private final TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
			"sse.stream.retry=50ms", "sse.heartbeat.interval=1s");

	private final Controller answers = this.server.bean(Controller.class);

	AnswerBrowserTests() {
		this.closing.add(this.server);
	}

	@ParameterizedTest
	@EnumSource
	void aPageThatIsLoadedAgainInTheMiddleHasAllOfIt(BrowserEngine engine) {
		BrowserFrame browser = browsers.get(engine, "first");
		Page before = show(browser, this.server.port());
		awaitBegin();
		this.answers.emit("1", "one ");
		this.answers.emit("1", "two ");
		awaitText(before, "one two ");
		browser.leave();
		this.answers.emit("1", "three\n");
		Page after = show(browser, this.server.port());
		awaitText(after, "one two three\n");
		this.answers.emit("1", " four ");
		this.answers.end("1");
		awaitEnd(after);
		assertThat(after.told()).filteredOn((text) -> text.startsWith("text "))
			.last()
			.isEqualTo("text one two three\n four ");
		Page finished = show(browser, this.server.port());
		awaitEnd(finished);
		assertThat(finished.told()).filteredOn((text) -> text.startsWith("text "))
			.containsExactly("text one two three\n four ");
		assertThat(this.answers.subscriptions).hasValue(1);
	}

	@ParameterizedTest
	@EnumSource(names = "CHROMIUM")
	void aSecondWindowAndOneThatWasCutOffHaveAllOfIt(BrowserEngine engine) {
		TcpProxy proxy = this.closing.add(new TcpProxy(this.server.port()));
		Page first = show(browsers.get(engine, "first"), proxy.port());
		awaitBegin();
		this.answers.emit("1", "one ");
		awaitText(first, "one ");
		Page second = show(browsers.get(engine, "second"), this.server.port());
		awaitText(second, "one ");
		proxy.cut();
		this.answers.emit("1", "two ");
		awaitText(second, "one two ");
		first.await(() -> first.told().contains("error 0"));
		assertThat(first.told()).doesNotContain("text one two ");
		proxy.leadTo(this.server.port());
		awaitText(first, "one two ");
		this.answers.emit("1", "three ");
		this.answers.end("1");
		awaitEnd(first);
		awaitEnd(second);
		for (Page page : List.of(first, second)) {
			assertThat(page.told()).filteredOn((text) -> !text.startsWith("error"))
				.last()
				.isEqualTo("text one two three ");
		}
		assertThat(this.answers.subscriptions).hasValue(1);
	}

	@ParameterizedTest
	@EnumSource(names = "CHROMIUM")
	void stopEndsItAtOnceInEveryWindow(BrowserEngine engine) {
		Page first = show(browsers.get(engine, "first"), this.server.port());
		awaitBegin();
		Page second = show(browsers.get(engine, "second"), this.server.port());
		this.answers.emit("1", "one ");
		awaitText(first, "one ");
		awaitText(second, "one ");
		this.server.sse().cancel("answers/1");
		awaitEnd(first);
		awaitEnd(second);
		first.await(() -> this.answers.cancellations.get() == 1);
		assertThat(first.told()).noneMatch((text) -> text.startsWith("failed"));
	}

	private static Page show(BrowserFrame browser, int port) {
		return browser.show(URI.create("http://localhost:" + port + "/page/1"));
	}

	private void awaitBegin() {
		Awaitility.await().atMost(PATIENCE).until(() -> this.answers.subscriptions.get() == 1);
	}

	private static void awaitText(Page page, String text) {
		page.await(() -> page.told().contains("text " + text));
	}

	/**
	 * Wait until the page is told not to reconnect.
	 */
	private static void awaitEnd(Page page) {
		page.await(() -> page.told().contains("error 2"));
	}

	@RestController
	static class Controller {

		private final Map<String, Sinks.Many<String>> sinks = new ConcurrentHashMap<>();

		private final AtomicInteger subscriptions = new AtomicInteger();

		private final AtomicInteger cancellations = new AtomicInteger();

		@GetMapping("/answers/{id}")
		@SseTopic("answers/{id}")
		Supplier<Flux<String>> answer(@PathVariable String id) {
			return () -> this.sinks.computeIfAbsent(id, (key) -> Sinks.many().unicast().onBackpressureBuffer())
				.asFlux()
				.doOnSubscribe((subscription) -> this.subscriptions.incrementAndGet())
				.doOnCancel(this.cancellations::incrementAndGet);
		}

		@GetMapping(path = "/page/{id}", produces = "text/html;charset=UTF-8")
		String page(@PathVariable String id) {
			return AnswerPage.of("/answers/" + id);
		}

		void emit(String id, String piece) {
			this.sinks.get(id).tryEmitNext(piece).orThrow();
		}

		void end(String id) {
			this.sinks.get(id).tryEmitComplete().orThrow();
		}

	}

}
