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

/**
 * The servers to measure. Each is a program that {@code io.github.springsse.bench.server}
 * describes.
 */
enum Server {

	PLAIN("plain `SseEmitter` loop", Ability.EVENTS, Launcher.java(ClassPath.STARTER, "PlainServer", "tomcat")),

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

	WEBFLUX("WebFlux, Netty", Ability.EVENTS, Launcher.java(ClassPath.WEBFLUX, "WebFluxServer")),

	EVENTBUS("sse-eventbus", Ability.EVENTS, Launcher.java(ClassPath.EVENT_BUS, "EventBusServer", "tomcat")),

	BETTER_SSE("better-sse, Node", Ability.EVENTS, Launcher.node()),

	NCHAN("Nchan", Ability.TOPICS_AND_RESUME, Launcher.nchan()),

	EPOLL("C, bare `write`", Ability.EVENTS, Launcher.compiled("server"));

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
		return this != OTHER && this != JETTY_ASYNC;
	}

	boolean isStarter() {
		return this.ability == Ability.ALL;
	}

	/** How the load client publishes. */
	String publisher() {
		return (this == NCHAN) ? "nchan" : "control";
	}

	/** Whether it takes part in a shape. */
	boolean can(Shape shape) {
		return (this.shapes.isEmpty() || this.shapes.contains(shape)) && this.ability.compareTo(shape.needed()) >= 0;
	}

	/**
	 * What a server can do. Each includes the one before.
	 */
	enum Ability {

		/** Send all events to all streams. */
		EVENTS,

		/** Have topics, and send a stream the events that it has missed. */
		TOPICS_AND_RESUME,

		/** Have patterns of topics, and settings that bound its memory. */
		ALL

	}

}
