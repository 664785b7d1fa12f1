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

package io.github.springsse.webmvc;

import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * Tells a client that its request needs a user, as Spring Security does where its filters
 * handle the request: by its entry point, which may ask for a login. Otherwise with
 * status 401.
 */
final class MissingUser {

	private static final String MESSAGE = "Only for authenticated users";

	private static final boolean securityPresent = ClassUtils.isPresent(
			"org.springframework.security.core.context.SecurityContextHolder", MissingUser.class.getClassLoader());

	private MissingUser() {
	}

	/**
	 * Return the exception for a request without a user.
	 */
	static RuntimeException exception() {
		return (securityPresent && Security.isHandling()) ? Security.exception()
				: new ResponseStatusException(HttpStatus.UNAUTHORIZED, MESSAGE);
	}

	/**
	 * A class of its own, loaded only where there are those that it uses.
	 */
	private static final class Security {

		/**
		 * Tell whether the filters of Spring Security handle the request: they give one
		 * without a user an anonymous one, just before the filter that knows the entry
		 * point.
		 */
		static boolean isHandling() {
			return SecurityContextHolder.getContext().getAuthentication() != null;
		}

		static RuntimeException exception() {
			return new InsufficientAuthenticationException(MESSAGE);
		}

	}

}
