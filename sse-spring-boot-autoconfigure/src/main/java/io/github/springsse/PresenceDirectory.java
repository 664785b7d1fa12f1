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

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Lists the open streams, of this node or of all nodes that share the event log.
 * Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PresenceDirectory {

	/**
	 * Return the open streams.
	 * @return the streams, grouped by user and subscriptions
	 */
	Collection<Subscribers> subscribers();

	/**
	 * Return the streams that an event on a topic would reach.
	 * @param topic the topic
	 * @return the streams, grouped by user and subscriptions
	 */
	default Collection<Subscribers> subscribers(Topic topic) {
		return subscribers().stream().filter((group) -> group.isReachedBy(topic)).toList();
	}

	/**
	 * A group of streams of the same user with the same subscriptions.
	 *
	 * @param topics the topics and patterns that each stream is subscribed to
	 * @param user the name of the user, {@code null} if there is none
	 * @param streams the number of streams
	 */
	record Subscribers(List<String> topics, @Nullable String user, int streams) {

		public Subscribers {
			topics = List.copyOf(topics);
		}

		/**
		 * Return whether an event on a topic would reach these streams.
		 * @param topic the topic
		 * @return whether one of the patterns matches
		 */
		public boolean isReachedBy(Topic topic) {
			return this.topics.stream().anyMatch((pattern) -> TopicPattern.of(pattern).matches(topic));
		}

	}

}
