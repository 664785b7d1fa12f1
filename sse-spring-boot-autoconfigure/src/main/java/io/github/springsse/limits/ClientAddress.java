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

package io.github.springsse.limits;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Normalizes the address by which a client is counted: for IPv4 the address, for IPv6 its
 * first 64 bits, because a household or a server usually owns the rest. All texts that
 * are not an address count as one client: proxies forward names such as {@code unknown},
 * and clients can send anything. Never resolves names.
 */
final class ClientAddress {

	static final String UNKNOWN = "unknown";

	/** With a port, which some proxies append. */
	private static final Pattern V4 = Pattern
		.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?::\\d{1,5})?");

	/** In brackets, with or without a port, or without brackets. */
	private static final Pattern V6 = Pattern
		.compile("\\[([0-9a-fA-F:.]{2,45})(?:%[^\\]]*)?](?::\\d{1,5})?|([0-9a-fA-F:.]{2,45})(?:%.*)?");

	private static final int LONGEST = 128;

	private static final int PREFIX = 8;

	private ClientAddress() {
	}

	/**
	 * Return the normalized address of a client.
	 * @param address the address of the client according to the server
	 * @return the address, its prefix, or {@value #UNKNOWN}
	 */
	static String normalize(@Nullable String address) {
		if (address == null || address.length() > LONGEST) {
			return UNKNOWN;
		}
		String text = address.strip();
		Matcher v4 = V4.matcher(text);
		if (v4.matches()) {
			return v4(v4);
		}
		Matcher v6 = V6.matcher(text);
		return v6.matches() ? v6((v6.group(1) != null) ? v6.group(1) : v6.group(2)) : UNKNOWN;
	}

	private static String v4(Matcher parts) {
		StringBuilder result = new StringBuilder();
		for (int i = 1; i <= 4; i++) {
			int part = Integer.parseInt(parts.group(i));
			if (part > 255) {
				return UNKNOWN;
			}
			result.append((i > 1) ? "." : "").append(part);
		}
		return result.toString();
	}

	/**
	 * NOTE: the JDK never resolves a text with a colon as a name: it is an address or an
	 * error.
	 */
	private static String v6(String text) {
		if (text.indexOf(':') == -1) {
			return UNKNOWN;
		}
		try {
			InetAddress address = InetAddress.getByName("[" + text + "]");
			return (address instanceof Inet4Address) ? address.getHostAddress()
					: HexFormat.ofDelimiter(":").formatHex(address.getAddress(), 0, PREFIX) + "/64";
		}
		catch (UnknownHostException ex) {
			return UNKNOWN;
		}
	}

}
