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

package io.github.springsse.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A network of its own for clients, from which no packet comes any more when a test wants
 * that: clients vanish, and nobody is told. Of Linux, with iproute2, for root.
 */
public final class SeparateNetwork implements AutoCloseable {

	private final List<Process> clients = new ArrayList<>();

	private final String name = "sse-" + ProcessHandle.current().pid();

	private final String serverAddress;

	private SeparateNetwork(int number) {
		this.serverAddress = address(number + 1);
	}

	/**
	 * Create a network, or have the test left out where that is not possible.
	 * @return the network
	 */
	public static SeparateNetwork create() {
		assumeTrue("root".equals(System.getProperty("user.name")), "A network namespace needs root");
		assumeTrue(Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> new File(directory, "ip").canExecute()), "No ip (iproute2) in the path");
		// NOTE: a network for each process
		int number = (int) (ProcessHandle.current().pid() % (1 << 14)) << 2;
		SeparateNetwork result = new SeparateNetwork(number);
		assumeTrue(run("ip", "netns", "add", result.name) == null, "No network namespace can be created");
		try {
			result.connect(number);
			return result;
		}
		catch (RuntimeException ex) {
			result.close();
			throw ex;
		}
	}

	private void connect(int number) {
		must("ip", "link", "add", this.name, "type", "veth", "peer", "name", "client", "netns", this.name);
		must("ip", "address", "add", this.serverAddress + "/30", "dev", this.name);
		must("ip", "link", "set", this.name, "up");
		must("ip", "-n", this.name, "address", "add", address(number + 2) + "/30", "dev", "client");
		must("ip", "-n", this.name, "link", "set", "client", "up");
	}

	/**
	 * An address for tests of networks.
	 */
	private static String address(int number) {
		return "198.18." + (number >> 8) + "." + (number & 0xff);
	}

	/**
	 * Return the address at which clients reach this process.
	 * @return the address
	 */
	public String serverAddress() {
		return this.serverAddress;
	}

	/**
	 * Start a client.
	 * @param command the program, and its arguments
	 */
	public void start(String... command) {
		List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", this.name));
		all.addAll(List.of(command));
		try {
			this.clients.add(new ProcessBuilder(all).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Have no packet come from the clients any more. They get those that are sent to
	 * them, as far as they may know.
	 */
	public void dropPackets() {
		must("ip", "-n", this.name, "route", "add", "blackhole", this.serverAddress + "/32");
	}

	@Override
	public void close() {
		this.clients.forEach(Process::destroyForcibly);
		run("ip", "link", "delete", this.name);
		run("ip", "netns", "delete", this.name);
	}

	private static void must(String... command) {
		String failure = run(command);
		if (failure != null) {
			throw new IllegalStateException(failure);
		}
	}

	/**
	 * Run a command.
	 * @return what it said, or {@code null} if it succeeded
	 */
	private static @Nullable String run(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return (process.waitFor() != 0) ? String.join(" ", command) + ": " + output : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
