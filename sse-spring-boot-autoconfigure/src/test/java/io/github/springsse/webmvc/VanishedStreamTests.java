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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.SeparateNetwork;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that vanish: their packets are dropped, and no FIN or RST comes. In a network
 * namespace.
 */
@ExtendWith(OutputCaptureExtension.class)
class VanishedStreamTests {

	private static final String HEARTBEAT = "sse.heartbeat.interval=2s";

	private static final String WRITE_TIMEOUT = "sse.stream.write-timeout=1s";

	/** Twice the heartbeat interval, and the write timeout. */
	private static final Duration FOUND_WITHIN = Duration.ofSeconds(2 * 2 + 1);

	private SeparateNetwork network;

	@BeforeEach
	void create() {
		this.network = SeparateNetwork.create();
	}

	@AfterEach
	void close() {
		if (this.network != null) {
			this.network.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatVanishesIsFound(ServerKind kind, CapturedOutput output) {
		try (TestServer server = TestServer.start(kind, Controller.class, HEARTBEAT, WRITE_TIMEOUT);
				RawStreamClient stays = RawStreamClient.open(server.port(), "/feed")) {
			clientVanishes(server, "http");
			server.sse().publish("feed", "for those who stay");
			stays.awaitLine("data: for those who stay");
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatVanishesIsFoundWithTls(ServerKind kind, @TempDir Path directory, CapturedOutput output) {
		SelfSignedCertificate certificate = new SelfSignedCertificate(directory);
		try (TestServer server = TestServer.start(kind, Controller.class,
				certificate.properties(HEARTBEAT, WRITE_TIMEOUT));
				RawStreamClient stays = RawStreamClient
					.send(certificate.connect(server.port(), 0), RawStreamClient.get("/feed"))
					.readHead()) {
			clientVanishes(server, "https");
			server.sse().publish("feed", "for those who stay");
			stays.awaitLine("data: for those who stay");
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	private void clientVanishes(TestServer server, String scheme) {
		Controller controller = server.bean(Controller.class);
		Awaitility.await().until(() -> server.registry().count() == 1);
		// NOTE: by the name that the certificate has
		this.network.start("curl", "-skN", "--noproxy", "*", "--resolve",
				"localhost:" + server.port() + ":" + this.network.serverAddress(),
				scheme + "://localhost:" + server.port() + "/feed");
		Awaitility.await().until(() -> server.registry().count() == 2);
		this.network.dropPackets();
		Awaitility.await().atMost(FOUND_WITHIN).until(() -> server.registry().count() == 1);
		Awaitility.await().until(() -> controller.completed.get() == 1);
		assertThat(server.delivery().statistics().closed(CloseReason.DISCONNECTED)).isEqualTo(1);
	}

	/**
	 * By the keepalive of the operating system.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatVanishesIsFoundWithoutHeartbeats(ServerKind kind, CapturedOutput output) {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.heartbeat.interval=0", WRITE_TIMEOUT)) {
			this.network.start("curl", "-sN", "--noproxy", "*",
					"http://" + this.network.serverAddress() + ":" + server.port() + "/feed");
			Awaitility.await().until(() -> server.registry().count() == 1);
			this.network.dropPackets();
			Awaitility.await().until(() -> server.registry().count() == 0);
			assertThat(server.delivery().statistics().closed(CloseReason.DISCONNECTED)).isEqualTo(1);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	/**
	 * Its system answers that it has no room. There is room at ours, so the write timeout
	 * has not begun.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatDoesNotReadHasNotVanished(ServerKind kind) throws IOException {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.heartbeat.interval=250ms",
				"sse.stream.write-timeout=1s", "sse.stream.send-buffer-size=8MB")) {
			this.network.start("bash", "-c", "exec 3<>/dev/tcp/" + this.network.serverAddress() + "/" + server.port()
					+ "; printf '" + RawStreamClient.get("/feed").replace("\r\n", "\\r\\n") + "' >&3; exec sleep 60");
			Awaitility.await().until(() -> server.registry().count() == 1);
			Awaitility.await().until(() -> {
				server.sse().publish("feed", "x".repeat(20_000));
				return isWindowClosed(server.port());
			});
			for (int i = 0; i < 20; i++) {
				long heartbeats = server.delivery().statistics().heartbeats();
				Awaitility.await().until(() -> server.delivery().statistics().heartbeats() > heartbeats);
			}
			assertThat(isWindowClosed(server.port())).isTrue();
			assertThat(server.registry().count()).isEqualTo(1);
		}
	}

	private static boolean isWindowClosed(int port) throws IOException {
		try (Stream<String> ipv4 = Files.lines(Path.of("/proc/net/tcp"));
				Stream<String> ipv6 = Files.lines(Path.of("/proc/net/tcp6"))) {
			return Stream.concat(ipv4, ipv6)
				.map((row) -> row.trim().split("[ :]+"))
				.anyMatch((row) -> row[2].equals("%04X".formatted(port)) && row[5].equals("01") && row[8].equals("04"));
		}
	}

	@RestController
	static class Controller {

		private final AtomicInteger completed = new AtomicInteger();

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed(SseStream stream) {
			stream.onCompletion(this.completed::incrementAndGet);
		}

	}

}
