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

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for streamed answers: sources whose elements are published to
 * a topic.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("sse.answers")
public class SseAnswersProperties {

	/**
	 * Time after which a source without subscribers on any node is cancelled. 0 disables
	 * this.
	 */
	private Duration abandonAfter = Duration.ZERO;

	/**
	 * Name of the event that is sent if a source does not complete. The names "error" and
	 * "open" are not allowed, because EventSource fires events with these names itself.
	 */
	private String failedEvent = "failed";

	/**
	 * Time for which the events of a source are kept after its end.
	 */
	private Duration keep = Duration.ofMinutes(10);

	/**
	 * Maximum number of events of a source. A source that produces more is cancelled.
	 */
	private int maxEvents = 20_000;

	/**
	 * Maximum size of the data of all events of a source. A source that produces more is
	 * cancelled.
	 */
	private DataSize maxSize = DataSize.ofMegabytes(4);

	public Duration getAbandonAfter() {
		return this.abandonAfter;
	}

	public void setAbandonAfter(Duration abandonAfter) {
		this.abandonAfter = abandonAfter;
	}

	public String getFailedEvent() {
		return this.failedEvent;
	}

	public void setFailedEvent(String failedEvent) {
		this.failedEvent = failedEvent;
	}

	public Duration getKeep() {
		return this.keep;
	}

	public void setKeep(Duration keep) {
		this.keep = keep;
	}

	public int getMaxEvents() {
		return this.maxEvents;
	}

	public void setMaxEvents(int maxEvents) {
		this.maxEvents = maxEvents;
	}

	public DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(DataSize maxSize) {
		this.maxSize = maxSize;
	}

}
