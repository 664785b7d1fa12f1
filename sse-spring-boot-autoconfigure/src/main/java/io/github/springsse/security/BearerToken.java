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
 * The token that a request was let in with, where OAuth 2 is on the class path.
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
	 * Tell whether a request was let in with a token, and so by no session.
	 */
	static boolean isIn(Authentication authentication) {
		return present && Lookup.token(authentication) != null;
	}

	/**
	 * Return until when a token lets a client in.
	 * @param authentication the authentication
	 * @param skew the time after its {@code exp} for which a JWT is still accepted
	 * @return the time, or {@code null} if there is no token, or it does not expire
	 */
	static @Nullable Instant end(Authentication authentication, Duration skew) {
		return present ? Lookup.end(authentication, skew) : null;
	}

	/**
	 * A class of its own, loaded only where there are those that it uses.
	 */
	private static final class Lookup {

		/** The last time that can be told in milliseconds. */
		private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

		/**
		 * NOTE: not that of a login by OAuth 2, which is no credential of the request.
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
			// NOTE: there are tokens that say "never" by a time beyond all others
			return (Duration.between(expiry, LATEST).compareTo(accepted) < 0) ? null : expiry.plus(accepted);
		}

	}

}
