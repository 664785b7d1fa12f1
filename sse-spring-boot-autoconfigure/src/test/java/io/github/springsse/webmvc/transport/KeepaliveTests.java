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

package io.github.springsse.webmvc.transport;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link Keepalive}.
 */
class KeepaliveTests {

	@Test
	void clientIsAskedAfterTheLongestSilenceThatHeartbeatsLet() {
		assertThat(Keepalive.of(Duration.ofSeconds(15), Duration.ofSeconds(30))).isEqualTo(new Keepalive(15, 5, 6));
	}

	@Test
	void clientIsAskedAfterTheWriteTimeoutWithoutHeartbeats() {
		assertThat(Keepalive.of(null, Duration.ofSeconds(30))).isEqualTo(new Keepalive(30, 5, 6));
	}

	@Test
	void shortestAndLongestTimes() {
		assertThat(Keepalive.of(Duration.ofMillis(100), Duration.ofMillis(100))).isEqualTo(new Keepalive(1, 1, 1));
		assertThat(Keepalive.of(Duration.ofDays(365), Duration.ofDays(365))).isEqualTo(new Keepalive(32767, 5462, 6));
	}

	@Test
	void timesAreThoseOfTheSocket() throws IOException {
		try (SocketChannel channel = SocketChannel.open()) {
			assumeTrue(channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE), "Times can be set");
			new Keepalive(15, 5, 6).apply(channel);
			assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
			assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(15);
			assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(5);
			assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(6);
		}
	}

	@Test
	void socketThatIsClosedIsLeftAlone() throws IOException {
		SocketChannel channel = SocketChannel.open();
		channel.close();
		assertThatNoException().isThrownBy(() -> new Keepalive(15, 5, 6).apply(channel));
	}

}
