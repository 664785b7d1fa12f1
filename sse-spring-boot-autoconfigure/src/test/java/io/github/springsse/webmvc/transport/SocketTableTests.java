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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link SocketTable} with the texts of tables, as Linux writes them.
 */
class SocketTableTests {

	private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   "
			+ "uid  timeout inode\n";

	private static final String LISTENING = "   0: 00000000:BB7F 00000000:0000 0A 00000000:00000000 00:00000000 "
			+ "00000000     0        0 1062 1 0000000075113379 100 0 0 10 0\n";

	private static final String ACKNOWLEDGED = "   5: 0107C70A:BB7F 0207C70A:CA68 01 00000000:00000000 00:00000000 "
			+ "00000000     0        0 228298 1 00000000cbe31c0c 20 4 31 11 -1\n";

	private static final String UNACKNOWLEDGED = "   6: 0107C70A:BB7F 0207C70A:CA60 01 0000008C:00000000 01:000000C5 "
			+ "00000005     0        0 228297 2 00000000be050087 326 4 31 1 -1\n";

	private static final String SENT_ONCE = "   6: 0107C70A:BB7F 0207C70A:CA60 01 0000008C:00000000 01:000000C5 "
			+ "00000000     0        0 228297 2 00000000be050087 326 4 31 1 -1\n";

	private static final String WINDOW_CLOSED = "  11: 0107C70A:BB7F 0207C70A:CA4C 01 00028BF4:00000000 04:00000A1D "
			+ "00000000     0        0 228827 2 0000000002b9786e 20 4 31 15 -1\n";

	private static final String PROBES_UNANSWERED = "  17: 0107C70A:BB7F 0207C70A:CA4C 01 00028ED8:00000000 04:00001108 "
			+ "00000000     0        4 228827 2 0000000002b9786e 20 4 31 15 -1\n";

	private static final String KEEPALIVE_UNANSWERED = "   2: 0107C70A:BB7F 0207C70A:CA4C 01 00000000:00000000 "
			+ "02:000010EE 00000000     0        2 204031 2 00000000be050087 20 4 4 17 -1\n";

	private static final String CLOSED_BY_US = UNACKNOWLEDGED.replace(" 01 0000008C", " 04 0000008C");

	private final List<String> rows = new ArrayList<>();

	private final List<SocketPair> pairs = new ArrayList<>();

	private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

	@Test
	void clientThatDoesNotAcknowledgeIsFound() throws IOException {
		read(HEAD + LISTENING + ACKNOWLEDGED + UNACKNOWLEDGED);
		assertThat(this.rows).containsExactly("5 attempts, next in 197");
		assertThat(this.pairs).containsExactly(pair("10.199.7.1", "10.199.7.2", 0xCA60));
	}

	@Test
	void clientThatAnswersIsNotFound() throws IOException {
		read(HEAD + LISTENING + ACKNOWLEDGED + SENT_ONCE + WINDOW_CLOSED + KEEPALIVE_UNANSWERED);
		assertThat(this.rows).isEmpty();
	}

	@Test
	void clientWithAClosedWindowIsFoundIfItDoesNotAnswer() throws IOException {
		read(HEAD + PROBES_UNANSWERED);
		assertThat(this.rows).containsExactly("4 attempts, next in 4360");
	}

	@Test
	void connectionThatThisSideHasClosedIsNotFound() throws IOException {
		read(HEAD + CLOSED_BY_US);
		assertThat(this.rows).isEmpty();
	}

	@Test
	void otherPortsAreNotLookedFor() throws IOException {
		read(HEAD + UNACKNOWLEDGED.replace(":BB7F", ":BB80"));
		assertThat(this.rows).isEmpty();
	}

	@Test
	void ipv6() throws IOException {
		read(HEAD + "   3: B80D0120000000000000000001000000:BB7F B80D01200000000000000000FE0A0000:CA60 01 "
				+ "0000008C:00000000 01:000000C5 00000005     0        0 228297 2 00000000be050087 326 4 31 1 -1\n");
		assertThat(this.pairs).containsExactly(pair("2001:db8::1", "2001:db8::afe", 0xCA60));
	}

