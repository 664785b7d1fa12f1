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

import java.util.List;

import io.github.springsse.SseEvent;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams from the annotation to the socket.
 */
class StreamTests {

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class);

	@ParameterizedTest
	@EnumSource
	void sendsHeadAndFirstFrameAtOnceThenWhatIsPublished(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = EventStreamClient.open(server.uri("/plain"))) {
			assertThat(client.response().statusCode()).isEqualTo(200);
			assertThat(client.response().headers().firstValue("Content-Type")).hasValue("text/event-stream");
			assertThat(client.response().headers().firstValue("Cache-Control"))
				.hasValue("no-store, no-cache, no-transform");
			assertThat(client.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
			Awaitility.await().untilAsserted(() -> assertThat(client.lines()).first().isEqualTo("retry: 2000"));
			Awaitility.await().until(() -> server.registry().count() == 1);
			String first = server.sse().publish("plain", "one");
			String second = server.sse().publish("plain", SseEvent.of("named", List.of(1, 2)));
			server.sse().publish("other", "not for this stream");
			client.awaitEvents(2);
			assertThat(client.events()).containsExactly(new Event(first, null, "one"),
					new Event(second, "named", "[1,2]"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void sendsSnapshotThenWhatWasPublishedSinceTheMethodBegan(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = EventStreamClient.open(server.uri("/branches/north/loans"))) {
			client.awaitEvents(2);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
			assertThat(client.events().get(0).data()).isEqualTo("[\"north\"]");
			assertThat(client.events().get(1).data()).isEqualTo("while the method ran");
		}
	}

	@RestController
	static class Controller {

		private final io.github.springsse.SseOperations sse;

		Controller(io.github.springsse.SseOperations sse) {
			this.sse = sse;
		}

		@GetMapping("/plain")
		@SseTopic("plain")
		void plain() {
		}

		@GetMapping("/branches/{branch}/loans")
		@SseTopic("branches/{branch}/loans")
		List<String> snapshot(@PathVariable String branch) {
			this.sse.publish("branches/" + branch + "/loans", "while the method ran");
			return List.of(branch);
		}

	}

}
