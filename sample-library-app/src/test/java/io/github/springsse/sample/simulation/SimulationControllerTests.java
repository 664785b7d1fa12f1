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

package io.github.springsse.sample.simulation;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulationController}.
 */
@LibraryTest
class SimulationControllerTests {

	@LocalServerPort
	private int port;

	@Test
	void busyDayIsStartedAndStoppedAndSeen() throws Exception {
		LibraryClient client = new LibraryClient(this.port);
		try (EventReader feed = client.events("/loans/feed"); EventReader page = client.events("/feed")) {
			assertThat(client.json(client.post("/simulation/start")).get("running").asBoolean()).isTrue();
			assertThat(client.json(client.get("/simulation")).get("running").asBoolean()).isTrue();
			assertThat(page.next(SimulationControllerTests::ofBusyDay).data()).contains("\"running\":false");
			assertThat(page.next(SimulationControllerTests::ofBusyDay).data()).contains("\"running\":true");
			assertThat(feed.next((event) -> !event.name().equals("snapshot")).name()).isIn("borrowed", "returned");
		}
		finally {
			JsonNode state = client.json(client.post("/simulation/stop"));
			assertThat(state.get("running").asBoolean()).isFalse();
			assertThat(state.get("visitors").asInt()).isPositive();
		}
	}

	private static boolean ofBusyDay(Event event) {
		return event.name().equals("busy-day");
	}

}
