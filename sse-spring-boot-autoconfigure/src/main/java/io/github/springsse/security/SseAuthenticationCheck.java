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

import org.springframework.security.core.Authentication;

/**
 * Decides whether a user may keep open streams. Called once per
 * {@code sse.security.recheck-interval} for each user with open streams, not for each
 * stream.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SseAuthenticationCheck {

	/**
	 * Return whether an authentication is still valid. Threads of the starter call this
	 * method concurrently, and it may block them. If it throws an exception, the streams
	 * stay open, and a warning is logged.
	 * @param authentication the authentication with which a stream was opened. If a user
	 * has several streams with the same authorities, the authentication of one of them
	 * @return {@code false} to end the streams of the user with the reason
	 * {@code authorities}
	 */
	boolean isValid(Authentication authentication);

}
