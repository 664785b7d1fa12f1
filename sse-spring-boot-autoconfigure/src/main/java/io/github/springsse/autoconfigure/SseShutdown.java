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

import io.github.springsse.delivery.Delivery;

import org.springframework.context.SmartLifecycle;

/**
 * Closes all streams when the application stops. It stops in the first phase, before the
 * web server begins to wait for requests to end, because an open stream may be such a
 * request.
 */
final class SseShutdown implements SmartLifecycle {

	private final Delivery delivery;

	private final Duration timeout;

	private volatile Runnable before = () -> {
	};

	private volatile boolean running;

	SseShutdown(Delivery delivery, Duration timeout) {
		this.delivery = delivery;
		this.timeout = timeout;
	}

	/**
	 * Set an action to run before streams are closed.
	 * @param before the action
	 */
	void before(Runnable before) {
		this.before = before;
	}

	@Override
	public void start() {
		this.delivery.accept();
		this.running = true;
	}

	@Override
	public void stop() {
		this.before.run();
		this.delivery.closeStreams(this.timeout);
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Greater than the phase of the web server's graceful shutdown.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}
