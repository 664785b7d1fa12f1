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

package io.github.springsse.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Events that are kept for streams that miss them.
 *
 * @since 0.1.0
 */
public class ReplayProperties {

	/**
	 * Number of events that are kept for each topic.
	 */
	private int eventsPerTopic = 1000;

	/**
	 * Size on the heap of the events that are kept for each topic.
	 */
	private DataSize sizePerTopic = DataSize.ofMegabytes(16);

	/**
	 * Time for which an event is kept.
	 */
	private Duration maxAge = Duration.ofHours(1);

	/**
	 * Maximum size on the heap of all topics and their events. 64MB if not set, or an
	 * eighth of the heap if that is less. Above it, the largest topics lose their oldest
	 * events. Topics without their events may use half of it; above that, the topics that
	 * were silent for the longest time are removed.
	 */
	private @Nullable DataSize maxSize;

	/**
	 * Maximum number of topics with history. Above it, the topics that were silent for
	 * the longest time are removed.
	 */
	private int maxTopics = 100_000;

	public int getEventsPerTopic() {
		return this.eventsPerTopic;
	}

	public void setEventsPerTopic(int eventsPerTopic) {
		this.eventsPerTopic = eventsPerTopic;
	}

	public DataSize getSizePerTopic() {
		return this.sizePerTopic;
	}

	public void setSizePerTopic(DataSize sizePerTopic) {
		this.sizePerTopic = sizePerTopic;
	}

	public Duration getMaxAge() {
		return this.maxAge;
	}

	public void setMaxAge(Duration maxAge) {
		this.maxAge = maxAge;
	}

	public @Nullable DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(@Nullable DataSize maxSize) {
		this.maxSize = maxSize;
	}

	public int getMaxTopics() {
		return this.maxTopics;
	}

	public void setMaxTopics(int maxTopics) {
		this.maxTopics = maxTopics;
	}

}
