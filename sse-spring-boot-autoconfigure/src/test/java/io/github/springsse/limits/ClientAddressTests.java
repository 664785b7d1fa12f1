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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientAddress}.
 */
class ClientAddressTests {

	@ParameterizedTest
	@CsvSource({ "203.0.113.9,203.0.113.9", "203.0.113.9:4711,203.0.113.9", "010.0.0.1,10.0.0.1",
			"2001:db8:1:2:3:4:5:6,20:01:0d:b8:00:01:00:02/64", "2001:db8:1:2::,20:01:0d:b8:00:01:00:02/64",
			"2001:DB8:1:2:ffff::1,20:01:0d:b8:00:01:00:02/64", "[2001:db8:1:2::9]:4711,20:01:0d:b8:00:01:00:02/64",
			"[2001:db8:1:2::9],20:01:0d:b8:00:01:00:02/64", "fe80::1%eth0,fe:80:00:00:00:00:00:00/64",
			"[fe80::1%eth0]:80,fe:80:00:00:00:00:00:00/64", "::1,00:00:00:00:00:00:00:00/64",
			"::ffff:203.0.113.9,203.0.113.9" })
	void clientsAreCountedByTheirAddress(String address, String expected) {
		assertThat(ClientAddress.normalize(address)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "unknown", "_hidden", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", "12345",
			"2001:db8:::1", ":", "::::", "[::1", "face", "g::1", "1.2.3.4:port", "example.org:80" })
	void whatIsNoAddressIsOneClient(String address) {
		assertThat(ClientAddress.normalize(address)).isEqualTo(ClientAddress.UNKNOWN);
	}

	@Test
	void whatIsNoAddressIsNotReadFar() {
		assertThat(ClientAddress.normalize(null)).isEqualTo(ClientAddress.UNKNOWN);
		assertThat(ClientAddress.normalize("1".repeat(1_000_000))).isEqualTo(ClientAddress.UNKNOWN);
	}

}
