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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.springsse.testsupport.FreePort;

/**
 * Prepares a program for being started. Nothing is installed on the machine.
 */
interface Launcher {

	Path NICE = Path.of("/usr/bin/nice");

	/**
	 * Prepare what the program needs, in {@link Program#DIRECTORY}.
	 * @return the command that starts it
	 * @throws UnavailableException if this machine cannot run it
	 */
	List<String> prepare() throws IOException, UnavailableException;

	/**
	 * A server in Java.
	 * @param application a class of {@code io.github.springsse.bench.server}
	 */
	static Launcher java(ClassPath classPath, String application, String... arguments) {
		return java(List.of("-Xms1g", "-Xmx4g"), classPath, application, arguments);
	}

	/** A server in Java with options of the JVM. */
	static Launcher java(List<String> options, ClassPath classPath, String application, String... arguments) {
		return () -> {
			List<String> command = command(options, classPath.text(), "server.ServerProgram", application);
			command.addAll(List.of(arguments));
			return command;
		};
	}

	/**
	 * The clients of a crowd. Ordinary requests are on the same processor, and must not
	 * wait for these clients.
	 */
	static List<String> crowd(int port, String path, String mode) {
		List<String> command = new ArrayList<>();
		if (Files.isExecutable(NICE)) {
			command.addAll(List.of(NICE.toString(), "-n", "10"));
		}
		command.addAll(command(List.of(), System.getProperty("java.class.path"), Crowd.class.getSimpleName(),
				Integer.toString(port), path, mode));
		return command;
	}

	private static List<String> command(List<String> options, String classPath, String program, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-cp", classPath, Launcher.class.getPackageName() + "." + program));
		command.addAll(List.of(arguments));
		return command;
	}

	/** The server in C, compiled where there is a compiler. */
	static Launcher c() {
		return () -> {
			Path program = directory("c").resolve("server");
			Path source = Path.of("src", "bench", "epoll_writer.c");
			run("cc", "-O2", "-o", program.toString(), source.toString());
			return List.of(program.toString());
		};
	}

	/**
	 * Nchan, where nginx and the module are installed. nginx has one worker.
	 * @param compressed whether clients use a server in front of it, of the same nginx,
	 * that compresses streams
	 */
	static Launcher nchan(boolean compressed) {
		return () -> {
			Path program = first("nginx", "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx",
					"/usr/local/nginx/sbin/nginx");
			Path module = first("Nchan module of nginx", "/usr/lib/nginx/modules/ngx_nchan_module.so",
					"/usr/lib64/nginx/modules/ngx_nchan_module.so", "/usr/local/nginx/modules/ngx_nchan_module.so");
			int port = FreePort.next();
			int front = FreePort.next();
			Path directory = directory(compressed ? "nginx-gzip" : "nginx");
			Path file = Files.writeString(directory.resolve("nginx.conf"),
					Files.readString(Path.of("src", "bench", "nginx.conf"))
						.replace("@module@", module.toString())
						.replace("@port@", Integer.toString(port))
						.replace("@front@", Integer.toString(front)));
			return List.of("sh", "-c", "echo ready " + (compressed ? front : port) + " " + port + "; exec " + program
					+ " -p '" + directory + "' -c '" + file + "' -e error.log");
		};
	}

	private static Path directory(String name) throws IOException {
		return Files.createDirectories(Program.DIRECTORY.resolve(name)).toAbsolutePath();
	}

	private static Path first(String what, String... files) throws UnavailableException {
		return Stream.of(files)
			.map(Path::of)
			.filter(Files::exists)
			.findFirst()
			.orElseThrow(() -> new UnavailableException("no " + what));
	}

	/** Run a tool that this machine may have or not. */
	private static void run(String... command) throws IOException, UnavailableException {
		Path log = Program.DIRECTORY.resolve(command[0] + ".log");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			if (process.waitFor() != 0) {
				throw new UnavailableException(String.join(" ", command) + " failed: see " + log);
			}
		}
		catch (IOException ex) {
			throw new UnavailableException("no " + command[0]);
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	/** Something is not on this machine. The benchmark continues without it. */
	class UnavailableException extends Exception {

		private static final long serialVersionUID = 1L;

		UnavailableException(String message) {
			super(message);
		}

	}

}
