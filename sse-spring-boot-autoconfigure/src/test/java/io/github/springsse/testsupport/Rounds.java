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

/**
 * How often a test attacks at random: enough by default to see a promise that is broken,
 * and many times as often with {@code -Plong-tests}, which runs what is {@link Torture}.
 */
public final class Rounds {

	private static final boolean LONG = Boolean.getBoolean("sse.test.long");

	private Rounds() {
	}

	/**
	 * Return the number for this run.
	 * @param few the number by default
	 * @param many that with {@code -Plong-tests}
	 * @return one of them
	 */
	public static int of(int few, int many) {
		return LONG ? many : few;
	}

}
