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

package io.github.springsse.sample.member;

import java.security.Principal;
import java.util.List;

import io.github.springsse.sample.web.NotFoundException;

import org.springframework.stereotype.Service;

/**
 * The members of the library, who may borrow.
 *
 * @since 0.1.0
 */
@Service
public class Members {

	private final MemberRepository members;

	Members(MemberRepository members) {
		this.members = members;
	}

	/**
	 * Return all members.
	 * @return the members by name
	 */
	public List<Member> all() {
		return this.members.findAllByOrderByName();
	}

	/**
	 * Return a member.
	 * @param id the id of the member
	 * @return the member
	 * @throws NotFoundException if there is no such member
	 */
	public Member member(long id) {
		return this.members.findById(id)
			.orElseThrow(() -> new NotFoundException("There is no member %d".formatted(id)));
	}

	/**
	 * Return the member who has signed in.
	 * @param user the user, whose name is the number of a card
	 * @return the member
	 */
	public Member member(Principal user) {
		return member(Long.parseLong(user.getName()));
	}

}
