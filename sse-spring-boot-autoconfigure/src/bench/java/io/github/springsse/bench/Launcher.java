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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.springsse.testsupport.FreePort;

/**
 * Prepares a server for being started. Nothing is installed on the machine.
 */
interface Launcher {

	/** Options of servers in Java. */
	List<String> HEAP = List.of("-Xms1g", "-Xmx4g");

	/** Jars of WebFlux, by their names. */
	String REACTIVE = "netty-.*|reactor-netty-.*|spring-webflux-.*|spring-boot-http-codec-.*|"
			+ "spring-boot-(starter-)?(webflux|netty|reactor|reactor-netty)-.*|spring-boot-starter-jackson-.*";

	/** Jars of Spring MVC. */
	String SERVLETS = "tomcat-.*|jetty-.*|jakarta\\.servlet-.*|spring-webmvc-.*|"
			+ "spring-security-.*|spring-boot-(starter-)?(webmvc|servlet|tomcat|jetty|security)-.*";

	/** Jars that no server has. */
	String DATABASES = "hibernate-.*|jakarta\\.persistence-.*|h2-.*|spring-(orm|jdbc|session)-.*|"
			+ "spring-boot-(starter-)?(hibernate|jdbc|jpa|persistence|session|sql|validation|health|data-jpa)-.*";

	/** Jars of a log in Redis. */
	String REDIS = "lettuce-.*|redis-.*|spring-data-.*|spring-boot-(starter-)?data-.*|";

	Path NGINX = Path.of("/usr/sbin/nginx");

	Path NCHAN = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

	/**
	 * Prepare what the server needs, and return the command that starts it.
	 * @param arguments further arguments of a server in Java
	 */
	List<String> prepare(String... arguments) throws IOException;

	/** A server in Java: a class of {@code io.github.springsse.bench.server}. */
	static Launcher java(ClassPath classPath, String application, String... arguments) {
		return (further) -> {
			List<String> command = command("server.ServerProgram", classPath.text());
			command.addAll(1, HEAP);
			command.add(application);
			command.addAll(List.of(arguments));
			command.addAll(List.of(further));
			return command;
		};
	}

	/** Return a command that runs a class of this package, or of one below. */
	static List<String> command(String program, String classPath) {
		return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				classPath, Launcher.class.getPackageName() + "." + program));
	}

	/** The same with an AOT cache, which a first server writes that had some clients. */
	static Launcher withAotCache(Launcher launcher) {
		return (further) -> {
			Path java = Path.of(environment("BENCH_AOT_JDK"), "bin", "java");
			Path cache = directory("aot").resolve("server.aot");
			List<String> command = launcher.prepare(further);
			command.set(0, java.toString());
			int classPath = command.indexOf("-cp") + 1;
			command.set(classPath, packed(command.get(classPath)));
			command.add(1, "-XX:AOTCacheOutput=" + cache);
			try (Program training = Program.server("aot-training", command);
					Rush rush = new Rush("", training, 1, Rush.EVENT_AT_ONCE, new Results())) {
				rush.come(100);
				rush.awaitServed(100, Metric.SERVED);
				training.terminate();
			}
			command.set(1, "-XX:AOTCache=" + cache);
			return command;
		};
	}

	/** Pack folders of classes, with which a cache cannot be used. */
	private static String packed(String classPath) throws IOException {
		List<String> entries = new ArrayList<>();
		for (String entry : classPath.split(File.pathSeparator)) {
			String jar = directory("aot").resolve(entries.size() + ".jar").toString();
			boolean folder = Files.isDirectory(Path.of(entry));
			if (folder) {
				ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "-cf", jar, "-C", entry, ".");
			}
			entries.add(folder ? jar : entry);
		}
		return String.join(File.pathSeparator, entries);
	}

	/** The server in C, compiled where there is a compiler. */
	static Launcher c() {
		return (further) -> {
			String program = directory("c").resolve("server").toString();
			try {
				if (new ProcessBuilder("cc", "-O2", "-o", program, "src/bench/epoll_writer.c").inheritIO()
					.start()
					.onExit()
					.join()
					.exitValue() == 0) {
					return List.of(program);
				}
			}
			catch (IOException ex) {
				// there is no compiler
			}
			throw new UnavailableException("cc cannot compile it");
		};
	}

	/** Nchan in nginx with one worker, maybe behind a server of it that compresses. */
	static Launcher nchan(boolean compressed) {
		return (further) -> {
			if (!Files.exists(NGINX) || !Files.exists(NCHAN)) {
				throw new UnavailableException("there is no " + NGINX + " with " + NCHAN);
			}
			int port = FreePort.next();
			int front = FreePort.next();
			Path directory = directory(compressed ? "nginx-gzip" : "nginx");
			Path file = Files.writeString(directory.resolve("nginx.conf"),
					Files.readString(Path.of("src", "bench", "nginx.conf"))
						.replace("@module@", NCHAN.toString())
						.replace("@port@", Integer.toString(port))
						.replace("@front@", Integer.toString(front)));
			return List.of("sh", "-c", "echo ready " + (compressed ? front : port) + " " + port + "; exec " + NGINX
					+ " -p '" + directory + "' -c '" + file + "' -e error.log");
		};
	}

	private static Path directory(String name) throws IOException {
		return Files.createDirectories(Program.DIRECTORY.resolve(name)).toAbsolutePath();
	}

	/** Return the value of an environment variable. */
	static String environment(String name) throws UnavailableException {
		String value = System.getenv(name);
		if (value == null) {
			throw new UnavailableException("the environment variable " + name + " is not set");
		}
		return value;
	}

	/**
	 * The parts of the class path of this program that servers have: no server has the
	 * jars of another.
	 */
	enum ClassPath {

		STARTER(REDIS + REACTIVE),

		/** With a log in Redis, whose driver needs Netty. */
		REDIS_STARTER(REACTIVE.replace("netty-.*|reactor", "reactor")),

		/** With another build of the starter. */
		OTHER_STARTER(REDIS + REACTIVE),

		/** Spring MVC and Reactor, without the starter. */
		PLAIN(REDIS + REACTIVE + "|classes"),

		/** WebFlux, without the starter. */
		WEBFLUX(REDIS + SERVLETS + "|classes");

		private final String excluded;

		ClassPath(String excluded) {
			this.excluded = excluded + "|" + DATABASES;
		}

		/** Return it as an argument of {@code java}. */
		String text() throws UnavailableException {
			String other = (this == OTHER_STARTER) ? environment("BENCH_OTHER") : "";
			return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.filter((entry) -> !Path.of(entry).getFileName().toString().matches(this.excluded))
				.map((entry) -> (!other.isEmpty() && Path.of(entry).endsWith("classes")) ? other : entry)
				.collect(Collectors.joining(File.pathSeparator));
		}

	}

	/** A server cannot run on this machine. The benchmark continues without it. */
	class UnavailableException extends IOException {

		private static final long serialVersionUID = 1L;

		UnavailableException(String message) {
			super(message);
		}

	}

}
