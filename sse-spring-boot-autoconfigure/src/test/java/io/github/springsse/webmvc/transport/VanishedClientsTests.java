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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link VanishedClients}, with real sockets and simulated tables of the
 * kernel.
 */
@ExtendWith(OutputCaptureExtension.class)
class VanishedClientsTests {

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";

	private final List<SocketChannel> clients = new ArrayList<>();

	@TempDir
	private Path directory;

	private Path table;

	/** Its thread reads for the first time after seven seconds. */
	private VanishedClients vanished;

	private ServerSocketChannel server;

	@BeforeEach
	void listen() throws IOException {
		this.table = Files.writeString(this.directory.resolve("tcp"), HEAD);
		this.vanished = new VanishedClients(List.of(this.table, this.directory.resolve("tcp6")), null, LONGEST);
		this.server = ServerSocketChannel.open();
		this.server.bind(new InetSocketAddress("127.0.0.1", 0));
	}

	@AfterEach
	void close() throws IOException {
		this.vanished.close();
		this.server.close();
		for (SocketChannel client : this.clients) {
			client.close();
		}
	}

	@Test
	void clientThatDoesNotAnswerHasVanished() throws IOException {
		Accepted answers = connect();
		Accepted silent = connect();
		look(0, silent, 3);
		look(29, silent, 7);
		assertThat(silent.vanished).hasValue(0);
		look(30, silent, 8);
		assertThat(silent.vanished).hasValue(1);
		assertThat(answers.vanished).hasValue(0);
		look(31, silent, 8);
		assertThat(silent.vanished).as("once").hasValue(1);
	}

	@Test
	void systemDoesNotGoOnSendingToIt() throws IOException {
		Accepted silent = connect();
		look(0, silent, 3);
		look(30, silent, 8);
		assertThat(silent.channel.getOption(StandardSocketOptions.SO_LINGER)).isZero();
	}

	@Test
	void connectionThatIsRemovedIsNotTold() throws IOException {
		Accepted silent = connect();
		look(0, silent, 3);
		this.vanished.remove(silent);
		look(30, silent, 8);
		assertThat(silent.vanished).hasValue(0);
	}

	@Test
	void connectionThatIsClosedIsNotTold() throws IOException {
		Accepted silent = connect();
		String row = row(silent, 8);
		look(0, silent, 3);
		silent.channel.close();
		Files.writeString(this.table, HEAD + row);
		this.vanished.look(LONGEST.toNanos());
		assertThat(silent.vanished).hasValue(0);
	}

	@Test
	void failureIsLoggedOnceUntilTheTableCanBeReadAgain(CapturedOutput output) throws IOException {
		Accepted silent = connect();
		look(0, silent, 3);
		for (int i = 0; i < 3; i++) {
			Files.writeString(this.table, HEAD + "   9: nonsense\n");
			this.vanished.look(1);
		}
		assertThat(output.getOut().split("Vanished clients are not detected", -1)).hasSize(2);
		look(10, silent, 6);
		look(40, silent, 9);
		assertThat(silent.vanished).hasValue(1);
	}

	@Test
	void nothingIsDoneWhereThereIsNoTable() throws IOException {
		VanishedClients none = new VanishedClients(List.of(this.directory.resolve("tcp6")), null, LONGEST);
		Accepted client = connect();
		none.add(client);
		none.look(0);
		none.look(LONGEST.multipliedBy(2).toNanos());
		none.close();
		assertThat(client.vanished).hasValue(0);
		assertThat(client.channel.isOpen()).isTrue();
	}

	@Test
	void threadLooksWhileThereAreConnections() throws IOException {
		VanishedClients often = new VanishedClients(List.of(this.table), Duration.ofMillis(1), Duration.ofMillis(1));
		Accepted silent = connect();
		Files.writeString(this.table, HEAD + row(silent, 9));
		often.add(silent);
		Awaitility.await().until(() -> silent.vanished.get() == 1);
		Accepted later = connect();
		Files.writeString(this.table, HEAD + row(later, 9));
		often.add(later);
		Awaitility.await().until(() -> later.vanished.get() == 1);
		often.close();
	}

	private void look(int second, Accepted silent, int attempts) throws IOException {
		Files.writeString(this.table, HEAD + row(silent, attempts));
		this.vanished.look(Duration.ofSeconds(second).toNanos());
	}

	private static String row(Accepted accepted, int attempts) throws IOException {
		return "   6: %s %s 01 0000008C:00000000 01:000000C5 %08X     0        0 228297 2 0 326 4 31 1 -1\n"
			.formatted(text(accepted.channel.getLocalAddress()), text(accepted.channel.getRemoteAddress()), attempts);
	}

	private static String text(SocketAddress address) {
		String loopback = (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) ? "0100007F" : "7F000001";
		return loopback + ":%04X".formatted(((InetSocketAddress) address).getPort());
	}

	private Accepted connect() throws IOException {
		this.clients.add(SocketChannel.open(this.server.getLocalAddress()));
		Accepted result = new Accepted(this.server.accept(), new AtomicInteger());
		this.vanished.add(result);
		return result;
	}

	private record Accepted(SocketChannel channel, AtomicInteger vanished) implements VanishedClients.Connection {

		@Override
		public void onVanished() {
			this.vanished.incrementAndGet();
		}

	}

}
