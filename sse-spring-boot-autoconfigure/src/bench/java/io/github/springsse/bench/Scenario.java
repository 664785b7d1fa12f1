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

	/** Carry it out, with a factor for the duration. */
	void play(Stage stage, Measurement measurement, double time) throws IOException;

	/** Clients that never read, and whose sockets are full, beside others. */
	static Scenario besideSilent(int silent, int streams, Plan plan) {
		return (stage, measurement, time) -> {
			stage.open(streams, Target.EVENTS);
			stage.run(plan.scaled(time / 2));
			double alone = stage.run(plan.scaled(time)).rate();
			stage.leave();
			stage.openSilent(stage.scaled(silent), EVENTS_TO_FILL, plan.size());
			stage.open(streams, Target.EVENTS);
			measurement.put(Metric.KEPT, stage.run(plan.scaled(time), measurement).rate() / alone);
			stage.leave();
		};
	}

	/** Clients that connect at once, each with the same events behind. */
	static Scenario resuming(int streams, int missed, Target target) {
		return (stage, measurement, time) -> {
			stage.miss(missed, target);
			stage.resume(streams, measurement);
			stage.leave();
		};
	}

	/** An unrelated stream, beside clients that have missed an event of many topics. */
	static Scenario besideResuming(int streams, int missed) {
		return (stage, measurement, time) -> {
			stage.miss(missed, new Target(Target.Kind.PATTERN, Math.max(1, missed)));
			stage.resumeBesideOne(streams);
			stage.run(Plan.ofRate(20, 100).until(10_000, Long.MAX_VALUE), measurement);
			stage.leave();
		};
	}

	/** Streams that receive only a few events: their memory. */
	static Scenario idle(int streams) {
		return (stage, measurement, time) -> {
			double before = stage.idleHeapOfFirst();
			stage.open(streams, Target.EVENTS);
			stage.run(Plan.unlimited(1, 1, 100).until(Long.MAX_VALUE, 5));
			measurement.put(Metric.HEAP_KB, (stage.idleHeap() - before) * 1024 / stage.scaled(streams));
			stage.leave();
		};
	}

	/** The same with TLS. The server is not used any more. */
	static Scenario idleTls(int streams) {
		return (stage, measurement, time) -> {
			double before = stage.idleHeapOfFirst();
			stage.openSilent(stage.scaled(streams), 5, 100);
			measurement.put(Metric.HEAP_KB, (stage.idleHeap() - before) * 1024 / stage.scaled(streams));
		};
	}

	/** Clients that never read, while others receive large events as fast as possible. */
	static Scenario attack(int silent, int streams, Plan plan) {
		return (stage, measurement, time) -> {
			measurement.put(Metric.HEAP_BEFORE_MB, stage.heap());
			stage.openSilent(stage.scaled(silent), EVENTS_TO_FILL, plan.size());
			stage.open(streams, Target.EVENTS);
			stage.run(plan.scaled(time));
			measurement.put(Metric.HEAP_AFTER_MB, stage.heap());
			stage.leave();
		};
	}

	/** Streams that are opened and closed many times: the memory that remains. */
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

	/** Ordinary requests, one after the other, over one connection. */
	static Scenario ordinary(String path, int requests) {
		return (stage, measurement, time) -> {
			int count = Math.max(1, (int) (time * requests));
			stage.measure(() -> {
				long start = System.nanoTime();
				long bytes = 0;
				for (int i = 0; i < count; i++) {
					bytes += OrdinaryRequests.send(stage.port(), path, true);
				}
				return new Outcome(count, System.nanoTime() - start, 0, bytes, new long[0]);
			}, measurement);
		};
	}

	/**
	 * Events for streams that are all read.
	 *
	 * @param crowd the number of further streams that were closed just before
	 */
	record Traffic(int streams, Target target, int crowd, Plan plan) implements Scenario {

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
			stage.run(this.plan.scaled(time), measurement);
			stage.leave();
		}

		/** The same traffic until there were enough deliveries, but not for ever. */
		void warmUp(Stage stage, long deliveries) throws IOException {
			stage.open(this.streams, this.target);
			stage.run(this.plan.until(30_000, deliveries));
			stage.leave();
		}

	}

}
