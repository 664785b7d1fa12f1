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
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of the class path of this program that servers have: no server has the jars
 * of another.
 */
enum ClassPath {

	/** An application with the starter and Reactor. */
	STARTER(Jars.REACTIVE + "|" + Jars.DATABASES),

	/** The same with another build of the starter. */
	OTHER_STARTER(Jars.REACTIVE + "|" + Jars.DATABASES),

	/** An application with Spring MVC and Reactor. */
	PLAIN(Jars.REACTIVE + "|" + Jars.DATABASES + "|classes"),

	/** An application with WebFlux. */
	WEBFLUX(Jars.SERVLETS + "|" + Jars.DATABASES + "|classes");

	/**
	 * The environment variable for the folder {@code target/classes} of the other build.
	 */
	private static final String OTHER = "BENCH_OTHER";

	private final Pattern excluded;

	ClassPath(String excluded) {
		this.excluded = Pattern.compile(excluded);
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
	 * Return it as an argument of {@code java}.
	 */
	String text() throws Launcher.UnavailableException {
		String other = System.getenv(OTHER);
		if (this == OTHER_STARTER && other == null) {
			throw new Launcher.UnavailableException("the environment variable " + OTHER + " is not set");
		}
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !this.excluded.matcher(Path.of(entry).getFileName().toString()).matches())
			.map((entry) -> (this == OTHER_STARTER && Path.of(entry).endsWith("classes")) ? other : entry)
			.collect(Collectors.joining(File.pathSeparator));
	}

	/** Kinds of jars, by their names. */
	private static final class Jars {

		static final String REACTIVE = "netty-.*|reactor-netty-.*|spring-webflux-.*|spring-boot-http-codec-.*|"
				+ "spring-boot-(starter-)?(webflux|netty|reactor|reactor-netty)-.*|spring-boot-starter-jackson-.*";

		static final String SERVLETS = "tomcat-.*|jetty-.*|jakarta\\.servlet-.*|spring-webmvc-.*|spring-security-.*|"
				+ "spring-boot-(starter-)?(webmvc|servlet|tomcat|jetty|security)-.*";

		static final String DATABASES = "hibernate-.*|jakarta\\.persistence-.*|h2-.*|spring-(orm|jdbc|session|data)-.*|"
				+ "spring-boot-(starter-)?(hibernate|jdbc|jpa|persistence|session|sql|validation|data|health)-.*|"
				+ "lettuce-.*|redis-.*";

	}

}
