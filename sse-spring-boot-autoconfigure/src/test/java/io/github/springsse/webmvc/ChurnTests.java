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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.SseOperations;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.Torture;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of streams that are opened and closed at random moments while events flow,
 * each with a topic of its own, so that no byte that reaches a client it is not meant for
 * goes unseen.
 */
@Tag("long")
@Torture
@ExtendWith(OutputCaptureExtension.class)
class ChurnTests {

	/** What a client may get beside its events: the first lines, and a position. */
	private static final Set<String> OTHERS = Set.of("", "retry: 2000", ": heartbeat", "event: cursor", "data");

	private static final int STREAMS = Rounds.of(600, 4_000);

	private static final int AT_A_TIME = 200;

	@ParameterizedTest
	@EnumSource
	void mixesNothingUpAndLeavesNothingOpen(ServerKind kind, CapturedOutput output) throws InterruptedException {
		TestServer server = TestServer.start(kind, Controller.class, "sse.heartbeat.interval=200ms",
				"server.tomcat.accept-count=1000");
		Churn churn = new Churn(server);
		churn.run();
		assertThat(churn.violations).isEmpty();
		assertThat(churn.received.get()).isGreaterThan(STREAMS);
		assertThat(churn.ended.get()).isGreaterThan(STREAMS / 10);
		Awaitility.await().untilAsserted(() -> assertThat(server.registry().count()).isZero());
		long start = System.nanoTime();
		server.close();
		// sse.shutdown.timeout is ten seconds
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	/**
	 * What the clients share.
	 */
	private static final class Churn {

		private final TestServer server;

		private final SseOperations sse;

		private final AtomicInteger next = new AtomicInteger();

		private final Map<Integer, Client> open = new ConcurrentHashMap<>();

		private final Queue<String> violations = new ConcurrentLinkedQueue<>();

		private final AtomicInteger received = new AtomicInteger();

		private final AtomicInteger ended = new AtomicInteger();

		Churn(TestServer server) {
			this.server = server;
			this.sse = server.sse();
		}

		void run() throws InterruptedException {
			ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
			CountDownLatch done = new CountDownLatch(AT_A_TIME);
			for (int i = 0; i < AT_A_TIME; i++) {
				threads.execute(() -> {
					int number;
					while ((number = this.next.getAndIncrement()) < STREAMS && this.violations.isEmpty()) {
						new Client(this, number).run();
					}
					done.countDown();
				});
			}
			assertThat(done.await(10, TimeUnit.MINUTES)).isTrue();
			threads.shutdownNow();
		}

		void publishToAny() {
			List<Client> clients = new ArrayList<>(this.open.values());
			if (!clients.isEmpty()) {
				clients.get(ThreadLocalRandom.current().nextInt(clients.size())).publish();
			}
		}

	}

	/**
	 * One stream from its beginning to its end.
	 */
	private static final class Client {

		private final Churn churn;

		private final int number;

		private final String topic;

		private final String token;

		private final StringBuilder read = new StringBuilder();

		private int published;

		private int received;

		private int expected;

		Client(Churn churn, int number) {
			this.churn = churn;
			this.number = number;
			this.topic = "churn/" + number;
			this.token = Long.toHexString(ThreadLocalRandom.current().nextLong()) + "-" + number;
		}

		synchronized void publish() {
			this.churn.sse.publish(this.topic, this.token + " " + this.published++);
		}

		void run() {
			ThreadLocalRandom random = ThreadLocalRandom.current();
			try (RawStreamClient client = RawStreamClient.send(this.churn.server.port(), 0,
					RawStreamClient.get("/churn/" + this.number))) {
				this.churn.open.put(this.number, this);
				if (random.nextInt(20) == 0) {
					client.leave(random.nextBoolean() ? Leaving.RESET : Leaving.CLOSE);
					return;
				}
				client.readHead();
				int target = random.nextInt(6);
				while (this.received < target) {
					publish();
					this.churn.publishToAny();
					int before = this.received;
					while (this.received == before && readLine(client)) {
						// up to the next event
					}
				}
				this.churn.publishToAny();
				end(client, random);
			}
			catch (IOException | UncheckedIOException ex) {
				violation(ex.toString());
			}
			finally {
				this.churn.open.remove(this.number);
			}
		}

		private void end(RawStreamClient client, ThreadLocalRandom random) throws IOException {
			int unread = random.nextInt(4);
			for (int i = 0; i < unread; i++) {
				publish();
			}
			switch (random.nextInt(8)) {
				case 0, 1, 2 -> {
					if (this.churn.server.registry().disconnectTopic(this.topic) == 1) {
						while (readLine(client)) {
							// up to the end
						}
						this.churn.ended.incrementAndGet();
					}
				}
				case 3, 4 -> client.leave(Leaving.RESET);
				case 5 -> client.leave(Leaving.HALF_CLOSE);
				default -> client.leave(Leaving.CLOSE);
			}
		}

		/**
		 * Read a line and see that it is one that this client should get.
		 * @return {@code false} at the end
		 */
		private boolean readLine(RawStreamClient client) throws IOException {
			this.read.setLength(0);
			int next;
			while ((next = client.body().read()) != '\n') {
				if (next < 0) {
					if (this.read.length() > 0) {
						violation("ends with '" + this.read + "'");
					}
					return false;
				}
				this.read.append((char) next);
			}
			String line = this.read.toString();
			if (line.startsWith("data: ")) {
				if (this.received == 0 && line.startsWith("data: " + this.token + " ")) {
					this.expected = Integer.parseInt(line.substring(this.token.length() + 7));
				}
				if (!line.equals("data: " + this.token + " " + this.expected)) {
					violation("got '" + line + "' instead of event " + this.expected + " of " + this.token);
				}
				this.expected++;
				this.received++;
				this.churn.received.incrementAndGet();
			}
			else if (!OTHERS.contains(line) && !line.startsWith("id: ")) {
				violation("got '" + line + "'");
			}
			return true;
		}

		private void violation(String text) {
			this.churn.violations.add("Client " + this.number + ": " + text);
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/churn/{number}")
		@SseTopic("churn/{number}")
		void churn(@PathVariable int number) {
		}

		@Bean
		static WebServerFactoryCustomizer<JettyServletWebServerFactory> acceptQueue() {
			return (factory) -> factory.addServerCustomizers((server) -> Arrays.stream(server.getConnectors())
				.map(ServerConnector.class::cast)
				.forEach((connector) -> connector.setAcceptQueueSize(1000)));
		}

	}

}
