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

package io.github.springsse.actuate;

import java.time.Duration;

import io.github.springsse.log.EventLogStatus;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of an event log outside of this process: {@code DOWN} while it is unreachable.
 * Does not wait for the log.
 *
 * @since 0.1.0
 */
public final class EventLogHealthIndicator extends AbstractHealthIndicator {

	private final EventLogStatus status;

	/**
	 * Create an indicator.
	 * @param status the status of the log
	 */
	public EventLogHealthIndicator(EventLogStatus status) {
		super("The status of the event log could not be read");
		this.status = status;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Duration unreachable = this.status.unreachableFor();
		builder.status(unreachable.isZero() ? "UP" : "DOWN")
			.withDetail("log", this.status.describe())
			.withDetail("unreachableForMillis", unreachable.toMillis())
			.withDetail("lagMillis", this.status.lag().toMillis())
			.withDetail("buffered", this.status.buffered())
			.withDetail("losses", this.status.losses());
	}

}
