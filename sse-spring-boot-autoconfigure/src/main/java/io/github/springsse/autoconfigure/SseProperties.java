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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.springsse.webmvc.transport.TransportMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for Server-Sent Events.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("sse")
public class SseProperties {

	/**
	 * Location of the event log. Streams receive the events of all nodes that share it.
	 */
	private EventLogType eventLog = EventLogType.AUTO;

	/**
	 * How streams write to their sockets.
	 */
	private TransportMode transport = TransportMode.AUTO;

	/**
	 * Settings of single topics or patterns, none if not set. The most specific match
	 * applies. Keys that contain a slash need brackets: "[prices/**]".
	 */
	private final Map<String, TopicProperties> topics = new LinkedHashMap<>();

	private final Compression compression = new Compression();

	private final Delivery delivery = new Delivery();

	private final Endpoint endpoint = new Endpoint();

	private final Heartbeat heartbeat = new Heartbeat();

	private final Jetty jetty = new Jetty();

	@NestedConfigurationProperty
	private final LimitsProperties limits = new LimitsProperties();

	private final Publish publish = new Publish();

	@NestedConfigurationProperty
	private final ReplayProperties replay = new ReplayProperties();

	private final Shutdown shutdown = new Shutdown();

	private final Stream stream = new Stream();

	public EventLogType getEventLog() {
		return this.eventLog;
	}

	public void setEventLog(EventLogType eventLog) {
		this.eventLog = eventLog;
	}

	public TransportMode getTransport() {
		return this.transport;
	}

	public void setTransport(TransportMode transport) {
		this.transport = transport;
	}

	public Map<String, TopicProperties> getTopics() {
		return this.topics;
	}

	public Compression getCompression() {
		return this.compression;
	}

	public Delivery getDelivery() {
		return this.delivery;
	}

	public Endpoint getEndpoint() {
		return this.endpoint;
	}

	public LimitsProperties getLimits() {
		return this.limits;
	}

	public Heartbeat getHeartbeat() {
		return this.heartbeat;
	}

	public Jetty getJetty() {
		return this.jetty;
	}

	public Publish getPublish() {
		return this.publish;
	}

