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

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * Loads users again. An account that was deleted, disabled or locked, has expired, or has
 * other authorities is no longer valid. A principal that is not a {@link UserDetails}, or
 * for which there is no {@link UserDetailsService}, is valid.
 */
public final class UserDetailsCheck implements SseAuthenticationCheck {

	private final Supplier<@Nullable UserDetailsService> users;

	/**
	 * Create a check.
	 * @param users returns the service that loads users, if there is one; called at each
	 * check
	 */
	public UserDetailsCheck(Supplier<@Nullable UserDetailsService> users) {
		this.users = users;
	}

	@Override
	public boolean isValid(Authentication authentication) {
		UserDetailsService service = this.users.get();
		if (service == null || !(authentication.getPrincipal() instanceof UserDetails before)) {
			return true;
		}
		try {
			UserDetails now = service.loadUserByUsername(before.getUsername());
			return now != null && now.isEnabled() && now.isAccountNonLocked() && now.isAccountNonExpired()
					&& now.isCredentialsNonExpired() && authorities(now).equals(authorities(before));
		}
		catch (UsernameNotFoundException ex) {
			return false;
		}
	}

	private static Set<@Nullable String> authorities(UserDetails user) {
		return user.getAuthorities().stream().map(GrantedAuthority::getAuthority).collect(Collectors.toSet());
	}

}
