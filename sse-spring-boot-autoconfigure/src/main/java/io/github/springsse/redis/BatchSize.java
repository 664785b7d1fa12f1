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

/**
 * The number of entries to transfer at once: smaller after a failure, whose reason may be
 * their size, and larger again after each success. Not thread-safe.
 */
final class BatchSize {

	private final int max;

	private int current;

	BatchSize(int max) {
		this.max = max;
		this.current = max;
	}

	int get() {
		return this.current;
	}

	void shrink() {
		this.current = Math.max(1, this.current / 4);
	}

	void grow() {
		this.current = Math.min(this.max, 2 * this.current);
	}

}
