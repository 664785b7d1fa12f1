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
 * Identifies an entry, so that readers recognise an entry that is in the stream twice.
 * Each entry of a node has its own token, and is sent again with the same token.
 *
 * @param node the random name of the node
 * @param number the number of the entry on this node
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
