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

package io.github.springsse.webmvc.jetty;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.delivery.StreamTransport;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.StreamSockets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link JettyConnection} that cannot open its stream.
 */
class JettyConnectionTests {

	private final AtomicInteger disconnected = new AtomicInteger();

	private final StreamSockets sockets = StreamSockets.of(() -> false, null, Duration.ofSeconds(30), 1024);

	@AfterEach
	void close() {
		this.sockets.close();
	}

	@Test
	void streamIsToldWhereItIsHandedOverInVain() {
		JettyConnection connection = new JettyConnection(mock(), Runnable::run, failing(), this.sockets);
		assertThatIllegalStateException().isThrownBy(connection::onOpen);
		assertThat(this.disconnected).hasValue(1);
	}

	private StreamExchange failing() {
		StreamTransport.Listener listener = new StreamTransport.Listener() {

			@Override
			public void onWritable() {
			}

			@Override
			public void onDisconnected() {
				JettyConnectionTests.this.disconnected.incrementAndGet();
			}

		};
		return new StreamExchange(new MockHttpServletRequest(), new MockHttpServletResponse(), listener,
				(transport) -> {
					throw new IllegalStateException("not really");
				}, (release) -> {
				});
	}

}
