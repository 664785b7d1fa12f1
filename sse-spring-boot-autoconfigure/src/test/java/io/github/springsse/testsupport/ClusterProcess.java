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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A {@link ClusterNode} as a process of its own, to be killed and paused.
 */
public final class ClusterProcess implements AutoCloseable {

	private final Process process;

	private final PrintWriter input;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private final int port;

	private ClusterProcess(Process process, Consumer<String> acknowledgements) {
		this.process = process;
		this.input = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
		Thread thread = new Thread(() -> read(acknowledgements), "test-cluster-output");
		thread.setDaemon(true);
		thread.start();
		this.port = Integer.parseInt(await("port "));
	}

	/**
	 * Start a node, and wait until it serves requests.
	 * @param name names the file with its output
	 * @param acknowledgements gets the topic and the data of each event that the node has
	 * published
	 * @param properties the properties of the application
	 * @return the node
	 */
	public static ClusterProcess start(String name, Consumer<String> acknowledgements, String... properties) {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ClusterNode.class.getName()));
		command.addAll(Arrays.asList(properties));
		try {
			File log = new File("target", "cluster-" + name + ".log");
			return new ClusterProcess(
					new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start(),
					acknowledgements);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(Consumer<String> acknowledgements) {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			String line;
			while ((line = reader.readLine()) != null) {
				if (line.startsWith("ack ")) {
					acknowledgements.accept(line.substring(4));
				}
				else {
					this.answers.add(line);
				}
			}
		}
		catch (IOException ex) {
			// killed
		}
	}

	public int port() {
		return this.port;
	}

	public Process process() {
		return this.process;
	}

	public void send(String line) {
		this.input.println(line);
	}

	/**
	 * Wait for an answer, and pass over all before it.
	 * @param start how it begins
	 * @return the rest of it
	 */
	public String await(String start) {
		try {
			String line = "";
			while (line != null && !line.startsWith(start)) {
				line = this.answers.poll(60, TimeUnit.SECONDS);
			}
			if (line == null) {
				throw new IllegalStateException("No answer that starts with " + start);
			}
			return line.substring(start.length());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	public void kill() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		TestRedis.signal(this.process, "CONT");
		kill();
	}

}
