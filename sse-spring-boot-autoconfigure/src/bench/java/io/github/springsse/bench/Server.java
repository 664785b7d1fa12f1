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

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import io.github.springsse.bench.Launcher.ClassPath;
import io.github.springsse.testsupport.SelfSignedCertificate;

/**
 * The servers to measure. Each is a program that {@code io.github.springsse.bench.server}
 * describes.
 */
enum Server {

	PLAIN("Spring MVC, plain `SseEmitter` loop", Launcher.java(ClassPath.PLAIN, "PlainServer", "tomcat"),
			Ability.EVENTS, Ability.JAVA),
	HANDOFF("starter, Tomcat, handoff", starter("tomcat")),
	ASYNC("starter, Tomcat, async", starter("tomcat", "--sse.transport=async")),
	JETTY("starter, Jetty, handoff", starter("jetty")),
	JETTY_ASYNC("starter, Jetty, async", starter("jetty", "--sse.transport=async")),
	OTHER("another build of the starter, Tomcat, handoff",
			Launcher.java(ClassPath.OTHER_STARTER, "StarterServer", "tomcat")),
	AOT("starter, Tomcat, AOT cache", Launcher.withAotCache(starter("tomcat"))),
	REDIS("starter, Tomcat, log in Redis",
			Launcher.java(ClassPath.REDIS_STARTER, "StarterServer", "tomcat", "--sse.event-log=redis")),
	REDIS_AOT("starter, Tomcat, log in Redis, AOT cache", Launcher.withAotCache(REDIS.launcher)),
	LARGE_HISTORY("starter, Tomcat, large history",
			starter("tomcat", "--sse.replay.events-per-topic=20000", "--sse.replay.max-topics=250000",
					"--sse.replay.max-size=512MB", "--sse.limits.resume-topics=1000000"),
			Ability.LARGE_HISTORY),
	TLS("starter, Tomcat, TLS",
			(further) -> starter("tomcat")
				.prepare(Stream.of(SelfSignedCertificate.get().properties()).map("--"::concat).toArray(String[]::new)),
			Ability.TLS),
	COMPRESSED("starter, `sse.compression`", starter("tomcat", "--sse.compression.enabled=true")),
	/** A deflater for each stream. */
	TOMCAT_GZIP("starter, `server.compression`",
			starter("tomcat", "--server.compression.enabled=true",
					"--server.compression.mime-types=text/event-stream")),
	WEBFLUX("WebFlux, Netty", Launcher.java(ClassPath.WEBFLUX, "WebFluxServer", "netty"), Ability.EVENTS, Ability.JAVA),
	NCHAN("Nchan", Launcher.nchan(false), Ability.EVENTS, Ability.TOPICS),
	NCHAN_GZIP("Nchan behind nginx with gzip", Launcher.nchan(true), Ability.EVENTS, Ability.TOPICS),
	EPOLL("C, bare `write`", Launcher.c(), Ability.EVENTS);

	final String title;

	final Launcher launcher;

	private final Set<Ability> abilities;

	Server(String title, Launcher launcher) {
		this(title, launcher, Ability.EVENTS, Ability.TOPICS, Ability.STARTER, Ability.JAVA);
	}

	Server(String title, Launcher launcher, Ability... abilities) {
		this.title = title;
		this.launcher = launcher;
		this.abilities = Set.of(abilities);
	}

	private static Launcher starter(String... arguments) {
		return Launcher.java(ClassPath.STARTER, "StarterServer", arguments);
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** Whether others are compared with it. */
	boolean isBase() {
		return this == PLAIN || this == HANDOFF || this == TOMCAT_GZIP || this == EPOLL || isNchan();
	}

	boolean isRedis() {
		return this == REDIS || this == REDIS_AOT;
	}

	boolean isNchan() {
		return this == NCHAN || this == NCHAN_GZIP;
	}

	boolean isCompressed() {
		return this == COMPRESSED || this == TOMCAT_GZIP || this == NCHAN_GZIP;
	}

	/** Whether it takes part in a shape. */
	boolean can(Shape shape) {
		return this.abilities.contains(shape.needed);
	}

	/**
	 * What a server can do: send all events to all streams; have topics, and send missed
	 * events; what only the starter can, such as patterns of topics; stream answers and
	 * send large responses, as servers in Java; keep 100,000 topics; accept TLS only.
	 */
	enum Ability {

		EVENTS, TOPICS, STARTER, JAVA, LARGE_HISTORY, TLS

	}

}
