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

package io.github.springsse.redis;

import org.jspecify.annotations.Nullable;

/**
 * What makes an entry recognisable when it is in the stream twice: each one that a node
 * appends has a token of its own, and is sent again with the same.
 *
 * @param node names the node, at random
 * @param number counts the entries of the node
 */
record Token(long node, long number) {

	static @Nullable Token parse(String text) {
		int dot = text.indexOf('.');
		try {
			return (dot > 0) ? new Token(Long.parseUnsignedLong(text, 0, dot, Character.MAX_RADIX),
					Long.parseLong(text, dot + 1, text.length(), Character.MAX_RADIX)) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		return Long.toUnsignedString(this.node, Character.MAX_RADIX) + '.'
				+ Long.toString(this.number, Character.MAX_RADIX);
	}

}
