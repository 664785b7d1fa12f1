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
 * Settings for the end of streams with their session, token or account.
 *
 * @param event the name of the event that is sent before the end
 * @param withSession whether streams end with the session
 * @param idleLogout whether a session ends if only streams use it for its timeout
 * @param withToken whether streams end with the token
 * @param tokenSkew the time after its {@code exp} for which a JWT is still accepted
 * @param checkInterval the maximum time between two checks of a session
 * @param recheckInterval the time between two checks of a user, {@code null} for no
 * checks
 */
public record ExpirySettings(String event, boolean withSession, boolean idleLogout, boolean withToken,
		Duration tokenSkew, Duration checkInterval, @Nullable Duration recheckInterval) {

	/**
	 * Return the time between two checks of a session. It is shorter than the interval,
	 * because the check and the timer take time too.
	 */
	long checkMillis() {
		return this.checkInterval.toMillis() * 9 / 10;
	}

}
