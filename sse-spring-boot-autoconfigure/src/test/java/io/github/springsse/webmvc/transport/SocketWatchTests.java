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
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link SocketWatch}, with sockets.
 */
class SocketWatchTests {

	private static final int CROWD = 100;

	/** Nothing is found before all have left. */
	private final CountDownLatch left = new CountDownLatch(1);

	private final CountDownLatch delivered = new CountDownLatch(1);

	private final AtomicBoolean asked = new AtomicBoolean();

	/** Delivery is busy until the latch is open. */
	private final SocketWatch watch = new SocketWatch(() -> {
		this.asked.set(true);
		await(this.delivered);
		return false;
	});

	private final List<SocketChannel> clients = new ArrayList<>();

	private volatile Runnable onClose = () -> {
	};

	private ServerSocketChannel server;

	@BeforeEach
	void listen() throws IOException {
		this.server = ServerSocketChannel.open();
		this.server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	@AfterEach
	void close() throws IOException {
		this.left.countDown();
		this.delivered.countDown();
		this.watch.close();
		this.server.close();
		for (SocketChannel client : this.clients) {
			client.close();
		}
	}

	@Test
	void crowdThatLeavesIsToldAndClosedWhenDeliveryHasTime() throws IOException {
		List<Watched> crowd = connect(CROWD);
		leave();
		Awaitility.await().untilTrue(this.asked);
		assertThat(crowd).anyMatch((socket) -> socket.gone);
		assertThat(open(crowd)).isEqualTo(CROWD);
		this.delivered.countDown();
		Awaitility.await().until(() -> open(crowd) == 0);
		assertThat(crowd).allMatch((socket) -> socket.gone);
	}

	@Test
	void newSocketHasOneClosedThatHasGone() throws IOException {
		List<Watched> crowd = connect(CROWD);
		leave();
		Awaitility.await().untilTrue(this.asked);
		connect(1);
		assertThat(open(crowd)).isEqualTo(CROWD - 1);
	}

	@Test
	void newSocketIsNotWatchedBeforeThatOneIsClosed() throws IOException {
		connect(CROWD);
		leave();
		Awaitility.await().untilTrue(this.asked);
		SocketChannel channel = accept();
		List<Boolean> watchedThen = new CopyOnWriteArrayList<>();
		this.onClose = () -> watchedThen.add(channel.isRegistered());
		watch(channel);
		assertThat(watchedThen).containsExactly(false);
	}

	@Test
	void clientThatHasGoneIsToldOnceItsInputIsAwaited() throws IOException {
		this.delivered.countDown();
		Watched socket = watch(accept());
		Watched other = connect(1).get(0);
		leave();
		Awaitility.await().until(() -> !other.channel.isOpen());
		assertThat(socket.gone).isFalse();
		assertThat(socket.channel.isOpen()).isTrue();
		this.watch.awaitInput(socket.key);
		Awaitility.await().until(() -> !socket.channel.isOpen());
		assertThat(socket.gone).isTrue();
	}

	@Test
	void roomForOutputIsToldOnceForEachTimeItIsAwaited() throws IOException {
		this.delivered.countDown();
		Watched socket = connect(1).get(0);
		ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
		while (!bytes.hasRemaining() || socket.channel.write(bytes) > 0) {
			bytes.clear();
		}
		this.watch.awaitOutput(socket.key);
		SocketChannel client = this.clients.get(0);
		client.configureBlocking(false);
		ByteBuffer input = ByteBuffer.allocate(1024 * 1024);
		Awaitility.await().until(() -> {
			client.read(input.clear());
			return socket.writable > 0;
		});
		this.watch.awaitOutput(socket.key);
		Awaitility.await().until(() -> socket.writable == 2);
	}

	@Test
	void nothingIsWatchedOnceItIsClosed() {
		this.watch.close();
		assertThatIOException().isThrownBy(() -> connect(1)).withMessageContaining("shutting down");
	}

	private void leave() throws IOException {
		for (SocketChannel client : this.clients) {
			client.close();
		}
		this.left.countDown();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static long open(List<Watched> sockets) {
		return sockets.stream().filter((socket) -> socket.channel.isOpen()).count();
	}

	private List<Watched> connect(int count) throws IOException {
		List<Watched> result = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Watched socket = watch(accept());
			this.watch.awaitInput(socket.key);
			result.add(socket);
		}
		return result;
	}

	private SocketChannel accept() throws IOException {
		this.clients.add(SocketChannel.open(this.server.getLocalAddress()));
		SocketChannel result = this.server.accept();
		result.configureBlocking(false);
		return result;
	}

	private Watched watch(SocketChannel channel) throws IOException {
		Watched result = new Watched(channel);
		result.key = this.watch.watch(channel, result);
		return result;
	}

	private final class Watched implements SocketWatch.Socket {

		private final SocketChannel channel;

		private SelectionKey key;

		private volatile boolean gone;

		private volatile int writable;

		private Watched(SocketChannel channel) {
			this.channel = channel;
		}

		@Override
		public boolean onInput() {
			await(SocketWatchTests.this.left);
			try {
				return this.channel.read(ByteBuffer.allocate(1)) >= 0;
			}
			catch (IOException ex) {
				return false;
			}
		}

		@Override
		public void onOutput() {
			this.writable++;
		}

		@Override
		public void onGone() {
			this.gone = true;
		}

		@Override
		public void closeGone() {
			SocketWatchTests.this.onClose.run();
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
