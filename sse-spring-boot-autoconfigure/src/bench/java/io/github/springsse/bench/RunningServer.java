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

import io.github.springsse.bench.Results.Measurement;
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

	private final List<Shape> shapes;

	private final double scale;

	private final double time;

	private final long deliveries;

	private Program program;

	private Stage stage;

	/** Whether it could not be started again. */
	private boolean abandoned;

	RunningServer(Server server, List<Shape> shapes, Options options)
			throws IOException, Launcher.UnavailableException {
		this.server = server;
		this.command = server.launcher().prepare();
		this.shapes = shapes.stream().filter(server::can).toList();
		this.scale = options.get("scale");
		this.time = options.get("time");
		this.deliveries = (long) options.get("warm-up");
		this.program = Program.server(server.id(), this.command);
		this.stage = new Stage(this.program, server, this.scale);
	}

	private void restart() throws IOException {
		close();
		this.program = Program.server(this.server.id(), this.command);
		this.stage = new Stage(this.program, this.server, this.scale);
	}

	boolean can(Shape shape) {
		return !this.abandoned && this.shapes.contains(shape);
	}

	/**
	 * Warm up: publishing first, then all shapes that are for this, of which the first
	 * gets most. Crowds and many streams are last, because not every server survives
	 * them. A server that does not is started again, and does without.
	 */
	void warmUp() throws IOException {
		try {
			warmUp(this.deliveries);
			for (Shape shape : this.shapes) {
				if (shape.scenario() instanceof Traffic traffic && traffic.crowd() > 0) {
					traffic.warmUpCrowd(this.stage, this.time);
				}
				if (shape.scenario() instanceof Traffic traffic && shape == Shape.MORE_STREAMS) {
					traffic.warmUp(this.stage, this.deliveries / 4);
				}
			}
		}
		catch (IOException ex) {
			recover(ex, this.deliveries);
		}
	}

	private void warmUp(long most) throws IOException {
		System.err.println("warm-up: " + this.server.id());
		PUBLISHING.warmUp(this.stage, most / 4);
		long next = most;
		for (Shape shape : this.shapes) {
			if (shape.scenario() instanceof Traffic traffic && shape.warmsUp()) {
				traffic.warmUp(this.stage, next);
				next = most / 10;
			}
		}
	}

	/** Start again, and abandon a server that cannot be started. */
	private void recover(IOException cause, long warmUp) {
		System.err.println("Restart of " + this.server.id() + ": " + cause);
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			try {
				restart();
				warmUp(warmUp);
				return;
			}
			catch (IOException ex) {
				System.err.println("Attempt " + attempt + " to restart " + this.server.id() + ": " + ex);
			}
		}
		this.abandoned = true;
	}

	void measure(Shape shape, Measurement measurement) {
		try {
			if (shape.is(Shape.Trait.FRESH)) {
				restart();
			}
			shape.scenario().play(this.stage, measurement, this.time);
			System.err.println(measurement);
		}
		catch (IOException ex) {
			if (!(ex instanceof Stage.LingeringException)) {
				measurement.fail((ex instanceof Publisher.StalledException) ? "stalled" : "failed");
			}
			System.err.println(measurement);
			recover(ex, Math.min(SHORT_WARM_UP, this.deliveries));
		}
	}

	@Override
	public void close() throws IOException {
		this.stage.close();
		this.program.close();
	}

}
