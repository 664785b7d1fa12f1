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
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * Reads the kernel's tables of sockets, {@code /proc/net/tcp} and {@code /proc/net/tcp6}
 * of Linux. Reports the connections with unanswered retransmissions or window probes.
 * Allocates nothing for the rows of other connections. For one thread.
 */
final class SocketTable {

	/** The kernel returns at most a page at a time. */
	private static final int BUFFER = 8 * 1024;

	private static final int ESTABLISHED = 1;

	private static final int CLOSE_WAIT = 8;

	/** The timer that retransmits unacknowledged data. */
	private static final int RETRANSMISSION = 1;

	/** The timer that probes a client with a closed window. */
	private static final int WINDOW_PROBE = 4;

	private static final int IPV4_DIGITS = 8;

	private static final int IPV6_DIGITS = 32;

	private final boolean littleEndian;

	private final byte[] buffer = new byte[BUFFER];

	/** The index of the next character of the row. */
	private int next;

	/** The number of digits of the last number. */
	private int digits;

	/** The last address that was read. */
	private long high;

	private long low;

	/**
	 * Create a reader.
	 * @param order the byte order of the machine, in which the kernel writes addresses
	 */
	SocketTable(ByteOrder order) {
		this.littleEndian = order == ByteOrder.LITTLE_ENDIAN;
	}

	/**
	 * Read a table to its end.
	 * @param table the text of the table
	 * @param localPorts the local ports of interest
	 * @param rows receives the connections whose clients do not answer
	 * @throws IOException if the table cannot be read, or has an unknown format
	 */
	void read(InputStream table, IntPredicate localPorts, Rows rows) throws IOException {
		boolean head = true;
		int filled = 0;
		int count;
		while ((count = table.read(this.buffer, filled, BUFFER - filled)) > 0) {
			int end = filled + count;
			int start = 0;
			for (int i = filled; i < end; i++) {
				if (this.buffer[i] == '\n') {
					if (!head) {
						row(start, i, localPorts, rows);
					}
					head = false;
					start = i + 1;
				}
			}
			filled = end - start;
			if (filled == BUFFER) {
				throw new IOException("A row of the kernel's table of sockets is longer than " + BUFFER + " bytes");
			}
			System.arraycopy(this.buffer, start, this.buffer, 0, filled);
		}
	}

	private void row(int start, int end, IntPredicate localPorts, Rows rows) throws IOException {
		try {
			this.next = start;
			while (this.buffer[this.next++] != ':') {
				// the number of the row
			}
			address();
			long localHigh = this.high;
			long localLow = this.low;
			int localPort = (int) number(16);
			if (!localPorts.test(localPort)) {
				return;
			}
			address();
			int remotePort = (int) number(16);
			int state = (int) number(16);
			long unacknowledged = number(16);
			number(16);
			int timer = (int) number(16);
			long untilTimer = number(16);
			long retransmissions = number(16);
			number(10);
			long probes = number(10);
			if (this.next > end) {
				throw new IOException("a column is missing");
			}
			long attempts = (timer == RETRANSMISSION) ? retransmissions : (timer == WINDOW_PROBE) ? probes : 0;
			if (attempts > 0 && unacknowledged > 0 && (state == ESTABLISHED || state == CLOSE_WAIT)) {
				rows.unanswered(new SocketPair(localHigh, localLow, localPort, this.high, this.low, remotePort),
						attempts, untilTimer);
			}
		}
		catch (IOException | ArrayIndexOutOfBoundsException ex) {
			throw new IOException("The kernel's table of sockets has a row in an unknown format: '"
					+ new String(this.buffer, start, end - start, StandardCharsets.ISO_8859_1) + "'", ex);
		}
	}

	/**
	 * Read an address: one word for IPv4, four words for IPv6, each in the byte order of
	 * the machine.
	 */
	private void address() throws IOException {
		long first = word();
		if (this.digits == IPV4_DIGITS && this.buffer[this.next] == ':') {
			this.high = 0;
			this.low = SocketPair.mapped((int) first);
			return;
		}
		this.high = first << Integer.SIZE | word();
		this.low = word() << Integer.SIZE | word();
		if (this.buffer[this.next] != ':') {
			throw new IOException("an address does not have " + IPV4_DIGITS + " or " + IPV6_DIGITS + " digits");
		}
	}

	private long word() throws IOException {
		skipSeparators();
		int word = (int) digits(16, IPV4_DIGITS);
		if (this.digits != IPV4_DIGITS) {
			throw new IOException("an address is too short");
		}
		return Integer.toUnsignedLong(this.littleEndian ? Integer.reverseBytes(word) : word);
	}

	private long number(int radix) throws IOException {
		skipSeparators();
		long result = digits(radix, Long.BYTES * 2);
		if (this.digits == 0) {
			throw new IOException("a number is missing");
		}
		return result;
	}

	private void skipSeparators() {
		while (this.buffer[this.next] == ' ' || this.buffer[this.next] == ':') {
			this.next++;
		}
	}

	private long digits(int radix, int most) {
		long result = 0;
		this.digits = 0;
		int digit;
		while (this.digits < most && (digit = Character.digit(this.buffer[this.next], radix)) >= 0) {
			result = result * radix + digit;
			this.digits++;
			this.next++;
		}
		return result;
	}

	/**
	 * Receives the rows of clients that do not answer.
	 */
	interface Rows {

		/**
		 * Called for a client that has not answered a retransmission or a window probe.
		 * @param pair the addresses and ports
		 * @param attempts the number of attempts since the last answer
		 * @param untilNext the time until the next attempt, in ticks of the kernel
		 */
		void unanswered(SocketPair pair, long attempts, long untilNext);

	}

}
