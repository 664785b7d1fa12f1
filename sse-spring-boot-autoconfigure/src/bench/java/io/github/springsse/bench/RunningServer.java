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

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.github.springsse.bench.client.Plan;

/**
 * A server, its process, and what is done to it. One that fails is started again.
 */
final class RunningServer implements Closeable {

	private static final int PROCESSOR = 0;

	/** Of a server that was warm before it failed. */
	private static final long SHORT_WARM_UP = 300_000;

	private static final int ATTEMPTS = 3;

	/** Many events for few streams. */
	private static final Traffic PUBLISHING = Traffic.of(10, Plan.flatOut(16, 16, 100));

	private final Server server;

	private final List<String> command;

	private final Path directory;

	private final Program client;

	private final Options options;

	/** Set when it could not be started again. */
	private boolean abandoned;

	private Program program;

	private String ports;

	RunningServer(Server server, List<String> command, Path directory, Program client, Options options)
			throws IOException {
		this.server = server;
		this.command = command;
		this.directory = directory;
		this.client = client;
		this.options = options;
		this.program = start();
		this.ports = this.program.await("ready");
	}

	private Program start() throws IOException {
		return Program.start(this.server.name(), PROCESSOR, this.command, this.directory);
	}

	private void restart() throws IOException {
		this.program.close();
		this.program = start();
		this.ports = this.program.await("ready");
	}

	/** Whether this server takes part in a shape. */
	boolean can(Shape shape) {
		return !this.abandoned && this.server.can(shape);
	}

	/**
	 * Warm up: publishing first, then all shapes that are for that, of which the first
	 * gets most. Last comes what not every server bears; one that does not is started
	 * again, and goes without.
	 */
	void warmUp() throws IOException {
		try {
			warmUp(this.options.warmUp());
			warmUpManyStreams();
		}
		catch (IOException ex) {
			recover(ex, this.options.warmUp());
		}
	}

	private void warmUp(long deliveries) throws IOException {
		System.err.println("warm-up: " + this.server);
		Stage stage = stage();
		PUBLISHING.warmUp(stage, deliveries / 4);
		long next = deliveries;
		for (Shape shape : this.options.shapes()) {
			if (shape.warmsUp() && can(shape)) {
				((Traffic) shape.scenario()).warmUp(stage, next);
				next = deliveries / 10;
			}
		}
	}

	private void warmUpManyStreams() throws IOException {
		for (Shape shape : this.options.shapes()) {
			if (can(shape) && shape.scenario() instanceof Traffic traffic && traffic.hasCrowd()) {
				traffic.warmUpCrowd(stage());
			}
		}
		if (can(Shape.MORE_STREAMS) && this.options.shapes().contains(Shape.MORE_STREAMS)) {
			((Traffic) Shape.MORE_STREAMS.scenario()).warmUp(stage(), this.options.warmUp() / 4);
		}
	}

	/**
	 * Start again, and give up a server that cannot be started.
	 */
	private void recover(IOException cause, long warmUp) throws IOException {
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			this.client.checkAlive();
			System.err.println("Restart of " + this.server + ": " + cause.getMessage());
			try {
				restart();
				warmUp(warmUp);
				return;
			}
			catch (IOException ex) {
				System.err.println(ex.getMessage());
			}
		}
		this.abandoned = true;
	}

	Measurement measure(Shape shape, int round) throws IOException {
		Figures figures = new Figures();
		String failure = null;
		IOException trouble = null;
		try {
			if (shape.is(Shape.Trait.FRESH)) {
				restart();
			}
			shape.scenario().play(stage(), figures);
		}
		catch (LingeringException ex) {
			trouble = ex;
		}
		catch (StalledException ex) {
			trouble = ex;
			failure = "stalled";
		}
		catch (IOException ex) {
			trouble = ex;
			failure = "failed";
		}
		System.err.printf("round %d: %s, %s: %s %s%n", round, this.server, shape.title(), figures.values(),
				(failure != null) ? failure : "");
		if (trouble != null) {
			recover(trouble, Math.min(SHORT_WARM_UP, this.options.warmUp()));
		}
		return new Measurement(this.server.name(), shape, round, figures.values(), failure);
	}

	private Stage stage() throws IOException {
		return new Stage(this.server, this.program, this.ports, this.client, this.options);
	}

	@Override
	public void close() {
		this.program.close();
	}

}
