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

package io.github.springsse.testsupport;

import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Compares passwords without a hash. By default, Spring Security replaces a password with
 * its hash at the first login, and each check of a hash takes a tenth of a second of CPU.
 */
final class PlainPasswords implements PasswordEncoder {

	private static final String PREFIX = "{noop}";

	@Override
	public String encode(CharSequence password) {
		return PREFIX + password;
	}

	@Override
	public boolean matches(CharSequence password, String encoded) {
		return encoded.equals(encode(password));
	}

}
