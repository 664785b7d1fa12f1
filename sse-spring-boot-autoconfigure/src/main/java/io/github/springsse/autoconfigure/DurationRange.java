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

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Checks durations of properties.
 */
final class DurationRange {

	/** Longer than anyone waits, and short enough for arithmetic. */
	static final Duration LONGEST = Duration.ofDays(365);

	private DurationRange() {
	}

	/**
	 * Check a duration.
	 * @param name the name of the property
	 * @param value its value
	 * @param least the shortest valid duration
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is shorter, or longer than
	 * {@link #LONGEST}; the message contains the duration as read, since a value without
	 * a unit is often not what the user meant
	 */
	static Duration checked(String name, Duration value, Duration least) {
		if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"It must be from " + least.toMillis() + "ms to " + LONGEST.toDays() + "d, and was read as "
							+ text(value) + "; a number without a unit is in milliseconds");
		}
		return value;
	}

	private static String text(Duration value) {
		return (Math.abs(value.getSeconds()) < 60) ? value.toMillis() + "ms" : value.getSeconds() + "s";
	}

}
