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

import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Closes what a test has opened, the last one first. Threads of the test may open
 * something at the same time.
 */
public final class Closing implements AfterEachCallback {

	private final Deque<AutoCloseable> open = new ArrayDeque<>();

	/**
	 * Have something closed after the test.
	 * @param closeable what has been opened
	 * @param <T> its type
	 * @return the same
	 */
	public synchronized <T extends AutoCloseable> T add(T closeable) {
		this.open.push(closeable);
		return closeable;
	}

	@Override
	public synchronized void afterEach(ExtensionContext context) throws Exception {
		while (!this.open.isEmpty()) {
			this.open.pop().close();
		}
	}

}
