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
import java.nio.channels.SocketChannel;
import java.util.Arrays;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.StreamSwarm;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.Torture;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One topic, hundreds of streams, and one client that never reads.
 */
@Tag("long")
@Torture
class FanOutTests {

	private static final int STREAMS = Rounds.of(150, 700);

	private static final int QUEUE = 20;

	/**
	 * As long as the client is not thrown out, it is in the way of every event, or it
	 * would be if somebody waited for it: for the write timeout at worst, of which a
	 * batch may take no more than a small part.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT_BLOCKING")
	void clientThatNeverReadsChangesNothingForTheOthers(ServerKind kind) throws IOException {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.queue.max-events=" + QUEUE,
				"sse.stream.write-timeout=5m", "sse.stream.send-buffer-size=16KB", "server.tomcat.accept-count=2000");
				SocketChannel neverRead = StreamSwarm.connect(server.port(), "/feed");
				StreamSwarm swarm = new StreamSwarm(server.port(), "/feed", STREAMS - 1)) {
			Awaitility.await().until(() -> server.registry().count() == STREAMS);
			String padding = " ".repeat(4096);
			int events = 0;
			int batchesWhileItIsBehind = 0;
			while (batchesWhileItIsBehind < 20) {
				assertThat(events).as("events before a client that never reads is behind").isLessThan(5000);
				for (int i = 0; i < 10; i++) {
					server.sse().publish("feed", events++ + padding);
				}
				// within ten seconds
				swarm.awaitEvents(events);
				if (server.delivery().queuedFrames() > QUEUE / 2) {
					batchesWhileItIsBehind++;
				}
			}
			assertThat(swarm.disorderly()).isZero();
			assertThat(swarm.ended()).isZero();
			assertThat(server.registry().count()).isEqualTo(STREAMS);
			assertThat(neverRead.isConnected()).isTrue();
		}
	}

	/**
	 * Small send buffers, so that the client that never reads is noticed early.
	 */
	@RestController
	static class Controller {

		@Bean
		static WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatBuffers() {
			return (factory) -> factory
				.addConnectorCustomizers((connector) -> connector.setProperty("socket.txBufSize", "16384"));
		}

		@Bean
		static WebServerFactoryCustomizer<JettyServletWebServerFactory> jettyBuffers() {
			return (factory) -> factory.addServerCustomizers((server) -> Arrays.stream(server.getConnectors())
				.map(ServerConnector.class::cast)
				.forEach((connector) -> {
					connector.setAcceptQueueSize(2000);
					connector.setAcceptedSendBufferSize(16384);
				}));
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
