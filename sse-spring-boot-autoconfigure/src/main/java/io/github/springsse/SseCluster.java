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

/**
 * Operations on the streams of all nodes that share the event log. Without a shared log,
 * these are the streams of this node. A command is an entry of the log: every node
 * executes it after everything that was published before. It affects open streams and
 * streams of requests whose method is still running, because such a method may have
 * checked the user before the command. Commands do not wait for a transaction.
 * Thread-safe.
 * <p>
 * {@link SseOperations#complete} ends a topic on all nodes. {@link SseEmitterRegistry}
 * contains only the streams of this node.
 *
 * @since 0.1.0
 */
public interface SseCluster {

	/**
	 * Close every stream that an event on the topic would reach. Their clients will
	 * reconnect.
	 * @param topic the topic
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void disconnectTopic(String topic);

	/**
	 * Close every stream of a user, for example after a logout. The clients will
	 * reconnect, and are refused if the application then denies access.
	 * @param user the name of the user
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void disconnectUser(String user);

	/**
	 * Return the presence on a topic: the streams that an event on it would reach. The
	 * data of another node is its last report, at most some seconds old. The streams of a
	 * node that died disappear within seconds. May query the log and wait for its answer.
	 * <p>
	 * With Redis, a call reads the reports of all other nodes, whatever the topic, and
	 * caches them for half of {@code sse.redis.presence-interval}, at most one second. So
	 * the cost of reading all streams of the cluster occurs once in that time. Each call
	 * also compares the topic with all distinct subscriptions.
	 * @param topic the topic
	 * @return the number of streams and their users
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	SsePresence presence(String topic);

}
