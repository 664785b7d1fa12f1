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

import java.util.Comparator;

/**
 * Iterates over the events of one topic. Guarded by the lock of {@link TopicHistories}.
 */
final class Walk {

	static final Comparator<Walk> BY_ID = Comparator.comparing((walk) -> walk.event.id());

	final TopicHistory history;

	/** The current event. */
	StoredEvent event;

	Walk(TopicHistory history, StoredEvent event) {
		this.history = history;
		this.event = event;
	}

}
