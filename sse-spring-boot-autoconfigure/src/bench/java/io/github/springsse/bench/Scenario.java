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

/**
 * What is done to a server that has no streams. It leaves no streams behind.
 */
interface Scenario {

	String ALL_EVENTS = "events";

	/**
	 * Carry it out.
	 * @param stage the server and the load client
	 * @param measurement receives the figures
	 * @throws Program.StalledException if streams wait for events in vain
	 */
	void play(Stage stage, Measurement measurement) throws IOException;

	/**
	 * Events for streams that are all read.
	 *
	 * @param streams the number of streams
	 * @param target the streams, as the load client names them
	 * @param crowd the number of further streams that were closed just before
	 * @param plan the events
	 */
	record Traffic(int streams, String target, int crowd, Plan plan) implements Scenario {

		private static final int CROWDS = 8;

		private static final long MOST_WARM_UP_MILLIS = 30_000;

		/** One topic, and nothing else happens. */
		static Traffic of(int streams, Plan plan) {
			return new Traffic(streams, ALL_EVENTS, 0, plan);
		}

		@Override
		public void play(Stage stage, Measurement measurement) throws IOException {
			stage.open(this.streams, this.target);
			if (this.crowd > 0) {
				stage.crowd(this.crowd);
				stage.disperse();
			}
			Stage.Outcome outcome = stage.run(this.plan.scaled(stage.options().time()), measurement);
			if (this.plan.hasRate()) {
				measurement.put(Metric.MEDIAN_MILLIS, outcome.medianNanos() / 1e6);
				measurement.put(Metric.P99_MILLIS, outcome.p99Nanos() / 1e6);
				measurement.put(Metric.MAX_MILLIS, outcome.maxNanos() / 1e6);
			}
			else {
				measurement.put(Metric.RATE, outcome.rate());
			}
			stage.leave();
		}

		/**
		 * The same traffic until there were enough deliveries, but not for ever.
		 */
		void warmUp(Stage stage, Measurement ignored, long deliveries) throws IOException {
			stage.open(this.streams, this.target);
			stage.run(this.plan.until(MOST_WARM_UP_MILLIS, deliveries), ignored);
			stage.leave();
		}

		/**
		 * Have crowds connect and leave: the code for this runs once for each connection,
		 * and is compiled after some thousands.
		 */
		void warmUpCrowd(Stage stage, Measurement ignored) throws IOException {
			for (int i = 0; i < CROWDS; i++) {
				stage.open(this.streams, this.target);
				stage.crowd(this.crowd);
				stage.disperse();
				stage.run(this.plan.scaled(stage.options().time() / CROWDS), ignored);
				stage.leave();
			}
		}

	}

	/**
	 * Clients that never read, and whose sockets are full, beside others.
	 *
	 * @param silent the number of clients that never read
	 * @param streams the number of the others
	 * @param plan the events
	 */
	record BesideSilent(int silent, int streams, Plan plan) implements Scenario {

		/** Fewer than the sockets of a client hold. */
		static final int EVENTS_TO_FILL = 650;

		@Override
		public void play(Stage stage, Measurement measurement) throws IOException {
			Plan scaled = this.plan.scaled(stage.options().time());
			stage.open(this.streams, ALL_EVENTS);
			stage.run(scaled.scaled(0.5), measurement);
			double alone = stage.run(scaled, measurement).rate();
			stage.leave();
			stage.openSilent(this.silent, EVENTS_TO_FILL, scaled.size());
			stage.open(this.streams, ALL_EVENTS);
			double rate = stage.run(scaled, measurement).rate();
			measurement.put(Metric.RATE, rate);
			measurement.put(Metric.KEPT, rate / alone);
			stage.leave();
		}

	}

	/**
	 * Clients that connect at once, each with the same events behind.
	 *
	 * @param streams the number of clients
	 * @param missed the number of events that each has missed
	 * @param target the streams, as the load client names them
	 */
	record Resuming(int streams, int missed, String target) implements Scenario {

		@Override
		public void play(Stage stage, Measurement measurement) throws IOException {
			stage.miss(this.missed, this.target);
			measurement.put(Metric.RATE, stage.resume(this.streams, measurement).rate());
			stage.leave();
		}

	}

	/**
	 * Streams that receive only a few events: how fast they are opened, and their memory.
	 *
	 * @param streams the number of streams
	 */
	record Idle(int streams) implements Scenario {

		private static final int FIRST_STREAMS = 200;

		private static final Plan EVENTS = Plan.unlimited(1, 1, 100).until(Long.MAX_VALUE, 5);

		@Override
		public void play(Stage stage, Measurement measurement) throws IOException {
			// NOTE: everything that streams need is loaded before the memory is read
			stage.open(FIRST_STREAMS, ALL_EVENTS);
			stage.run(EVENTS, measurement);
			stage.leave();
			double heap = stage.heap();
			double resident = stage.residentMemory();
			measurement.put(Metric.OPEN_SECONDS, stage.open(this.streams, ALL_EVENTS));
			stage.run(EVENTS, measurement);
			measurement.remove(Metric.SERVER_MICROS);
			measurement.put(Metric.HEAP_KB, kilobytes(stage, stage.heap() - heap));
			measurement.put(Metric.RESIDENT_KB, kilobytes(stage, stage.residentMemory() - resident));
			stage.leave();
		}

		private double kilobytes(Stage stage, double bytes) {
			return bytes / 1024 / stage.options().scaled(this.streams);
		}

	}

	/**
	 * Clients that never read, while others receive large events as fast as possible.
	 *
	 * @param silent the number of clients that never read
	 * @param streams the number of the others
	 * @param plan the events
	 */
	record Attack(int silent, int streams, Plan plan) implements Scenario {

		@Override
		public void play(Stage stage, Measurement measurement) throws IOException {
			measurement.put(Metric.HEAP_BEFORE_MB, stage.heap() / Stage.MB);
			stage.openSilent(this.silent, BesideSilent.EVENTS_TO_FILL, this.plan.size());
			stage.open(this.streams, ALL_EVENTS);
			stage.run(this.plan.scaled(stage.options().time()), measurement);
			measurement.remove(Metric.SERVER_MICROS);
			measurement.put(Metric.HEAP_AFTER_MB, stage.heap() / Stage.MB);
			measurement.put(Metric.HEAP_BOUND_MB, stage.bound() / Stage.MB);
			stage.leave();
		}

	}

	/**
	 * Streams that are opened and closed, a thousand at a time: the memory that remains.
	 *
	 * @param times how often
	 */
	record Turnover(int times) implements Scenario {

		private static final int AT_ONCE = 1000;

		@Override
		public void play(Stage stage, Measurement measurement) throws IOException {
			for (int i = 0; i < this.times; i++) {
				if (i == this.times / 10) {
					measurement.put(Metric.HEAP_BEFORE_MB, stage.heap() / Stage.MB);
				}
				stage.open(AT_ONCE, ALL_EVENTS);
				stage.leave();
			}
			measurement.put(Metric.HEAP_AFTER_MB, stage.heap() / Stage.MB);
		}

	}

}
