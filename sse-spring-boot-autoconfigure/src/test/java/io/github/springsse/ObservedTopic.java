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

package io.github.springsse;

import java.util.AbstractList;
import java.util.List;

/**
 * A topic that counts how often it is looked at.
 */
public final class ObservedTopic {

	private final Topic topic;

	private int looks;

	private ObservedTopic(Topic topic) {
		List<String> segments = topic.segments();
		this.topic = new Topic(topic.toString(), new AbstractList<>() {

			@Override
			public String get(int index) {
				ObservedTopic.this.looks++;
				return segments.get(index);
			}

			@Override
			public int size() {
				return segments.size();
			}

		});
	}

	public static ObservedTopic of(String name) {
		return new ObservedTopic(Topic.of(name));
	}

	public Topic topic() {
		return this.topic;
	}

	/**
	 * Return how often somebody has asked for a segment.
	 * @return the number of times
	 */
	public int looks() {
		return this.looks;
	}

}
