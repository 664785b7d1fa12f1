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

package io.github.springsse.sample.card;

import io.github.springsse.sample.member.Members;
import io.github.springsse.sample.web.NotFoundException;

import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/**
 * Loads users by the numbers of their cards. Each member has a card with the id of the
 * member as its number. There is also the user {@code librarian}, who has no card.
 */
@Component
class Cards implements UserDetailsService {

	private static final String LIBRARIAN = "librarian";

	private final Members members;

	private final CardProperties properties;

	Cards(Members members, CardProperties properties) {
		this.members = members;
		this.properties = properties;
	}

	@Override
	public UserDetails loadUserByUsername(String number) {
		if (number.equals(LIBRARIAN)) {
			return User.withUsername(LIBRARIAN)
				.password("{noop}" + this.properties.librarian())
				.roles("LIBRARIAN")
				.build();
		}
		try {
			String id = this.members.member(Long.parseLong(number)).id().toString();
			return User.withUsername(id).password("{noop}" + this.properties.pin()).roles("MEMBER").build();
		}
		catch (NotFoundException | NumberFormatException ex) {
			throw new UsernameNotFoundException("There is no card '%s'".formatted(number), ex);
		}
	}

}
