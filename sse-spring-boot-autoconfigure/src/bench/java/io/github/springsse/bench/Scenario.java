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

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.bench.Streams.Outcome;

/**
 * What is done to a server that has no streams. It leaves no streams behind.
 */
interface Scenario {

	/** Fewer 4-KB events than the sockets of a client hold. */
	int EVENTS_TO_FILL = 650;

	/**
	 * Carry it out.
	 * @param measurement receives the figures
	 * @param time factor for the duration
	 * @throws Publisher.StalledException if streams wait for events in vain
	 */
	void play(Stage stage, Measurement measurement, double time) throws IOException;

	/** Clients that never read, and whose sockets are full, beside others. */
	static Scenario besideSilent(int silent, int streams, Plan plan) {
		return (stage, measurement, time) -> {
			stage.open(streams, Target.EVENTS);
			stage.run(plan.scaled(time / 2));
			double alone = stage.run(plan.scaled(time)).rate();
			stage.leave();
			stage.openBesideSilent(streams, silent, EVENTS_TO_FILL, plan.size());
			double rate = stage.run(plan.scaled(time), measurement).rate();
			measurement.put(Metric.RATE, rate);
			measurement.put(Metric.KEPT, rate / alone);
			stage.leave();
		};
	}

	/** Clients that connect at once, each with the same events behind. */
	static Scenario resuming(int streams, int missed, Target target) {
		return (stage, measurement, time) -> {
			stage.miss(missed, target);
			measurement.put(Metric.RATE, stage.resume(streams, measurement).rate());
			stage.leave();
		};
	}

	/**
	 * An unrelated stream, beside clients that resume from a pattern.
	 * @param missed the number of topics, each of which has a missed event
	 */
	static Scenario besideResuming(int streams, int missed) {
		return (stage, measurement, time) -> {
			stage.miss(missed, Target.pattern(Math.max(1, missed)));
			stage.resumeBesideOne(streams);
			Outcome outcome = stage.run(Plan.ofRate(20, 100).until(10_000, Long.MAX_VALUE), measurement);
			measurement.put(Metric.MEDIAN_MILLIS, outcome.millis(50));
			measurement.put(Metric.P99_MILLIS, outcome.millis(99));
			stage.leave();
		};
	}

	/** Streams that receive only a few events: their memory. */
	static Scenario idle(int streams) {
		Plan events = Plan.unlimited(1, 1, 100).until(Long.MAX_VALUE, 5);
		return (stage, measurement, time) -> {
			// NOTE: the first streams stay open, since Tomcat keeps the buffers of
			// connections that are closed, and others would use them
			stage.openFirst(300, events);
			double before = stage.idleHeap();
			stage.open(streams, Target.EVENTS);
			stage.run(events);
			measurement.put(Metric.HEAP_KB, (stage.idleHeap() - before) * 1024 / stage.scaled(streams));
			stage.leave();
		};
	}

	/** Clients that never read, while others receive large events as fast as possible. */
	static Scenario attack(int silent, int streams, Plan plan) {
		return (stage, measurement, time) -> {
			measurement.put(Metric.HEAP_BEFORE_MB, stage.heap());
			stage.openBesideSilent(streams, silent, EVENTS_TO_FILL, plan.size());
			stage.run(plan.scaled(time));
			measurement.put(Metric.HEAP_AFTER_MB, stage.heap());
			stage.leave();
		};
	}

	/**
	 * Streams that are opened and closed: the memory that remains.
	 * @param times how often
	 */
	static Scenario turnover(int streams, int times) {
		return (stage, measurement, time) -> {
			for (int i = 0; i < times; i++) {
				if (i == times / 10) {
					measurement.put(Metric.HEAP_BEFORE_MB, stage.heap());
				}
				stage.open(streams, Target.EVENTS);
				stage.leave();
			}
			measurement.put(Metric.HEAP_AFTER_MB, stage.heap());
		};
	}

	/**
	 * Events for streams that are all read.
	 *
	 * @param streams the number of streams
	 * @param target which events go to which stream
	 * @param crowd the number of further streams that were closed just before
	 * @param plan the events
	 */
	record Traffic(int streams, Target target, int crowd, Plan plan) implements Scenario {

		private static final int CROWDS = 8;

		private static final long MOST_WARM_UP_MILLIS = 30_000;

		/** One topic, and nothing else happens. */
		static Traffic of(int streams, Plan plan) {
			return new Traffic(streams, Target.EVENTS, 0, plan);
		}

		@Override
		public void play(Stage stage, Measurement measurement, double time) throws IOException {
			stage.open(this.streams, this.target);
			if (this.crowd > 0) {
				stage.crowd(this.crowd);
			}
			if (this.plan.kind() != null) {
				// NOTE: the first events have fewer before them to refer to
				stage.run(this.plan.until(500, Long.MAX_VALUE));
			}
			Outcome outcome = stage.run(this.plan.scaled(time), measurement);
			measurement.put(this.plan.isSteady() ? Metric.MEDIAN_MILLIS : Metric.RATE,
					this.plan.isSteady() ? outcome.millis(50) : outcome.rate());
			measurement.put(Metric.P99_MILLIS, outcome.millis(99));
			stage.leave();
		}

		/** The same traffic until there were enough deliveries, but not for ever. */
		void warmUp(Stage stage, long deliveries) throws IOException {
			stage.open(this.streams, this.target);
			stage.run(this.plan.until(MOST_WARM_UP_MILLIS, deliveries));
			stage.leave();
		}

		/**
		 * Have crowds connect and leave: the code for this runs once for each connection,
		 * and is compiled after some thousands.
		 */
		void warmUpCrowd(Stage stage, double time) throws IOException {
			for (int i = 0; i < CROWDS; i++) {
				stage.open(this.streams, this.target);
				stage.crowd(this.crowd);
				stage.run(this.plan.scaled(time / CROWDS));
				stage.leave();
			}
		}

	}

}
