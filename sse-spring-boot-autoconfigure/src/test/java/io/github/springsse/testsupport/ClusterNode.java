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
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.github.springsse.SseException;
import io.github.springsse.SseTopic;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * One node of a cluster as a program, which is told line by line what to do. Started by
 * {@link ClusterProcess}.
 */
public final class ClusterNode {

	private static final String DATA = "x".repeat(100);

	private final TestServer server;

	private final PrintStream output;

	private final List<Thread> publishers = new ArrayList<>();

	private volatile boolean publishing;

	private ClusterNode(TestServer server, PrintStream output) {
		this.server = server;
		this.output = output;
	}

	/**
	 * Run.
	 * @param properties the properties of the application
	 * @throws IOException if nobody is there any more
	 */
	public static void main(String[] properties) throws IOException {
		PrintStream output = System.out;
		System.setOut(System.err);
		TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, properties);
		server.bean(Controller.class).output = output;
		ClusterNode node = new ClusterNode(server, output);
		output.println("port " + server.port());
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String line;
		while ((line = input.readLine()) != null) {
			node.execute(line.split(" "));
		}
		System.exit(0);
	}

	private void execute(String[] words) {
		switch (words[0]) {
			case "start" -> start(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
			case "stop" -> stop();
			case "send" -> this.output.println("sent " + this.server.sse().publish(words[1], words[2]));
			case "pace" ->
				pace(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]));
			case "emit" -> answer(words[1]).tryEmitNext(words[2] + " ").orThrow();
			case "end" -> answer(words[1]).tryEmitComplete().orThrow();
			case "subscriptions" ->
				this.output.println("subscriptions " + this.server.bean(Controller.class).subscriptions(words[1]));
			case "end-while-closing" -> endWhileClosing(words[1], words[2]);
			case "ticks" -> ticks(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
			default -> throw new IllegalArgumentException(words[0]);
		}
	}

	/**
	 * Stop, and have an answer end after that has begun.
	 */
	private void endWhileClosing(String id, String piece) {
		Sinks.Many<String> answer = answer(id);
		Controller controller = this.server.bean(Controller.class);
		Thread closing = new Thread(this.server::close);
		closing.start();
		EventStreamClient.await().until(() -> controller.closing);
		answer.tryEmitNext(piece + " ").orThrow();
		answer.tryEmitComplete().orThrow();
		join(closing);
		this.output.println("closed");
	}

	private Sinks.Many<String> answer(String id) {
		return this.server.bean(Controller.class).answers.get(id);
	}

	/**
	 * Publish by several threads to several groups, until told to stop.
	 */
	private void start(String name, int threads, int groups) {
		this.publishing = true;
		for (int i = 0; i < threads; i++) {
			Random random = new Random(i);
			String prefix = name + "-" + i + "-";
			Thread thread = new Thread(() -> {
				for (int n = 0; this.publishing; n++) {
					publish("group" + random.nextInt(groups) + "/topic" + random.nextInt(2), prefix + n);
				}
			});
			this.publishers.add(thread);
			thread.start();
		}
	}

	/**
	 * Publish the time again and again.
	 */
	private void ticks(String topic, int count, int pauseMillis) {
		for (int i = 0; i < count; i++) {
			this.server.sse().publish(topic, Long.toString(System.nanoTime()));
			LockSupport.parkNanos(pauseMillis * 1_000_000L);
		}
		this.output.println("ticked");
	}

	/**
	 * Publish at a rate, by several threads, and tell how many milliseconds it took.
	 */
	private void pace(String topic, int threads, int perSecond, int seconds) {
		long start = System.nanoTime();
		for (int i = 0; i < threads; i++) {
			int first = i;
			Thread thread = new Thread(() -> {
				for (long n = first; n < (long) perSecond * seconds; n += threads) {
					LockSupport.parkNanos(start + n * 1_000_000_000L / perSecond - System.nanoTime());
					this.server.sse().publish(topic, DATA);
				}
			});
			this.publishers.add(thread);
			thread.start();
		}
		joinPublishers();
		this.output.println("paced " + (System.nanoTime() - start) / 1_000_000);
	}

	private void publish(String topic, String data) {
		try {
			this.server.sse().publish(topic, data);
			this.output.println("ack " + topic + " " + data);
		}
		catch (SseException ex) {
			this.output.println("failed " + ex.getMessage());
		}
	}

	private void stop() {
		this.publishing = false;
		joinPublishers();
		this.output.println("stopped");
	}

	private void joinPublishers() {
		this.publishers.forEach(ClusterNode::join);
		this.publishers.clear();
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@RestController
	static class Controller {

		private final Map<String, Sinks.Many<String>> answers = new ConcurrentHashMap<>();

		private final Map<String, Integer> subscriptions = new ConcurrentHashMap<>();

		private PrintStream output = System.err;

		private volatile boolean closing;

		@EventListener(ContextClosedEvent.class)
		void close() {
			this.closing = true;
		}

		int subscriptions(String id) {
			return this.subscriptions.getOrDefault(id, 0);
		}

		/**
		 * An answer whose pieces this program is told.
		 */
		@GetMapping("/answers/{id}")
		@SseTopic("answers/{id}")
		Supplier<Flux<String>> answer(@PathVariable String id) {
			return () -> {
				Sinks.Many<String> answer = Sinks.many().unicast().onBackpressureBuffer();
				this.answers.put(id, answer);
				return answer.asFlux().doOnSubscribe((subscription) -> {
					this.subscriptions.merge(id, 1, Integer::sum);
					this.output.println("began " + id);
				});
			};
		}

		/**
		 * A page that tells what it has got of an answer.
		 */
		@GetMapping(path = "/page/{id}", produces = "text/html;charset=UTF-8")
		String page(@PathVariable String id) {
			return AnswerPage.of("/answers/" + id);
		}

		@GetMapping("/{group}")
		@SseTopic("{group}/*")
		void group(@PathVariable String group) {
		}

		@GetMapping("/topic0/{group}")
		@SseTopic("{group}/topic0")
		void topic(@PathVariable String group) {
		}

	}

}
