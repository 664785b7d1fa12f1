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

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The addresses and ports of both ends of a connection, which identify it in the kernel's
 * table of sockets. An IPv4 address is represented by the IPv6 address to which it is
 * mapped, since sockets of both kinds may have it. The scope of an address is ignored.
 *
 * @param localHigh the first half of the local address
 * @param localLow the second half of the local address
 * @param localPort the local port
 * @param remoteHigh the first half of the remote address
 * @param remoteLow the second half of the remote address
 * @param remotePort the remote port
 */
record SocketPair(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {

	private static final long MAPPED = 0xffffL << 32;

	static SocketPair of(InetSocketAddress local, InetSocketAddress remote) {
		return new SocketPair(high(local.getAddress()), low(local.getAddress()), local.getPort(),
				high(remote.getAddress()), low(remote.getAddress()), remote.getPort());
	}

	private static long high(InetAddress address) {
		return (address instanceof Inet6Address) ? ByteBuffer.wrap(address.getAddress()).getLong() : 0;
	}

	private static long low(InetAddress address) {
		ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
		return (address instanceof Inet6Address) ? bytes.getLong(Long.BYTES) : mapped(bytes.getInt());
	}

	/**
	 * Return the second half of the IPv6 address to which an IPv4 address is mapped.
	 */
	static long mapped(int address) {
		return MAPPED | Integer.toUnsignedLong(address);
	}

}
