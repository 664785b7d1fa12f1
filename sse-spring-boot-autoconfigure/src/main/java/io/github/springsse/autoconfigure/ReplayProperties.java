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
 * Limits of the history, which keeps events for clients that reconnect or fall behind.
 *
 * @since 0.1.0
 */
public class ReplayProperties {

	/**
	 * Maximum number of events that are kept for each topic.
	 */
	private int eventsPerTopic = 1000;

	/**
	 * Maximum heap memory for the events that are kept for each topic.
	 */
	private DataSize sizePerTopic = DataSize.ofMegabytes(16);

	/**
	 * Time for which an event is kept.
	 */
	private Duration maxAge = Duration.ofHours(1);

	/**
	 * Maximum heap memory for all topics and their events. 64MB or an eighth of the heap
	 * if not set, whichever is smaller. Above it, the largest topics lose their oldest
	 * events. The topics without their events may use half of it. Above that half, the
	 * topics whose last event is the oldest are removed.
	 */
	private @Nullable DataSize maxSize;

	/**
	 * Maximum number of topics with history. Above it, the topics whose last event is the
	 * oldest are removed.
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
