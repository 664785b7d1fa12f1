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

package io.github.springsse.sample;

import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LibraryApplication}.
 */
@LibraryTest
class LibraryApplicationTests {

	@LocalServerPort
	private int port;

	@Test
	void applicationIsUp() {
		LibraryClient client = new LibraryClient(this.port);
		assertThat(client.json(client.get("/actuator/health")).get("status").asString()).isEqualTo("UP");
		assertThat(client.get("/actuator/metrics").statusCode()).isEqualTo(200);
		assertThat(client.get("/").body()).contains("<title>The library, live</title>");
	}

}