	public ReplayProperties getReplay() {
		return this.replay;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	public Stream getStream() {
		return this.stream;
	}

	/**
	 * Location of the event log.
	 */
	public enum EventLogType {

		/** In Redis if the application uses Redis, otherwise in memory. */
		AUTO,

		/** In the memory of this node. */
		MEMORY,

		/** In Redis, shared by all nodes that use the same server and key. */
		REDIS

	}

	/**
	 * Compression of events, once for all streams.
	 */
	public static class Compression {

		/**
		 * Whether streams of clients that accept gzip are compressed.
		 */
		private boolean enabled;

		/**
		 * Level of compression, from 1 (fast) to 9 (smallest).
		 */
		private int level = 6;

		/**
		 * Size of the smallest event that is compressed by itself. Events that resemble
		 * the ones before them are compressed whatever their size.
		 */
		private DataSize minSize = DataSize.ofBytes(100);

		/**
		 * Topics and patterns whose events are not compressed, none if not set.
		 */
		private List<String> excludedTopics = new ArrayList<>();

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public int getLevel() {
			return this.level;
		}

		public void setLevel(int level) {
			this.level = level;
		}

		public DataSize getMinSize() {
			return this.minSize;
		}

		public void setMinSize(DataSize minSize) {
			this.minSize = minSize;
		}

		public List<String> getExcludedTopics() {
			return this.excludedTopics;
		}

		public void setExcludedTopics(List<String> excludedTopics) {
			this.excludedTopics = excludedTopics;
		}

	}

	/**
	 * Threads that deliver events.
	 */
	public static class Delivery {

		/**
		 * Number of delivery threads. A quarter of the number of processors if not set,
		 * at least one and at most four.
		 */
		private @Nullable Integer threads;

		/**
		 * Maximum number of events that wait for a delivery thread. Above it, publishing
		 * waits. Their total size is limited to sse.replay.max-size, or to 1MB if that is
		 * larger.
		 */
		private int maxBacklog = 65536;

		public @Nullable Integer getThreads() {
			return this.threads;
		}

		public void setThreads(@Nullable Integer threads) {
			this.threads = threads;
		}

		public int getMaxBacklog() {
			return this.maxBacklog;
		}

		public void setMaxBacklog(int maxBacklog) {
			this.maxBacklog = maxBacklog;
		}

	}

	/**
	 * Endpoint whose clients choose their topics.
	 */
	public static class Endpoint {

		/**
		 * Path of the endpoint whose clients choose topics and patterns with the request
		 * parameter "topic". Disabled if not set. Requires an AuthorizationManager bean
		 * for SseSubscription.
		 */
		private @Nullable String path;

		public @Nullable String getPath() {
			return this.path;
		}

		public void setPath(@Nullable String path) {
			this.path = path;
		}

	}

	/**
	 * Heartbeats of idle streams.
	 */
	public static class Heartbeat {

		/**
		 * Time without data after which a stream sends a heartbeat. 0 disables
		 * heartbeats.
		 */
		private Duration interval = Duration.ofSeconds(15);

		/**
		 * Type of heartbeats.
		 */
		private io.github.springsse.delivery.Heartbeat type = io.github.springsse.delivery.Heartbeat.COMMENT;

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

		public io.github.springsse.delivery.Heartbeat getType() {
			return this.type;
		}

		public void setType(io.github.springsse.delivery.Heartbeat type) {
			this.type = type;
		}

	}

	/**
	 * Publishing.
	 */
	public static class Publish {

		/**
		 * Whether events that are published in a transaction are held back until it
		 * commits.
		 */
		private boolean afterCommit = true;

		public boolean isAfterCommit() {
			return this.afterCommit;
		}

		public void setAfterCommit(boolean afterCommit) {
			this.afterCommit = afterCommit;
		}

	}

	/**
	 * Closing of streams at shutdown.
	 */
	public static class Shutdown {

		/**
		 * Maximum time for closing all streams at shutdown.
		 */
		private Duration timeout = Duration.ofSeconds(5);

		/**
		 * Period over which clients spread their reconnects after a shutdown or a
		 * refusal.
		 */
		private Duration reconnectWithin = Duration.ofSeconds(5);

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public Duration getReconnectWithin() {
			return this.reconnectWithin;
		}

		public void setReconnectWithin(Duration reconnectWithin) {
			this.reconnectWithin = reconnectWithin;
		}

	}

	/**
	 * Streams.
	 */
	public static class Stream {

		/**
		 * Maximum duration of a stream. The stream is then closed, and its client
		 * reconnects. No limit if not set.
		 */
		private @Nullable Duration maxDuration;

		/**
		 * Time to wait before reconnecting, as sent to clients.
		 */
		private Duration retry = Duration.ofSeconds(2);

		/**
		 * Size of the socket send buffer for a stream whose connection the web server has
		 * handed over. Data that does not fit waits in the send queue.
		 */
		private DataSize sendBufferSize = DataSize.ofKilobytes(128);

		/**
		 * Time after which a stream is closed if data waits for its client and the client
		 * accepts no bytes.
		 */
		private Duration writeTimeout = Duration.ofSeconds(30);

		private final Queue queue = new Queue();

		public @Nullable Duration getMaxDuration() {
			return this.maxDuration;
		}

		public void setMaxDuration(@Nullable Duration maxDuration) {
			this.maxDuration = maxDuration;
		}

		public Duration getRetry() {
			return this.retry;
		}

		public void setRetry(Duration retry) {
			this.retry = retry;
		}

		public DataSize getSendBufferSize() {
			return this.sendBufferSize;
		}

		public void setSendBufferSize(DataSize sendBufferSize) {
			this.sendBufferSize = sendBufferSize;
		}

		public Duration getWriteTimeout() {
			return this.writeTimeout;
		}

		public void setWriteTimeout(Duration writeTimeout) {
			this.writeTimeout = writeTimeout;
		}

		public Queue getQueue() {
			return this.queue;
		}

		/**
		 * Send queue of one client.
		 */
		public static class Queue {

			/**
			 * Maximum number of events in the send queue of one client.
			 */
			private int maxEvents = 1000;

			/**
			 * Maximum size of the events in the send queue of one client. A larger event
			 * is accepted if the queue is empty.
			 */
			private DataSize maxSize = DataSize.ofMegabytes(1);

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

	}

	/**
	 * Connections of Jetty.
	 */
	public static class Jetty {

		/**
		 * Size of Jetty's accept queue, unless the application sets it on the connector.
		 * The operating system may impose a lower limit.
		 */
		private int acceptQueueSize = 1024;

		public int getAcceptQueueSize() {
			return this.acceptQueueSize;
		}

		public void setAcceptQueueSize(int acceptQueueSize) {
			this.acceptQueueSize = acceptQueueSize;
		}

	}

}
