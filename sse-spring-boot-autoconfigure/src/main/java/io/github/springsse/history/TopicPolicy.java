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
 * The limits of the history of a topic, and its overflow policy.
 *
 * @param maxEvents the maximum number of kept events
 * @param maxBytes the maximum heap size of the kept events, in bytes
 * @param maxAge the maximum age of a kept event
 * @param overflow the policy for slow clients
 */
public record TopicPolicy(int maxEvents, long maxBytes, Duration maxAge, OverflowPolicy overflow) {

	boolean keepsLatestOnly() {
		return this.overflow == OverflowPolicy.LATEST;
	}

}
