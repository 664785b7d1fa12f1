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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrame.Page;
import io.github.springsse.testsupport.BrowserFrames;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ClusterProcess;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

	private static final Queue<ClusterProcess> idle = new ConcurrentLinkedQueue<>();

	private static final AtomicInteger answers = new AtomicInteger();

	private static TestRedis redis;

	@RegisterExtension
	private final Closing closing = new Closing();

	private final String id = String.valueOf(answers.incrementAndGet());

	private final List<ClusterProcess> used = new CopyOnWriteArrayList<>();

	@BeforeAll
	static void startRedis() {
		redis = TestRedis.start();
	}

	/**
	 * Leave nodes that have not been killed to the next test: each takes seconds to
	 * start.
	 */
	@AfterEach
	void leave() {
		this.used.stream().filter((node) -> node.process().isAlive()).forEach(idle::add);
	}

	@AfterAll
	static void stop() {
		idle.forEach(ClusterProcess::close);
		idle.clear();
		redis.close();
	}

	@Test
	void aRestartOfANodeThatDoesNotRunTheSourceCostsNothing() {
		CompletableFuture<ClusterProcess> starting = CompletableFuture.supplyAsync(() -> node("running"),
				new SimpleAsyncTaskExecutor());
		ClusterProcess other = node("other");
		ClusterProcess running = starting.join();
		TcpProxy proxy = this.closing.add(new TcpProxy(other.port()));
		Page here = show("first", running.port());
		running.await("began " + this.id);
		Page there = show("second", proxy.port());
		running.send("emit " + this.id + " one");
		awaitLast(here, "text one ");
		awaitLast(there, "text one ");
		other.kill();
		proxy.cut();
		running.send("emit " + this.id + " two");
		awaitLast(here, "text one two ");
		ClusterProcess restarted = start("restarted");
		proxy.leadTo(restarted.port());
		awaitLast(there, "text one two ");
		running.send("emit " + this.id + " three");
		running.send("end " + this.id);
		awaitEnd(here);
		awaitEnd(there);
		assertThat(texts(here)).last().isEqualTo("text one two three ");
		assertThat(texts(there)).last().isEqualTo("text one two three ");
		assertThat(there.told()).noneMatch((text) -> text.startsWith("gap") || text.startsWith("failed"));
		restarted.send("subscriptions " + this.id);
		assertThat(restarted.await("subscriptions ")).isEqualTo("0");
		running.send("subscriptions " + this.id);
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
		running.await("began " + this.id);
		Page there = show("second", other.port());
		running.send("emit " + this.id + " one");
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
		CompletableFuture<ClusterProcess> starting = CompletableFuture.supplyAsync(() -> node("running"),
				new SimpleAsyncTaskExecutor());
		ClusterProcess other = node("other");
		ClusterProcess running = starting.join();
		show("first", running.port());
		running.await("began " + this.id);
		Page there = show("second", other.port());
		running.send("emit " + this.id + " one");
		awaitLast(there, "text one ");
		running.send("end-while-closing " + this.id + " two");
		running.await("closed");
		running.kill();
		awaitEnd(there);
		assertThat(texts(there)).last().isEqualTo("text one two ");
		assertThat(there.told()).noneMatch((text) -> text.startsWith("failed"));
	}

	/**
	 * Return a node that another test has left, or start one.
	 */
	private ClusterProcess node(String name) {
		ClusterProcess node = idle.poll();
		return (node != null) ? use(node) : start(name);
	}

	private ClusterProcess start(String name) {
		return use(ClusterProcess.start("answer-" + name, (acknowledgement) -> {
		}, "sse.event-log=redis", "spring.data.redis.port=" + redis.port(), "sse.stream.retry=100ms",
				"sse.heartbeat.interval=1s", "sse.shutdown.timeout=20s"));
	}

	private ClusterProcess use(ClusterProcess node) {
		this.used.add(node);
		return node;
	}

	private Page show(String window, int port) {
		return browsers.get(BrowserEngine.CHROMIUM, window)
			.show(URI.create("http://localhost:" + port + "/page/" + this.id));
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
