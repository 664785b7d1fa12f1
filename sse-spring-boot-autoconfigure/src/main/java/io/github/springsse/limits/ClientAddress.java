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
 * What a client is counted by that has an address: for IPv4 the address, for IPv6 its
 * first 64 bits, of which a household or a server has all that follow. What is no address
 * is one client, whatever it is: proxies forward names such as {@code unknown}, and
 * clients anything. Nothing is looked up.
 */
final class ClientAddress {

	static final String UNKNOWN = "unknown";

	/** The port is there where a proxy has written one. */
	private static final Pattern V4 = Pattern
		.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?::\\d{1,5})?");

	/** Either in brackets, with a port or without, or alone. */
	private static final Pattern V6 = Pattern
		.compile("\\[([0-9a-fA-F:.]{2,45})(?:%[^\\]]*)?](?::\\d{1,5})?|([0-9a-fA-F:.]{2,45})(?:%.*)?");

	private static final int LONGEST = 128;

	private static final int PREFIX = 8;

	private ClientAddress() {
	}

	/**
	 * Return what a client is counted by.
	 * @param address what the server takes for its address
	 * @return the address, the prefix of it, or {@value #UNKNOWN}
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
	 * NOTE: a text with a colon is an address or an error for the JDK, and never a name.
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
