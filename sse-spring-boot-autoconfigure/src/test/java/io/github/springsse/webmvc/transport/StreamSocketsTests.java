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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.springsse.delivery.StreamTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link StreamSockets} that cannot have a socket watched.
 */
class StreamSocketsTests {

	private final SocketWatch watch = new SocketWatch(() -> false);

	private final VanishedClients vanished = new VanishedClients(List.of(), null, Duration.ofSeconds(30));

	private final StreamSockets sockets = new StreamSockets(this.watch, this.vanished,
			Keepalive.of(null, Duration.ofSeconds(30)), 1024);

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger disconnected = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private SocketChannel channel;

	@BeforeEach
	void connect() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			this.channel = SocketChannel.open(server.getLocalAddress());
		}
	}

	@AfterEach
	void close() throws IOException {
		this.watch.close();
		this.channel.close();
	}

	@Test
	void streamIsToldWhereNothingIsWatchedAnyMore() throws IOException {
		this.channel.configureBlocking(false);
		this.watch.close();
		open();
		assertThatItIsToldAndClosed();
	}

	@Test
	void streamIsToldWhereTheSocketIsClosed() throws IOException {
		this.channel.close();
		open();
		assertThatItIsToldAndClosed();
	}

	@Test
	void streamIsToldWhereTheSocketCannotBeWatched() {
		assertThatThrownBy(this::open).as("blocks").isInstanceOf(RuntimeException.class);
		assertThatItIsToldAndClosed();
	}

	private void assertThatItIsToldAndClosed() {
		assertThat(this.opened).hasValue(0);
		assertThat(this.disconnected).hasValue(1);
		assertThat(this.closed).hasValue(1);
	}

	private void open() {
		this.sockets.open(this.channel, exchange(), this.closed::incrementAndGet);
	}

	private StreamExchange exchange() {
		return exchange((transport) -> this.opened.incrementAndGet());
	}

	private StreamExchange exchange(Consumer<StreamTransport> opened) {
		StreamTransport.Listener listener = new StreamTransport.Listener() {

			@Override
			public void onWritable() {
			}

			@Override
			public void onDisconnected() {
				StreamSocketsTests.this.disconnected.incrementAndGet();
			}

		};
		return new StreamExchange(new MockHttpServletRequest(), new MockHttpServletResponse(), listener, opened,
				(release) -> {
				});
	}

}
