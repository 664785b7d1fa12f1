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

import java.time.Duration;

import io.github.springsse.OverflowPolicy;

/**
 * What is kept of a topic, and what happens when a client does not keep up with it.
 *
 * @param maxEvents how many events are kept
 * @param maxBytes how many bytes they may cost
 * @param maxAge how long an event is kept
 * @param overflow what happens when a client does not keep up
 */
public record TopicPolicy(int maxEvents, long maxBytes, Duration maxAge, OverflowPolicy overflow) {

	boolean keepsLatestOnly() {
		return this.overflow == OverflowPolicy.LATEST;
	}

}
