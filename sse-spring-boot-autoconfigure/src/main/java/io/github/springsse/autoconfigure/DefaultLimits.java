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

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Comparator;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.springsse.webmvc.transport.TransportMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Computes limits that the application does not set, from the heap, the connections that
 * the web server accepts, and the files that the process may open. Streams may take three
 * eighths of the heap, the history one eighth, and snapshots one eighth.
 * <p>
 * Nearly all memory of a stream is the memory of its connection in the web server. The
 * values were measured: Tomcat has two buffers, and with TLS four more of 16KB; Jetty has
 * little without TLS. A stream that is not handed over also keeps its request. If such
 * streams are possible, all streams are counted like that.
 * <p>
 * With Tomcat, streams that were handed over do not count as connections of the
 * connector. Streams and connections share heap and files: streams may use what the
 * connections leave, and if that is little, the number of connections is reduced.
 */
final class DefaultLimits {

	private static final Log logger = LogFactory.getLog(DefaultLimits.class);

	private static final DataSize HISTORY = DataSize.ofMegabytes(64);

	private static final int STREAM = 4 * 1024;

	/** The two buffers of a connection of Tomcat, which a stream releases. */
	private static final int BUFFERS_OF_TOMCAT = 16 * 1024;

	/**
	 * The buffers that TLS adds to a connection of Tomcat, most of which a stream
	 * releases.
	 */
	private static final int TLS_OF_TOMCAT = 64 * 1024;

	private static final int TLS = 12 * 1024;

	private static final int REQUEST = 88 * 1024;

	private static final int REQUEST_OF_JETTY = 8 * 1024;

	/**
	 * Connections and files that are reserved for other uses than streams, if there are
	 * so many.
	 */
	private static final int OTHERS = 200;

	private static final long CONNECTIONS_OF_TOMCAT = 8192;

	private final SseProperties properties;

	private final Environment environment;

	private final long heap;

	private final long files;

	DefaultLimits(SseProperties properties, Environment environment) {
		this(properties, environment, Runtime.getRuntime().maxMemory(), maxFiles());
	}

	DefaultLimits(SseProperties properties, Environment environment, long heap, long files) {
		this.properties = properties;
		this.environment = environment;
		this.heap = heap;
		this.files = files;
	}

