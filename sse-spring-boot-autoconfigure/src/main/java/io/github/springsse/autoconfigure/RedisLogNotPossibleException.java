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

import io.github.springsse.SseException;

/**
 * Thrown if the event log is configured to be in Redis and cannot be there.
 */
class RedisLogNotPossibleException extends SseException {

	private final String action;

	RedisLogNotPossibleException(String description, String action) {
		super("The event log cannot be in Redis: " + description, null);
		this.action = action;
	}

	/**
	 * Return the exception for an application that requires a log in Redis but has none.
	 * @param driverPresent whether the classes of Spring Data Redis and Lettuce are
	 * present
	 */
	static RedisLogNotPossibleException because(boolean driverPresent) {
		String otherwise = ", or set sse.event-log to memory: then an event reaches only the streams of the node that it was "
				+ "published on";
		return driverPresent
				? new RedisLogNotPossibleException(
						"sse.event-log is redis, but there is no single RedisConnectionFactory",
						"Define one bean of that type, or mark one as primary" + otherwise)
				: new RedisLogNotPossibleException(
						"sse.event-log is redis, but Spring Data Redis is not on the class path",
						"Add spring-boot-starter-data-redis" + otherwise);
	}

	String getAction() {
		return this.action;
	}

}
