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

package io.github.springsse.redis;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrame.Page;
import io.github.springsse.testsupport.BrowserFrames;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ClusterProcess;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for answers on two nodes with one Redis, and a browser: every piece arrives once
 * and in order, the source is subscribed to once, and if its node fails, every page is
 * notified once. The windows are pages of Chromium, each connected to its own node.
 */
@Tag("long")
class AnswerClusterTests {

	@RegisterExtension
	private static final BrowserFrames browsers = new BrowserFrames();

	@RegisterExtension
	private final Closing closing = new Closing();

	private TestRedis redis;

	@BeforeEach
	void start() {
		this.redis = this.closing.add(TestRedis.start());
	}

	@Test
	void aRestartOfANodeThatDoesNotRunTheSourceCostsNothing() {
		CompletableFuture<ClusterProcess> starting = CompletableFuture.supplyAsync(() -> node("running"),
				new SimpleAsyncTaskExecutor());
		ClusterProcess other = node("other");
		ClusterProcess running = starting.join();
		TcpProxy proxy = this.closing.add(new TcpProxy(other.port()));
		Page here = show("first", running.port());
		running.await("began 1");
		Page there = show("second", proxy.port());
		running.send("emit 1 one");
		awaitLast(here, "text one ");
		awaitLast(there, "text one ");
		other.kill();
		proxy.cut();
		running.send("emit 1 two");
		awaitLast(here, "text one two ");
		ClusterProcess restarted = node("restarted");
		proxy.leadTo(restarted.port());
		awaitLast(there, "text one two ");
		running.send("emit 1 three");
		running.send("end 1");
		awaitEnd(here);
		awaitEnd(there);
		assertThat(texts(here)).last().isEqualTo("text one two three ");
		assertThat(texts(there)).last().isEqualTo("text one two three ");
		assertThat(there.told()).noneMatch((text) -> text.startsWith("gap") || text.startsWith("failed"));
		restarted.send("subscriptions");
		assertThat(restarted.await("subscriptions ")).isEqualTo("0");
		running.send("subscriptions");
		assertThat(running.await("subscriptions ")).isEqualTo("1");
	}

	@Test
	void everyPageIsToldOnceThatTheNodeOfTheSourceIsGone() {
		CompletableFuture<ClusterProcess> starting = CompletableFuture.supplyAsync(() -> node("running"),
				new SimpleAsyncTaskExecutor());
		ClusterProcess other = node("other");
		ClusterProcess running = starting.join();
		TcpProxy proxy = this.closing.add(new TcpProxy(running.port()));
		Page here = show("first", proxy.port());
		running.await("began 1");
		Page there = show("second", other.port());
		running.send("emit 1 one");
		awaitLast(here, "text one ");
		awaitLast(there, "text one ");
		running.kill();
		proxy.leadTo(other.port());
		awaitEnd(here);
		awaitEnd(there);
		for (Page page : List.of(here, there)) {
			assertThat(page.told()).filteredOn((text) -> text.startsWith("failed"))
				.singleElement()
				.asString()
				.contains("interrupted");
			assertThat(texts(page)).containsExactly("text one ");
		}
	}

	@Test
	void aNodeThatIsStoppedGivesTheSourceTimeToEnd() {
		CompletableFuture<ClusterProcess> starting = CompletableFuture
			.supplyAsync(() -> node("running", "sse.shutdown.timeout=20s"), new SimpleAsyncTaskExecutor());
		ClusterProcess other = node("other");
		ClusterProcess running = starting.join();
		show("first", running.port());
		running.await("began 1");
		Page there = show("second", other.port());
		running.send("emit 1 one");
		awaitLast(there, "text one ");
		running.send("end-while-closing 1 two");
		running.await("closed");
		awaitEnd(there);
		assertThat(texts(there)).last().isEqualTo("text one two ");
		assertThat(there.told()).noneMatch((text) -> text.startsWith("failed"));
	}

	private ClusterProcess node(String name, String... properties) {
		List<String> all = new ArrayList<>(List.of("sse.event-log=redis", "spring.data.redis.port=" + this.redis.port(),
				"sse.stream.retry=100ms", "sse.heartbeat.interval=1s"));
		all.addAll(List.of(properties));
		return this.closing.add(ClusterProcess.start("answer-" + name, (acknowledgement) -> {
		}, all.toArray(String[]::new)));
	}

	private static Page show(String window, int port) {
		return browsers.get(BrowserEngine.CHROMIUM, window).show(URI.create("http://localhost:" + port + "/page/1"));
	}

	private static List<String> texts(Page page) {
		return page.told().stream().filter((text) -> text.startsWith("text ")).toList();
	}

	private static void awaitLast(Page page, String text) {
		page.await(() -> !texts(page).isEmpty() && texts(page).get(texts(page).size() - 1).equals(text));
	}

	/**
	 * Wait until the page is told not to come back.
	 */
	private static void awaitEnd(Page page) {
		page.await(() -> page.told().contains("error 2"));
	}

}
