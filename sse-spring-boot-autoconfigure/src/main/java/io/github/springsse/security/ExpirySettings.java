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

package io.github.springsse.security;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * When streams end early, and how.
 *
 * @param event the name of the event before the end
 * @param withSession whether streams end with the session
 * @param idleLogout whether sessions end that are open for streams alone
 * @param withToken whether streams end with the token
 * @param tokenSkew the time after its {@code exp} for which a JWT is still accepted
 * @param checkInterval the longest time between two looks at a session
 * @param recheckInterval the time between two looks at a user, {@code null} for none
 */
public record ExpirySettings(String event, boolean withSession, boolean idleLogout, boolean withToken,
		Duration tokenSkew, Duration checkInterval, @Nullable Duration recheckInterval) {

	/**
	 * Return the time from one look at a session to the next, shorter than the interval
	 * by what looking itself, and the timer, may take.
	 */
	long checkMillis() {
		return this.checkInterval.toMillis() * 9 / 10;
	}

}
