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

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * The standard implementation of {@link SseCluster}. Appends commands to the event log,
 * and reads presence from a {@link PresenceDirectory}. Thread-safe.
 *
 * @since 0.1.0
 */
public class SseClusterTemplate implements SseCluster {

	private final EventAppender log;

	private final PresenceDirectory directory;

	/**
	 * Create a template.
	 * @param log the log to append to
	 * @param directory lists the open streams
	 */
	public SseClusterTemplate(EventAppender log, PresenceDirectory directory) {
		this.log = log;
		this.directory = directory;
	}

	@Override
	public void disconnectTopic(String topic) {
		this.log.appendDisconnectTopic(Topic.of(topic));
	}

	@Override
	public void disconnectUser(String user) {
		Assert.notNull(user, "'user' must not be null");
		this.log.appendDisconnectUser(user);
	}

	@Override
	public SsePresence presence(String topic) {
		Topic concrete = Topic.of(topic);
		int streams = 0;
		Set<String> users = new LinkedHashSet<>();
		for (PresenceDirectory.Subscribers group : this.directory.subscribers(concrete)) {
			streams += group.streams();
			if (group.user() != null) {
				users.add(group.user());
			}
		}
		return new SsePresence(streams, users);
	}

}
