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

import java.time.Duration;

import io.github.springsse.answer.AnswerEngine;

import org.springframework.context.SmartLifecycle;

/**
 * Gives sources time to end when the application stops, and interrupts sources that have
 * not ended. It stops in the first phase and before streams are closed, so that clients
 * receive the ends.
 */
final class SseAnswersShutdown implements SmartLifecycle {

	private final AnswerEngine engine;

	private final Duration timeout;

	private volatile boolean running;

	SseAnswersShutdown(AnswerEngine engine, Duration timeout) {
		this.engine = engine;
		this.timeout = timeout;
	}

	@Override
	public void start() {
		this.engine.accept();
		this.running = true;
	}

	/**
	 * NOTE: {@link SseShutdown} calls this method too, before or after the context does;
	 * the second call has no effect.
	 */
	@Override
	public void stop() {
		this.engine.stop(this.timeout);
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}
