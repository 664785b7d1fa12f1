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
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parts of the class path of this program that servers have: no server has the jars
 * of another.
 */
enum ClassPath {

	/** An application with the starter. */
	STARTER(Jars.REACTIVE.or(Jars.EVENT_BUS).or(Jars.TOOLS)),

	/** The same with another build of the starter. */
	OTHER_STARTER(STARTER.excluded),

	/** An application with the starter and Reactor. */
	ANSWERS(Jars.REACTIVE.and(Jars.REACTOR.negate()).or(Jars.DATABASES).or(Jars.EVENT_BUS).or(Jars.TOOLS)),

	/** An application with Spring MVC and Reactor. */
	PLAIN_ANSWERS(ANSWERS.excluded.or(Jars.STARTER)),

	/** An application with sse-eventbus. */
	EVENT_BUS(Jars.REACTIVE.or(Jars.TOOLS).or(Jars.STARTER)),

	/** An application with WebFlux. */
	WEBFLUX(Jars.SERVLETS.or(Jars.DATABASES).or(Jars.EVENT_BUS).or(Jars.TOOLS).or(Jars.STARTER));

	/**
	 * The environment variable that names the folder {@code target/classes} of the other
	 * build.
	 */
	private static final String OTHER = "BENCH_OTHER";

	private final Predicate<String> excluded;

	ClassPath(Predicate<String> excluded) {
		this.excluded = excluded;
	}

	/**
	 * Return the builds of the starter to measure: this one, and the other one where the
	 * environment names it.
	 */
	static List<ClassPath> builds() {
		return (System.getenv(OTHER) != null) ? List.of(STARTER, OTHER_STARTER) : List.of(STARTER);
	}

	String title() {
		return (this == OTHER_STARTER) ? "other build" : "this build";
	}

	/**
	 * Return the program that runs applications with it, a class of
	 * {@code io.github.springsse.bench.server}.
	 */
	String program() {
		return (this == WEBFLUX) ? "WebFluxServer" : "SpringServer";
	}

	/**
	 * Return it as an argument of {@code java}.
	 */
	String text() throws Launcher.UnavailableException {
		String other = System.getenv(OTHER);
		if (this == OTHER_STARTER && other == null) {
			throw new Launcher.UnavailableException("the environment variable " + OTHER + " is not set");
		}
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !this.excluded.test(Path.of(entry).getFileName().toString()))
			.map((entry) -> (this == OTHER_STARTER && Path.of(entry).endsWith("classes")) ? other : entry)
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Kinds of jars, by their names.
	 */
	private static final class Jars {

		static final Predicate<String> REACTIVE = names(
				"netty-.*|reactor-.*|reactive-streams-.*|spring-webflux-.*|spring-boot-(starter-)?(webflux|netty|"
						+ "reactor|reactor-netty)-.*|spring-boot-http-codec-.*|spring-boot-starter-jackson-.*");

		static final Predicate<String> REACTOR = names("reactor-core-.*|reactive-streams-.*");

		static final Predicate<String> SERVLETS = names(
				"tomcat-.*|jetty-.*|jakarta\\.servlet-.*|spring-webmvc-.*|spring-boot-(starter-)?(webmvc|servlet|tomcat|"
						+ "jetty|security)-.*|spring-security-.*");

		static final Predicate<String> DATABASES = names(
				"hibernate-.*|jakarta\\.persistence-.*|h2-.*|spring-orm-.*|spring-jdbc-.*|spring-session-.*|"
						+ "spring-boot-(starter-)?(hibernate|jdbc|jpa|persistence|session|sql|validation)-.*");

		static final Predicate<String> EVENT_BUS = names("sse-eventbus-.*|value-annotations-.*");

		static final Predicate<String> TOOLS = names(
				"jmh-.*|jopt-simple-.*|commons-math3-.*|lettuce-.*|redis-.*|embedded-redis-.*|"
						+ "spring-data-.*|spring-boot-(starter-)?data-.*|spring-boot-health-.*");

		static final Predicate<String> STARTER = names("classes");

		private static Predicate<String> names(String pattern) {
			return Pattern.compile(pattern).asMatchPredicate();
		}

	}

}
