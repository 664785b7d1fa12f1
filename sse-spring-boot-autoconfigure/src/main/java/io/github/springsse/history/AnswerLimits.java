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

/**
 * The limits of a topic from the beginning of the elements of a source. They replace the
 * limits of the topic.
 *
 * @param maxEvents the number of kept events and pieces
 * @param maxBytes the size of their data in bytes
 * @param keep the time for which the answer is kept after its end or, while it has not
 * ended, after its latest event
 */
public record AnswerLimits(int maxEvents, long maxBytes, Duration keep) {

	/** The default limits. */
	public static final AnswerLimits DEFAULT = new AnswerLimits(20_000, 4L << 20, Duration.ofMinutes(10));

}