	@Test
	void ipv4InASocketOfIpv6() throws IOException {
		read(HEAD + "   3: 0000000000000000FFFF00000107C70A:BB7F 0000000000000000FFFF00000207C70A:CA60 01 "
				+ "0000008C:00000000 01:000000C5 00000005     0        0 228297 2 00000000be050087 326 4 31 1 -1\n");
		assertThat(this.pairs).containsExactly(pair("10.199.7.1", "10.199.7.2", 0xCA60));
	}

	@Test
	void machineOfTheOtherByteOrder() throws IOException {
		this.order = ByteOrder.BIG_ENDIAN;
		read(HEAD + UNACKNOWLEDGED.replace("0107C70A", "0AC70701").replace("0207C70A", "0AC70702")
				+ "   3: 20010DB8000000000000000000000001:BB7F 20010DB8000000000000000000000AFE:CA60 01 "
				+ "0000008C:00000000 01:000000C5 00000005     0        0 228297 2 00000000be050087 326 4 31 1 -1\n");
		assertThat(this.pairs).containsExactly(pair("10.199.7.1", "10.199.7.2", 0xCA60),
				pair("2001:db8::1", "2001:db8::afe", 0xCA60));
	}

	@Test
	void rowsThatAreReadInPieces() throws IOException {
		StringBuilder text = new StringBuilder(HEAD);
		for (int i = 0; i < 20_000; i++) {
			text.append((i + UNACKNOWLEDGED.substring(4)).replace(":CA60", ":" + "%04X".formatted(i)));
		}
		read(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII)) {

			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				return super.read(bytes, offset, Math.min(length, 1009));
			}

		});
		assertThat(this.pairs).hasSize(20_000);
		assertThat(this.pairs.get(19_999)).isEqualTo(pair("10.199.7.1", "10.199.7.2", 19_999));
	}

	@Test
	void connectionsThatAreAcknowledgedLeaveNoGarbage() throws IOException {
		StringBuilder text = new StringBuilder(HEAD);
		for (int i = 0; i < 20_000; i++) {
			text.append(ACKNOWLEDGED);
		}
		InputStream input = new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII));
		SocketTable table = new SocketTable(this.order);
		IntPredicate ports = (port) -> true;
		SocketTable.Rows rows = (pair, attempts, untilNext) -> this.pairs.add(pair);
		table.read(new ByteArrayInputStream((HEAD + ACKNOWLEDGED).getBytes(StandardCharsets.US_ASCII)), ports, rows);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
		table.read(input, ports, rows);
		assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before).isLessThan(20_000);
	}

	@Test
	void emptyTable() throws IOException {
		read("");
		read(HEAD);
		assertThat(this.rows).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "no row at all", "   6: 0107C7:BB7F", "   6: 0107C70A:", "   6: 0107C70A:BB7F",
			"   6: 0107C70A:BB7F 0207C70A:CA60 01 0000008C:00000000 01:000000C5 00000005     0",
			"   6: 0107C70A0107C70A:BB7F 0207C70A:CA60 01 0000008C:00000000 01:000000C5 00000005     0        0",
			"   6: 0107C70A:BB7F 0207C70A:CA60 01 0000008C:00000000 01:000000C5 zzzz     0        0" })
	void rowThatIsNotUnderstood(String row) {
		assertThatIOException().isThrownBy(() -> read(HEAD + row + "\n")).withMessageContaining("'" + row + "'");
	}

	@Test
	void rowWithoutEnd() {
		assertThatIOException().isThrownBy(() -> read(HEAD + " ".repeat(10_000))).withMessageContaining("8192");
	}

	private void read(String text) throws IOException {
		read(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
	}

	private void read(InputStream text) throws IOException {
		new SocketTable(this.order).read(text, (port) -> port == 0xBB7F, (pair, attempts, untilNext) -> {
			this.pairs.add(pair);
			this.rows.add(attempts + " attempts, next in " + untilNext);
		});
	}

	private static SocketPair pair(String local, String remote, int remotePort) throws UnknownHostException {
		return SocketPair.of(new InetSocketAddress(InetAddress.getByName(local), 0xBB7F),
				new InetSocketAddress(InetAddress.getByName(remote), remotePort));
	}

}
