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
import java.util.List;

import io.github.springsse.bench.Scenario.Traffic;

/**
 * A server and its process. If it fails, it is started again.
 */
final class RunningServer implements Closeable {

	/** Deliveries of a server that was warm before it failed. */
	private static final long SHORT_WARM_UP = 300_000;

	private static final int ATTEMPTS = 3;

	/** Many events for few streams. */
	private static final Traffic PUBLISHING = Traffic.of(10, Plan.unlimited(16, 16, 100));

	private final Server server;

	private final List<String> command;

	private final Program client;

	private final Options options;

	private Program program;

	/** Whether it could not be started again. */
	private boolean abandoned;

	RunningServer(Server server, Program client, Options options) throws IOException, Launcher.UnavailableException {
		this.server = server;
		this.command = server.launcher().prepare();
		this.client = client;
		this.options = options;
		this.program = Program.server(server.id(), this.command);
	}

	private void restart() throws IOException {
		this.program.close();
		this.program = Program.server(this.server.id(), this.command);
	}

	boolean can(Shape shape) {
		return !this.abandoned && this.server.can(shape);
	}

	/**
	 * Warm up: publishing first, then all shapes that are for this, of which the first
	 * gets most. Crowds and many streams are last, because not every server survives
	 * them. A server that does not is started again, and does without.
	 */
	void warmUp() throws IOException {
		try {
			warmUp(this.options.warmUp());
			Measurement ignored = measurement(Shape.MORE_STREAMS);
			for (Shape shape : this.options.shapes()) {
				if (can(shape) && shape.scenario() instanceof Traffic traffic && traffic.crowd() > 0) {
					traffic.warmUpCrowd(stage(), ignored);
				}
				if (can(shape) && shape == Shape.MORE_STREAMS) {
					((Traffic) shape.scenario()).warmUp(stage(), ignored, this.options.warmUp() / 4);
				}
			}
		}
		catch (IOException ex) {
			recover(ex, this.options.warmUp());
		}
	}

	private void warmUp(long deliveries) throws IOException {
		System.err.println("warm-up: " + this.server.id());
		Stage stage = stage();
		PUBLISHING.warmUp(stage, measurement(Shape.BURSTS), deliveries / 4);
		long next = deliveries;
		for (Shape shape : this.options.shapes()) {
			if (shape.warmsUp() && can(shape)) {
				((Traffic) shape.scenario()).warmUp(stage, measurement(shape), next);
				next = deliveries / 10;
			}
		}
	}

	private Measurement measurement(Shape shape) {
		return new Measurement(this.server, shape, 0);
	}

	/**
	 * Start again, and abandon a server that cannot be started.
	 */
	private void recover(IOException cause, long warmUp) throws IOException {
		if (!this.client.isAlive()) {
			throw new IOException("The load client has ended", cause);
		}
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			System.err.println("Restart of " + this.server.id() + ": " + cause.getMessage());
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
		Measurement measurement = new Measurement(this.server, shape, round);
		IOException trouble = null;
		try {
			if (shape.is(Shape.Trait.FRESH)) {
				restart();
			}
			shape.scenario().play(stage(), measurement);
		}
		catch (Stage.LingeringException ex) {
			trouble = ex;
		}
		catch (IOException ex) {
			trouble = ex;
			measurement.fail((ex instanceof Program.StalledException) ? "stalled" : "failed");
		}
		System.err.println(measurement);
		if (trouble != null) {
			recover(trouble, Math.min(SHORT_WARM_UP, this.options.warmUp()));
		}
		return measurement;
	}

	private Stage stage() throws IOException {
		return new Stage(this.server.publisher(), this.program, this.client, this.options);
	}

	@Override
	public void close() {
		this.program.close();
	}

}
