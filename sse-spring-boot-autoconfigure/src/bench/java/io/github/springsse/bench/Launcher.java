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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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

	/**
	 * A server in Java with options of the JVM.
	 */
	static Launcher java(List<String> options, ClassPath classPath, String application, String... arguments) {
		return () -> {
			List<String> command = command(options, classPath.text(), "server." + classPath.program(), application);
			command.addAll(List.of(arguments));
			return command;
		};
	}

	/**
	 * The clients of a crowd. Ordinary requests are on the same processor, and must not
	 * wait for these clients.
	 * @param arguments those of {@link CrowdClient}
	 */
	static List<String> crowd(String... arguments) {
		List<String> command = new ArrayList<>();
		if (Files.isExecutable(NICE)) {
			command.addAll(List.of(NICE.toString(), "-n", "10"));
		}
		command.addAll(command(List.of(), System.getProperty("java.class.path"), CrowdClient.class.getSimpleName(),
				arguments));
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

	/**
	 * A program in C, compiled where there is a compiler.
	 * @param name the directory of its sources
	 */
	static Launcher compiled(String name) {
		return () -> {
			Path program = directory("c").resolve(name);
			List<String> command = new ArrayList<>(List.of("cc", "-O2", "-o", program.toString()));
			try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("src", "bench", "c", name), "*.c")) {
				files.forEach((file) -> command.add(file.toAbsolutePath().toString()));
			}
			run(command.toArray(String[]::new));
			return List.of(program.toString());
		};
	}

	/**
	 * Nchan, where nginx and the module are installed. nginx has one worker.
	 */
	static Launcher nchan() {
		return () -> {
			int port = freePort();
			return nginx("nginx", port, port, "");
		};
	}

	/**
	 * Nchan, and a server of the same nginx in front of it that compresses streams.
	 */
	static Launcher nchanBehindGzip() {
		return () -> {
			int port = freePort();
			int front = freePort();
			return nginx("nginx-gzip", port, front, Files.readString(Path.of("src", "bench", "nginx", "gzip.conf"))
				.replace("@front@", Integer.toString(front)));
		};
	}

	private static List<String> nginx(String name, int port, int front, String further)
			throws IOException, UnavailableException {
		Path program = first("nginx", "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx",
				"/usr/local/nginx/sbin/nginx");
		Path module = first("Nchan module of nginx", "/usr/lib/nginx/modules/ngx_nchan_module.so",
				"/usr/lib64/nginx/modules/ngx_nchan_module.so", "/usr/local/nginx/modules/ngx_nchan_module.so");
		Path directory = directory(name);
		String configuration = Files.readString(Path.of("src", "bench", "nginx", "nginx.conf"))
			.replace("@further@", further)
			.replace("@module@", module.toString())
			.replace("@port@", Integer.toString(port));
		Path file = Files.writeString(directory.resolve("nginx.conf"), configuration);
		return List.of("sh", "-c", "echo ready " + front + " " + port + "; exec " + program + " -p '" + directory
				+ "' -c '" + file + "' -e error.log");
	}

	/**
	 * A program for Node, whose dependencies npm fetches.
	 */
	static Launcher node() {
		return () -> {
			Path directory = directory("node");
			for (String file : List.of("package.json", "server.js")) {
				Files.copy(Path.of("src", "bench", "node", file), directory.resolve(file),
						StandardCopyOption.REPLACE_EXISTING);
			}
			run("node", "--version");
			run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", directory.toString());
			return List.of("node", "--expose-gc", directory.resolve("server.js").toString());
		};
	}

	private static Path directory(String name) throws IOException {
		return Files.createDirectories(Program.DIRECTORY.resolve(name)).toAbsolutePath();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static Path first(String what, String... files) throws UnavailableException {
		return Stream.of(files)
			.map(Path::of)
			.filter(Files::exists)
			.findFirst()
			.orElseThrow(() -> new UnavailableException("no " + what));
	}

	/**
	 * Run a tool that this machine may have or not.
	 */
	private static void run(String... command) throws IOException, UnavailableException {
		Path log = Program.DIRECTORY.resolve(command[0] + ".log");
		Process process;
		try {
			process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		}
		catch (IOException ex) {
			throw new UnavailableException("no " + command[0]);
		}
		try {
			if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
				throw new UnavailableException(String.join(" ", command) + " failed: see " + log);
			}
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Something is not on this machine. The benchmark continues without it.
	 */
	class UnavailableException extends Exception {

		private static final long serialVersionUID = 1L;

		UnavailableException(String message) {
			super(message);
		}

	}

}
