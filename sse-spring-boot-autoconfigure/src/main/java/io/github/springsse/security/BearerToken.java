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
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.util.ClassUtils;

/**
 * Finds the token that authenticated a request, if OAuth 2 is on the class path.
 */
final class BearerToken {

	private static final boolean present = isPresent("org.springframework.security.oauth2.core.OAuth2Token");

	private static final boolean jwtPresent = isPresent("org.springframework.security.oauth2.jwt.Jwt");

	private BearerToken() {
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, BearerToken.class.getClassLoader());
	}

	/**
	 * Whether a token authenticated the request, and so not a session.
	 */
	static boolean isIn(Authentication authentication) {
		return present && Lookup.token(authentication) != null;
	}

	/**
	 * Return the time until which a token is accepted.
	 * @param authentication the authentication
	 * @param skew the time after its {@code exp} for which a JWT is still accepted
	 * @return the time, or {@code null} if there is no token or the token does not expire
	 */
	static @Nullable Instant end(Authentication authentication, Duration skew) {
		return present ? Lookup.end(authentication, skew) : null;
	}

	/**
	 * A separate class, which is loaded only if the classes that it uses are present.
	 */
	private static final class Lookup {

		/** The last time that fits into milliseconds. */
		private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

		/**
		 * NOTE: the token of a login with OAuth 2 does not count, since it is no
		 * credential of the request.
		 */
		static @Nullable OAuth2Token token(Authentication authentication) {
			if (authentication.getCredentials() instanceof OAuth2Token token) {
				return token;
			}
			return (authentication.getPrincipal() instanceof OAuth2Token token) ? token : null;
		}

		static @Nullable Instant end(Authentication authentication, Duration skew) {
			OAuth2Token token = token(authentication);
			Instant expiry = (token != null) ? token.getExpiresAt() : null;
			if (expiry == null) {
				return null;
			}
			Duration accepted = (jwtPresent && token instanceof Jwt) ? skew : Duration.ZERO;
			// NOTE: some tokens express "never" by an extremely late time
			return (Duration.between(expiry, LATEST).compareTo(accepted) < 0) ? null : expiry.plus(accepted);
		}

	}

}
