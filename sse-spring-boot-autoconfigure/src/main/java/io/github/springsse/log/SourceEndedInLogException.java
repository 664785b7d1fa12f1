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

package io.github.springsse.log;

import io.github.springsse.SourceEndedException;
import io.github.springsse.Topic;

/**
 * Thrown when a source has ended according to the log, and this node may not have read
 * the end yet.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class SourceEndedInLogException extends SourceEndedException {

	private final EventId end;

	/**
	 * Create an exception.
	 * @param topic the topic
	 * @param end the id of the entry that ended it
	 */
	public SourceEndedInLogException(Topic topic, EventId end) {
		super(topic);
		this.end = end;
	}

	/**
	 * Return the id of the entry that ended the topic.
	 * @return the id
	 */
	public EventId getEnd() {
		return this.end;
	}

}
