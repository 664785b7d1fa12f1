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

package io.github.springsse.autoconfigure;

import java.util.Locale;
import java.util.function.Supplier;

import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.answer.CallerContext;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Propagates the context that Micrometer's context propagation captures, such as the
 * trace of a request, and observes the source.
 * <p>
 * The source runs in an observation of its own, because the observation of the request
 * ends before the source does. It refers to the request object, which a server reuses for
 * another request, or which would stay in memory as long as the source runs.
 */
final class PropagatedContext implements CallerContext {

	/** The name of the observation, and of its timer. */
	static final String OBSERVATION = "sse.answer";

	private final ContextSnapshotFactory factory;

	private final Supplier<ObservationRegistry> registry;

	PropagatedContext(ContextSnapshotFactory factory, Supplier<ObservationRegistry> registry) {
		this.factory = factory;
		this.registry = registry;
	}

	@Override
	public Captured capture() {
		return new CapturedSnapshot(this.factory.captureAll());
	}

	private final class CapturedSnapshot implements Captured {

		private volatile ContextSnapshot snapshot;

		private volatile @Nullable Observation observation;

		CapturedSnapshot(ContextSnapshot snapshot) {
			this.snapshot = snapshot;
		}

		@Override
		public Scope open() {
			ContextSnapshot.Scope scope = this.snapshot.setThreadLocals();
			return scope::close;
		}

		@Override
		public void begin(String topic) {
			try (Scope caller = open()) {
				Observation answer = Observation.createNotStarted(OBSERVATION, PropagatedContext.this.registry.get())
					.highCardinalityKeyValue("topic", topic);
				if (answer.isNoop()) {
					return;
				}
				// NOTE: if one handler fails, others have started
				this.observation = answer;
				answer.start();
				// NOTE: handlers need the parent, the observation of the request, only
				// when the observation starts
				answer.getContext().setParentObservation(null);
				try (Observation.Scope scope = answer.openScope()) {
					this.snapshot = PropagatedContext.this.factory.captureAll();
				}
			}
		}

		@Override
		public void end(SseAnswerOutcome outcome, @Nullable Throwable cause) {
			Observation answer = this.observation;
			if (answer == null) {
				return;
			}
			answer.lowCardinalityKeyValue("outcome", outcome.name().toLowerCase(Locale.ROOT));
			try {
				if (cause != null) {
					answer.error(cause);
				}
			}
			finally {
				answer.stop();
			}
		}

	}

}
