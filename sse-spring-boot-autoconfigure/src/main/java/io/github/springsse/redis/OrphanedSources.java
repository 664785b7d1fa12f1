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

package io.github.springsse.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.springsse.SseException;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ends the topics of sources whose nodes have failed, which are the topics with expired
 * leases. Every node looks for them, and exactly one node ends each topic, because the
 * script that appends the end also takes the lease.
 * <p>
 * While Redis is unreachable, no node can renew its leases. After that, every node first
 * waits until all nodes have had time to renew. A node without an
 * {@link SourceLeases.Ending} waits longer, so that a node that has one ends the topic.
 * <p>
 * <em>Threads:</em> one thread calls {@link #look}.
 */
final class OrphanedSources {

	private static final Log logger = LogFactory.getLog(OrphanedSources.class);

	/** The maximum number of topics that are ended at once. */
	private static final int BATCH = 100;

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final LeaseTimes times;

	private final LeaseScripts scripts;

	private volatile SourceLeases.@Nullable Ending ending;

	private long lookedAt;

	/** The number of disturbances at the last look. */
	private int disturbances;

	/** When the last disturbance was noticed. */
	private long disturbedAt;

	OrphanedSources(RedisLink link, RedisLogSettings settings, LeaseTimes times, LeaseScripts scripts) {
		this.link = link;
		this.settings = settings;
		this.times = times;
		this.scripts = scripts;
		this.lookedAt = System.nanoTime() - times.look().toNanos();
		this.disturbances = -1;
	}

	void setEnding(SourceLeases.Ending ending) {
		this.ending = ending;
	}

	/**
	 * Look for topics whose leases have expired, and end them.
	 */
	void look(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		long now = System.nanoTime();
		int current = this.link.disturbances();
		if (current != this.disturbances) {
			this.disturbances = current;
			this.disturbedAt = now;
		}
		if (now - this.lookedAt < this.times.look().toNanos()
				|| now - this.disturbedAt < this.times.renewal().multipliedBy(4).dividedBy(3).toNanos()) {
			return;
		}
		this.lookedAt = now;
		Duration grace = (this.ending != null) ? Duration.ZERO : this.times.renewal();
		Map<String, String> expired = this.scripts.expired(commands, grace, BATCH, this.settings.patience());
		for (Map.Entry<String, String> topic : expired.entrySet()) {
			end(commands, topic.getKey(), topic.getValue());
		}
		if (expired.size() == BATCH) {
			this.lookedAt = now - this.times.look().toNanos();
		}
	}

	private void end(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, String token)
			throws NoReplyException {
		try {
			List<LogEntry> left = this.scripts.ending(commands, topic, this.settings.patience());
			List<EventId> ids = this.scripts.takeOver(commands, topic, token,
					!left.isEmpty() ? left : ending(Topic.of(topic)), this.settings.patience());
			if (!ids.isEmpty()) {
				logger.warn("The node that published to topic '" + topic
						+ "' has failed or is disconnected from Redis. The topic was ended");
				SourceLeases.Ending current = this.ending;
				if (current != null) {
					current.appended(Topic.of(topic));
				}
			}
		}
		catch (SseException ex) {
			logger.error("Topic '" + topic + "', whose source has failed, could not be ended", ex);
		}
	}

	private List<LogEntry> ending(Topic topic) {
		SourceLeases.Ending current = this.ending;
		if (current != null) {
			try {
				List<LogEntry> entries = current.of(topic);
				if (!entries.isEmpty()) {
					return entries;
				}
			}
			catch (RuntimeException ex) {
				logger.error("Topic '" + topic + "', whose source has failed, is ended without a reason", ex);
			}
		}
		return List.of(LogEntry.end(topic));
	}

}
