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

import java.util.Locale;

/**
 * Why the access of a client has ended. The client receives the reason as the data of the
 * last event.
 */
enum EndReason {

	/** The user has logged out. */
	LOGOUT,

	/** The session was invalidated, has expired, or was displaced by another session. */
	SESSION,

	/** The token has expired. */
	TOKEN,

	/**
	 * The account is disabled or deleted, its authorities have changed, or a topic is no
	 * longer granted.
	 */
	AUTHORITIES;

	String text() {
		return name().toLowerCase(Locale.ROOT);
	}

}
