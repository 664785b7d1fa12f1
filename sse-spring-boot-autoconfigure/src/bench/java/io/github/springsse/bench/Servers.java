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

package io.github.springsse.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The servers there are.
 */
final class Servers {

	/** What the others are compared with, if they are measured. */
	static final List<String> BASES = List.of("plain", "nchan", "epoll");

	private static final Feature[] OF_STARTER = Feature.values();

	private static final String OTHER = "BENCH_OTHER";

	private Servers() {
	}

	/**
	 * Return the class paths of the builds of the starter: this one, and another one where
	 * the environment says where that is.
	 */
	static Map<String, String> builds() throws UnavailableException {
		Map<String, String> result = new LinkedHashMap<>();
		result.put("this build", PeerJars.SERVLET.classPath());
		if (System.getenv(OTHER) != null) {
			result.put("the other build", otherClasses());
		}
		return result;
	}

	static List<Server> all() {
		return List.of(
				servlet("plain", "plain `SseEmitter` loop", "PlainServer", Feature.HEAP, Feature.PUBLISHING_TIME),
				starter("handoff", "starter, Tomcat, handoff", "tomcat", "--sse.transport=auto"),
				starter("two-threads", "starter, Tomcat, handoff, two delivery threads", "tomcat",
						"--sse.transport=auto", "--sse.delivery.threads=2")
					.only(Shape.ONE_AT_A_TIME, Shape.BURSTS, Shape.MORE_STREAMS, Shape.RATE, Shape.RATE_AFTER_CROWD),
				starter("small-buffers", "starter, Tomcat, handoff, 1-KB buffers", "tomcat", "--sse.transport=auto",
						"--sse.tomcat.buffer-size=1KB")
					.only(Shape.IDLE),
				starter("async", "starter, Tomcat, async", "tomcat", "--sse.transport=async"),
				Server.of("other", "another build of the starter, Tomcat, handoff", Server.CONTROL,
						(directory) -> Java.server(otherClasses(), "StarterServer", "tomcat", "--sse.transport=auto"),
						OF_STARTER),
				starter("jetty", "starter, Jetty, handoff", "jetty", "--sse.transport=auto"),
				starter("jetty-async", "starter, Jetty, async", "jetty", "--sse.transport=async"),
				Server.of("webflux", "WebFlux, Netty", Server.CONTROL,
						(directory) -> Java.server(PeerJars.WEBFLUX, "WebFluxServer"), Feature.HEAP,
						Feature.PUBLISHING_TIME),
				Server.of("eventbus", "sse-eventbus", Server.CONTROL,
						(directory) -> Java.server(PeerJars.EVENT_BUS, "EventBusServer"), Feature.HEAP,
						Feature.PUBLISHING_TIME),
				Server.of("better-sse", "better-sse, Node", Server.CONTROL, new NodeLauncher(), Feature.HEAP),
				Server.of("nchan", "Nchan", Server.NCHAN, new NchanLauncher(), Feature.TOPICS, Feature.RESUME),
				servlet("socket", "Java, bare `write`", "SocketServer", Feature.HEAP, Feature.PUBLISHING_TIME)
					.only(Shape.ONE_AT_A_TIME, Shape.BURSTS),
				Server.of("epoll", "C, bare `write`", Server.CONTROL, new NativeLauncher("server")));
	}

	/**
	 * The class path with the classes of another build of the starter, to compare two in
	 * one run.
	 */
	static String otherClasses() throws UnavailableException {
		String other = System.getenv(OTHER);
		if (other == null) {
			throw new UnavailableException("No environment variable " + OTHER + " that is the folder target/classes");
		}
		return Arrays.stream(PeerJars.SERVLET.classPath().split(File.pathSeparator))
			.map((entry) -> Path.of(entry).endsWith("classes") ? other : entry)
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static Server servlet(String name, String title, String program, Feature... features) {
		return Server.of(name, title, Server.CONTROL, (directory) -> Java.server(PeerJars.SERVLET, program), features);
	}

	private static Server starter(String name, String title, String... arguments) {
		return Server.of(name, title, Server.CONTROL,
				(directory) -> Java.server(PeerJars.SERVLET, "StarterServer", arguments), OF_STARTER);
	}

}
