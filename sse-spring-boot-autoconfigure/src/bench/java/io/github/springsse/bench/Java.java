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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts Java programs.
 */
final class Java {

	private static final String SERVERS = "io.github.springsse.bench.server.";

	private Java() {
	}

	/**
	 * Return the command of a server program.
	 */
	static List<String> server(PeerJars jars, String program, String... arguments) {
		return command(jars.classPath(), SERVERS + program, arguments);
	}

	/**
	 * Return the command of a server program with a class path.
	 */
	static List<String> server(String classPath, String program, String... arguments) {
		return command(classPath, SERVERS + program, arguments);
	}

	/**
	 * Return the command of a program with the class path of this one.
	 */
	static List<String> command(String program) {
		return command(System.getProperty("java.class.path"), program);
	}

	/**
	 * Return the command of a server program that has little memory.
	 */
	static List<String> smallServer(String classPath, String heap, String program, String... arguments) {
		return command(List.of("-Xmx" + heap), classPath, SERVERS + program, arguments);
	}

	private static List<String> command(String classPath, String program, String... arguments) {
		return command(List.of("-Xms1g", "-Xmx4g"), classPath, program, arguments);
	}

	private static List<String> command(List<String> options, String classPath, String program, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-cp", classPath, program));
		command.addAll(List.of(arguments));
		return command;
	}

}
