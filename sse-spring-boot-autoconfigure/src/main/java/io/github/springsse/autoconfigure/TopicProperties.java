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

import io.github.springsse.OverflowPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Settings of the topics that match a pattern. Values that are not set are the same as
 * for all other topics.
 *
 * @since 0.1.0
 */
public class TopicProperties {

	/**
	 * What happens when the send queue of a client is full.
	 */
	private @Nullable OverflowPolicy overflow;

	/**
	 * Maximum number of events that are kept for each topic.
	 */
	private @Nullable Integer events;

	/**
	 * Maximum heap memory for the events that are kept for each topic.
	 */
	private @Nullable DataSize size;

	/**
	 * Time for which an event is kept. The default is 365 days if the topic keeps only
	 * the newest event of each key.
	 */
	private @Nullable Duration maxAge;

	public @Nullable OverflowPolicy getOverflow() {
		return this.overflow;
	}

	public void setOverflow(@Nullable OverflowPolicy overflow) {
		this.overflow = overflow;
	}

	public @Nullable Integer getEvents() {
		return this.events;
	}

	public void setEvents(@Nullable Integer events) {
		this.events = events;
	}

	public @Nullable DataSize getSize() {
		return this.size;
	}

	public void setSize(@Nullable DataSize size) {
		this.size = size;
	}

	public @Nullable Duration getMaxAge() {
		return this.maxAge;
	}

	public void setMaxAge(@Nullable Duration maxAge) {
		this.maxAge = maxAge;
	}

}