	private static long maxFiles() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
				? system.getMaxFileDescriptorCount() : Long.MAX_VALUE;
	}

	/**
	 * Return the maximum size of the history.
	 */
	DataSize history() {
		DataSize set = this.properties.getReplay().getMaxSize();
		if (set != null) {
			warnIfLarge("sse.replay.max-size", set, this.heap / 2);
			return set;
		}
		return DataSize.ofBytes(Math.max(1, Math.min(HISTORY.toBytes(), this.heap / 8)));
	}

	/**
	 * Return the maximum size of the snapshots in flight.
	 */
	DataSize snapshots() {
		DataSize set = this.properties.getLimits().getSnapshotBytesInFlight();
		if (set != null) {
			warnIfLarge("sse.limits.snapshot-bytes-in-flight", set, this.heap / 2);
			return set;
		}
		return DataSize.ofBytes(Math.max(1, this.heap / 8));
	}

	private void warnIfLarge(String name, DataSize size, long most) {
		if (size.toBytes() > most) {
			logger.warn(name + "=" + size + " is more than half of the heap of " + megabytes(this.heap)
					+ ": the application may run out of memory before it reaches this limit");
		}
	}

	/**
	 * Return the maximum number of open streams, {@code Integer.MAX_VALUE} for no limit.
	 */
	int streams() {
		Integer set = this.properties.getLimits().getStreams();
		if (set != null && CheckedLimits.notNegative("streams", set) == 0) {
			return Integer.MAX_VALUE;
		}
		Limit limit = streamsByDefault();
		if (set == null) {
			if (limit.number() < 1) {
				throw new IllegalStateException("No stream can be opened: other requests need all of " + limit.reason()
						+ ". Allow more, or set sse.limits.streams");
			}
			logger.info("Up to " + limit.number() + " streams may be open at once, limited by " + limit.reason()
					+ " (sse.limits.streams)");
			return (int) limit.number();
		}
		if (set > limit.number()) {
			logger.warn("sse.limits.streams=" + set + " is more than the " + limit.number()
					+ " that there is room for, limited by " + limit.reason()
					+ ": before this limit is reached, other requests may be refused or the application may run "
					+ "out of memory");
		}
		return set;
	}

	private Limit streamsByDefault() {
		String heapReason = "the heap of " + megabytes(this.heap);
		String filesReason = "the " + this.files + " files that the process may open";
		if (haveConnectionsOfTheirOwn()) {
			long room = besideConnections(connectionsOfHeap()) * costOfConnection() / costOfStream();
			return least(new Limit(Math.min(streamsOfHeap(), room), heapReason),
					new Limit(besideConnections(this.files), filesReason));
		}
		long connections = Math.min(maxConnections(), isTomcat() ? connectionsOfHeap() : Long.MAX_VALUE);
		return least(new Limit(streamsOfHeap(), heapReason),
				new Limit(withoutOthers(connections), "the " + connections + " connections of the web server"),
				new Limit(withoutOthers(this.files), filesReason));
	}

	private static Limit least(Limit... limits) {
		return Arrays.stream(limits).min(Comparator.comparingLong(Limit::number)).orElseThrow();
	}

	/**
	 * Whether streams do not count as connections of the web server.
	 */
	private boolean haveConnectionsOfTheirOwn() {
		return isTomcat() && !keepsRequests();
	}

	/**
	 * Return how many of a number of connections or files remain for streams besides the
	 * connections for other requests. The result is at least what streams would have if
	 * they were some of those connections.
	 */
	private long besideConnections(long count) {
		long connections = maxConnections();
		return Math.max(withoutOthers(Math.min(connections, count)), count - OTHERS - connections);
	}

	/**
	 * Subtract the reserve for other uses: a quarter, at least {@value #OTHERS}, but at
	 * most half.
	 */
	private static long withoutOthers(long count) {
		return Math.max(count / 2, count - Math.max(OTHERS, count / 4));
	}

	private long streamsOfHeap() {
		int request = isTomcat() ? REQUEST : REQUEST_OF_JETTY;
		return roomFor(keepsRequests() ? costOfConnection() + request : costOfStream());
	}

	private long roomFor(long cost) {
		return Math.max(1, Math.min(Integer.MAX_VALUE, 3 * (this.heap / 8) / cost));
	}

	/**
	 * Return the number of connections that there is room for, including some for other
	 * requests. It is limited by the heap; if streams do not count as connections, the
	 * streams and the maximum number of open files limit it too.
	 */
	int connections() {
		long connections = connectionsOfHeap();
		Integer set = this.properties.getLimits().getStreams();
		if (haveConnectionsOfTheirOwn() && (set == null || set > 0)) {
			long room = Math.max(0, streamsByDefault().number());
			long streams = (set != null) ? Math.min(set, room) : room;
			connections = Math.min(connections - streams * costOfStream() / costOfConnection(),
					Math.max(this.files - OTHERS - streams, (this.files - streams) / 2));
		}
		return (int) Math.min(Integer.MAX_VALUE, connections);
	}

	/**
	 * Return the maximum number of streams that count as connections of the web server
	 * although most streams do not, {@code Integer.MAX_VALUE} if only the limit of all
	 * streams applies.
	 */
	int streamsOfConnections() {
		if (this.properties.getLimits().getStreams() != null || !haveConnectionsOfTheirOwn()) {
			return Integer.MAX_VALUE;
		}
		long connections = areConnectionsSet() ? maxConnections() : Math.min(maxConnections(), connections());
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, withoutOthers(connections)));
	}

	/**
	 * NOTE: more than streams, because an idle connection has no stream; a connection of
	 * HTTP/2 has many.
	 */
	private long connectionsOfHeap() {
		long connections = roomFor(costOfConnection());
		return OTHERS + connections + connections / 3;
	}

	/**
	 * Whether the application sets the maximum number of connections of Tomcat.
	 */
	boolean areConnectionsSet() {
		return this.environment.getProperty("server.tomcat.max-connections", Long.class, 0L) > 0;
	}

	/**
	 * NOTE: Spring Boot ignores a value that is not positive, so that the default of the
	 * server applies.
	 */
	private long maxConnections() {
		String server = isTomcat() ? "server.tomcat.max-connections" : "server.jetty.max-connections";
		long connections = this.environment.getProperty(server, Long.class, 0L);
		if (connections > 0) {
			return connections;
		}
		return isTomcat() ? CONNECTIONS_OF_TOMCAT : Long.MAX_VALUE;
	}

	private long costOfConnection() {
		if (isTomcat()) {
			return STREAM + BUFFERS_OF_TOMCAT + (isTls() ? TLS_OF_TOMCAT : 0);
		}
		return costOfStream();
	}

	private long costOfStream() {
		return STREAM + (isTls() ? TLS : 0);
	}

	private boolean isTls() {
		return this.environment.getProperty("server.ssl.enabled", Boolean.class, true)
				&& (this.environment.containsProperty("server.ssl.bundle")
						|| this.environment.containsProperty("server.ssl.key-store")
						|| this.environment.containsProperty("server.ssl.certificate"));
	}

	/**
	 * Whether streams that are not handed over are possible.
	 */
	private boolean keepsRequests() {
		TransportMode mode = this.properties.getTransport();
		return mode == TransportMode.ASYNC || mode == TransportMode.BLOCKING
				|| this.environment.getProperty("server.http2.enabled", Boolean.class, false)
				|| (!this.properties.getCompression().isEnabled()
						&& this.environment.getProperty("server.compression.enabled", Boolean.class, false)
						&& this.environment.getProperty("server.compression.mime-types", "")
							.contains(MediaType.TEXT_EVENT_STREAM_VALUE));
	}

	private static boolean isTomcat() {
		return ClassUtils.isPresent("org.apache.catalina.connector.Connector", DefaultLimits.class.getClassLoader());
	}

	private static String megabytes(long bytes) {
		return bytes / (1024 * 1024) + " MB";
	}

	/**
	 * A limit and its cause.
	 */
	private record Limit(long number, String reason) {

	}

}
