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
import java.io.UncheckedIOException;
import java.util.List;

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.bench.Scenario.Traffic;

/**
 * A server that is started again if it fails.
 */
final class RunningServer implements Closeable {

	private final Server server;

	private final List<String> command;

	private final List<Shape> shapes;

	private final Options options;

	private final long deliveries;

	private Stage stage;

	/** Whether it could not be started again. */
	private boolean abandoned;

	RunningServer(Server server, List<Shape> shapes, Options options) throws IOException {
		this.server = server;
		this.command = server.launcher.prepare();
		this.shapes = shapes.stream().filter(server::can).toList();
		this.options = options;
		this.deliveries = (long) options.get("warm-up");
		this.stage = new Stage(server, this.command, options.get("scale"));
	}

	private void restart() throws IOException {
		close();
		this.stage = new Stage(this.server, this.command, this.options.get("scale"));
	}

	Server server() {
		return this.server;
	}

	boolean can(Shape shape) {
		return !this.abandoned && this.shapes.contains(shape);
	}

	/**
	 * Warm up. Crowds and many streams are last, because not every server survives them.
	 * A server that does not is started again, and does without.
	 */
	void warmUp() {
		try {
			warmUp(this.deliveries);
			for (Shape shape : this.shapes) {
				if (shape == Shape.MORE_STREAMS && shape.scenario instanceof Traffic traffic) {
					traffic.warmUp(this.stage, this.deliveries / 4);
				}
				// NOTE: the code for a connection is compiled after some thousands
				for (int i = 0; i < 8 && shape == Shape.RATE_AFTER_CROWD; i++) {
					shape.scenario.play(this.stage, new Results().add("", "", 0), this.options.get("time") / 8);
				}
			}
		}
		catch (IOException ex) {
			recover(ex, this.deliveries);
		}
	}

	private void warmUp(long most) throws IOException {
		System.err.println("warm-up: " + this.server.id());
		if (this.server != Server.TLS) {
			// NOTE: many events for few streams
			Traffic.of(10, Plan.unlimited(16, 16, 100)).warmUp(this.stage, most / 4);
		}
		long next = most;
		for (Shape shape : this.shapes) {
			if (shape.when == Shape.When.EACH_ROUND && shape != Shape.MORE_STREAMS
					&& shape.scenario instanceof Traffic traffic && !traffic.plan().isSteady()) {
				traffic.warmUp(this.stage, next);
				next = most / 10;
			}
		}
	}

	/** Start again, and abandon a server that cannot be started. */
	private void recover(Exception cause, long warmUp) {
		System.err.println("Restart of " + this.server.id() + ": " + cause);
		for (int attempt = 1; attempt <= 3; attempt++) {
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
			if (shape.when == Shape.When.FRESH) {
				restart();
			}
			shape.scenario.play(this.stage, measurement, this.options.get("time"));
		}
		catch (IOException | UncheckedIOException ex) {
			measurement.failures().add((ex instanceof Publisher.StalledException) ? "stalled" : "failed");
			// NOTE: it was warm before
			recover(ex, Math.min(300_000, this.deliveries));
		}
		System.err.println(measurement);
	}

	@Override
	public void close() throws IOException {
		this.stage.close();
	}

}
