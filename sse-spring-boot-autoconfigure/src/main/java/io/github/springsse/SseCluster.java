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
 * What concerns the streams of all nodes that share the event log; without a shared log,
 * those of this node. Commands are entries of the log: they are executed by every node
 * after everything that was published before. They concern open streams and those of
 * requests whose method is running: the method may have asked before the command who the
 * user is. They do not wait for a transaction. Thread-safe.
 * <p>
 * {@link SseOperations#complete} ends a topic on all nodes. {@link SseEmitterRegistry}
 * has the streams of this node alone.
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
	 * Close every stream of a user, such as after a logout. The clients will reconnect,
	 * and be refused if the application refuses them then.
	 * @param user the name of the user
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void disconnectUser(String user);

	/**
	 * Return who is on a topic: the streams that an event on it would reach. Of other
	 * nodes it is what they said last, some seconds ago at the most; what a node had that
	 * died is gone within seconds. May ask the log, and wait for its answer.
	 * <p>
	 * With Redis, all that other nodes have said is read, whatever the topic, and kept
	 * for half of {@code sse.redis.presence-interval}, a second at the most. So asking
	 * costs what all streams of the cluster take once in that time, and each time the
	 * comparison of the topic with all different subscriptions.
	 * @param topic the topic
	 * @return who is there
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	SsePresence presence(String topic);

}
