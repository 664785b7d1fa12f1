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

package io.github.springsse.testsupport;

import java.util.Arrays;

import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Security with HTTP Basic, and users whose password is {@code secret}.
 */
public final class HttpBasic {

	private HttpBasic() {
	}

	/**
	 * Build the filter chain.
	 * @param http the builder
	 * @param rules the rules for requests
	 * @return the chain
	 */
	public static SecurityFilterChain chain(HttpSecurity http,
			Customizer<AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry> rules) {
		http.authorizeHttpRequests(rules);
		http.httpBasic(Customizer.withDefaults());
		return http.build();
	}

	/**
	 * Create a user.
	 * @param name the name
	 * @param role the role
	 * @return the user
	 */
	public static UserDetails user(String name, String role) {
		return User.withUsername(name).password("{noop}secret").roles(role).build();
	}

	/**
	 * Have the application know users.
	 * @param users the users
	 * @return the bean
	 */
	public static InMemoryUserDetailsManager users(UserDetails... users) {
		return new InMemoryUserDetailsManager(Arrays.asList(users));
	}

}
