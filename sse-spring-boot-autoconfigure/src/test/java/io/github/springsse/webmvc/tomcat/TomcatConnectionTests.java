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

package io.github.springsse.webmvc.tomcat;

import java.time.Duration;

import io.github.springsse.testsupport.FailingExchange;
import io.github.springsse.webmvc.transport.StreamSockets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link TomcatConnection} that cannot open its stream.
 */
class TomcatConnectionTests {

	private final FailingExchange failing = new FailingExchange();

	private final StreamSockets sockets = StreamSockets.of(() -> false, null, Duration.ofSeconds(30), 1024);

	@AfterEach
	void close() {
		this.sockets.close();
	}

	@Test
	void streamIsToldWhereItIsHandedOverInVain() {
		TomcatConnection connection = new TomcatConnection();
		connection.bind(this.failing.exchange(), this.sockets, null);
		connection.setSocketWrapper(mock());
		assertThatIllegalStateException().isThrownBy(() -> connection.init(mock()));
		assertThat(this.failing.disconnected()).isOne();
	}

}
