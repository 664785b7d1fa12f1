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

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The servers to measure. Each is a program that {@code io.github.springsse.bench.server}
 * describes.
 */
enum Server {

	PLAIN("Spring MVC, plain `SseEmitter` loop", Ability.EVENTS,
			Launcher.java(ClassPath.PLAIN, "PlainServer", "tomcat")),
	HANDOFF("starter, Tomcat, handoff", Ability.ALL, starter("tomcat", "--sse.transport=auto")),
	TWO_THREADS("starter, Tomcat, handoff, two delivery threads", Ability.ALL,
			starter("tomcat", "--sse.transport=auto", "--sse.delivery.threads=2"), Shape.ONE_AT_A_TIME, Shape.BURSTS,
			Shape.MORE_STREAMS, Shape.RATE, Shape.RATE_AFTER_CROWD),
	ASYNC("starter, Tomcat, async", Ability.ALL, starter("tomcat", "--sse.transport=async")),
	/** On request. */
	OTHER("another build of the starter, Tomcat, handoff", Ability.ALL,
			Launcher.java(ClassPath.OTHER_STARTER, "StarterServer", "tomcat", "--sse.transport=auto")),
	JETTY("starter, Jetty, handoff", Ability.ALL, starter("jetty", "--sse.transport=auto")),
	/** On request. */
	JETTY_ASYNC("starter, Jetty, async", Ability.ALL, starter("jetty", "--sse.transport=async")),
	/** On request. */
	LARGE_HISTORY("starter, Tomcat, large history", Ability.LARGE_HISTORY,
			starter("tomcat", "--sse.replay.events-per-topic=20000", "--sse.replay.max-topics=250000",
					"--sse.replay.max-size=512MB", "--sse.limits.resume-topics=1000000"),
			Shape.RESUME_TOPIC, Shape.RESUME_PATTERN, Shape.BESIDE_IDLE, Shape.BESIDE_RESUME),
	/** On request. */
	COMPRESSED("starter, `sse.compression`", Ability.ALL,
			starter("tomcat", "--sse.transport=auto", "--sse.compression.enabled=true")),
	/** On request: a deflater for each stream. */
	TOMCAT_GZIP("starter, `server.compression`", Ability.ALL,
			starter("tomcat", "--sse.transport=auto", "--server.compression.enabled=true",
					"--server.compression.mime-types=text/event-stream")),
	WEBFLUX("WebFlux, Netty", Ability.EVENTS, Launcher.java(ClassPath.WEBFLUX, "WebFluxServer", "netty")),
	NCHAN("Nchan", Ability.TOPICS_AND_RESUME, Launcher.nchan(false)),
	/** On request. */
	NCHAN_GZIP("Nchan behind nginx with gzip", Ability.TOPICS_AND_RESUME, Launcher.nchan(true)),
	EPOLL("C, bare `write`", Ability.EVENTS, Launcher.c());

	private static final Set<Server> ON_REQUEST = EnumSet.of(OTHER, JETTY_ASYNC, LARGE_HISTORY, COMPRESSED, TOMCAT_GZIP,
			NCHAN_GZIP);

	private final String title;

	private final Ability ability;

	private final Launcher launcher;

	private final Set<Shape> shapes;

	Server(String title, Ability ability, Launcher launcher, Shape... shapes) {
		this.title = title;
		this.ability = ability;
		this.launcher = launcher;
		this.shapes = Set.of(shapes);
	}

	private static Launcher starter(String... arguments) {
		return Launcher.java(ClassPath.STARTER, "StarterServer", arguments);
	}

	/** The name in options. */
	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** The name in tables. */
	String title() {
		return this.title;
	}

	Launcher launcher() {
		return this.launcher;
	}

	boolean isDefault() {
		return !ON_REQUEST.contains(this);
	}

	/** Whether others are compared with it. */
	boolean isBase() {
		return this == PLAIN || this == HANDOFF || this == TOMCAT_GZIP || this == EPOLL || isNchan();
	}

	boolean isNchan() {
		return this == NCHAN || this == NCHAN_GZIP;
	}

	boolean isCompressed() {
		return this == COMPRESSED || this == TOMCAT_GZIP || this == NCHAN_GZIP;
	}

	/** Whether it takes part in a shape. */
	boolean can(Shape shape) {
		if (shape.needed() == Ability.ANSWERS) {
			return this == PLAIN || this == WEBFLUX || this.ability == Ability.ALL;
		}
		return (this.shapes.isEmpty() || this.shapes.contains(shape)) && this.ability.compareTo(shape.needed()) >= 0;
	}

	/** What a server can do. Each includes the one before. */
	enum Ability {

		/** Send all events to all streams. */
		EVENTS,

		/** Have topics, and send a stream the events that it has missed. */
		TOPICS_AND_RESUME,

		/** Have patterns of topics, and settings that bound its memory. */
		ALL,

		/** Keep the events of 100,000 topics. */
		LARGE_HISTORY,

		/** Stream answers, which servers in Java can. */
		ANSWERS

	}

}
