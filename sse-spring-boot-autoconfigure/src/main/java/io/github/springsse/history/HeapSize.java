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

package io.github.springsse.history;

import org.jspecify.annotations.Nullable;

/**
 * Heap sizes of texts and arrays on a 64-bit virtual machine with compressed references.
 */
final class HeapSize {

	private static final int ARRAY = 16;

	private static final int STRING = 24;

	private static final char LAST_OF_LATIN_1 = '\u00FF';

	private HeapSize() {
	}

	/**
	 * Return the heap size of a text. Each character takes one byte if all are Latin-1,
	 * otherwise two.
	 * @param text the text
	 * @return the size in bytes, 0 for {@code null}
	 */
	static int of(@Nullable String text) {
		if (text == null) {
			return 0;
		}
		int length = text.length();
		for (int i = 0; i < length; i++) {
			if (text.charAt(i) > LAST_OF_LATIN_1) {
				return STRING + ofArray(2L * length);
			}
		}
		return STRING + ofArray(length);
	}

	/**
	 * Return the heap size of an array.
	 * @param bytes the size of its elements
	 * @return the size in bytes, at most {@link Integer#MAX_VALUE}
	 */
	static int ofArray(long bytes) {
		return (int) Math.min((ARRAY + bytes + 7) & ~7L, Integer.MAX_VALUE - STRING);
	}

}
