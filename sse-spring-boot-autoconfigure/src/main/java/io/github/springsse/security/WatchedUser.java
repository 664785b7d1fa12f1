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

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/**
 * A user with open streams on this node. All state that changes is guarded by the lock of
 * {@link WatchedUsers}.
 */
final class WatchedUser {

	private static final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

	final Key key;

	/** The authentication of the first stream. */
	final Authentication authentication;

	final Set<GuardedStream> streams = new HashSet<>();

	/** The time of the next check. */
	long turn;

	WatchedUser(Key key, Authentication authentication) {
		this.key = key;
		this.authentication = authentication;
	}

	/**
	 * Identifies a user with authorities: of two streams with equal keys, either both may
	 * stay open or none.
	 *
	 * @param principal the name of a {@link UserDetails}, or any other principal itself
	 * @param authorities the authorities
	 * @param anonymous whether the authentication is anonymous
	 */
	record Key(Object principal, Set<String> authorities, boolean anonymous) {

		static Key of(Authentication authentication) {
			Object principal = authentication.getPrincipal();
			Set<String> authorities = new TreeSet<>();
			for (GrantedAuthority authority : authentication.getAuthorities()) {
				authorities.add(String.valueOf(authority.getAuthority()));
			}
			if (principal instanceof UserDetails user) {
				for (GrantedAuthority authority : user.getAuthorities()) {
					authorities.add("user: " + authority.getAuthority());
				}
				return new Key(user.getUsername(), Set.copyOf(authorities), trust.isAnonymous(authentication));
			}
			return new Key((principal != null) ? principal : authentication.getName(), Set.copyOf(authorities),
					trust.isAnonymous(authentication));
		}

	}

}
