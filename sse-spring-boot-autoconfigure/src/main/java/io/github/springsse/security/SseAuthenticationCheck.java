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
 * Decides whether a user whose streams are open may still have them. Asked once in every
 * {@code sse.security.recheck-interval} for each user of open streams, not for each
 * stream.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SseAuthenticationCheck {

	/**
	 * Tell whether an authentication still holds. Called by a thread of the starter,
	 * which it may block; several may call it at once. Where it throws, the streams stay
	 * open, and a warning is logged.
	 * @param authentication what a stream was opened with. Of a user who has several
	 * streams with the same authorities, that of one of them
	 * @return {@code false} to end the streams of the user, with {@code authorities} as
	 * the reason
	 */
	boolean isValid(Authentication authentication);

}
