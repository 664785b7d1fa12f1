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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import io.github.springsse.TopicPattern;
import org.junit.jupiter.api.Test;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WatchedUsers}, with a clock of their own.
 */
class WatchedUsersTests {

	private static final long INTERVAL = 60_000;

	private final List<String> checked = new ArrayList<>();

	private final Set<String> ended = new TreeSet<>();

	private final List<String> decided = new ArrayList<>();

	private Predicate<Authentication> valid = (authentication) -> true;

	private Predicate<List<TopicPattern>> granted = (patterns) -> true;

	private final WatchedUsers users = new WatchedUsers((authentication) -> {
		this.checked.add(authentication.getName());
		return this.valid.test(authentication);
	}, (patterns, authentication) -> {
		this.decided.add(patterns + " " + authentication.getName());
		return this.granted.test(patterns);
	}, INTERVAL);

	@Test
	void userIsLookedAtOnceInAnIntervalHoweverManyStreamsThereAre() {
		for (int i = 0; i < 100; i++) {
			open("ada " + i, user("ada", "USER"));
		}
		run(0, 10 * INTERVAL);
		assertThat(this.checked).hasSizeBetween(10, 12).containsOnly("ada");
		assertThat(this.ended).isEmpty();
	}

	@Test
	void userWhoIsNoLongerValidLosesAllStreamsWithTheSameAuthorities() {
		open("one", user("ada", "USER"));
		open("two", user("ada", "USER"));
		open("admin", user("ada", "ADMIN"));
		open("other", user("bob", "USER"));
		this.valid = (authentication) -> !authentication.equals(user("ada", "USER"));
		run(0, INTERVAL);
		assertThat(this.ended).containsExactly("one AUTHORITIES", "two AUTHORITIES");
		assertThat(this.users.size()).isEqualTo(2);
		this.checked.clear();
		run(INTERVAL, 2 * INTERVAL);
		assertThat(this.checked).doesNotHaveDuplicates().hasSize(2);
	}

	@Test
	void principalThatHasChangedItselfLosesItsStreams() {
		List<SimpleGrantedAuthority> authorities = new ArrayList<>(List.of(new SimpleGrantedAuthority("USER")));
		open("one", new TestingAuthenticationToken("ada", "secret") {

			@Override
			public Collection<GrantedAuthority> getAuthorities() {
				return List.copyOf(authorities);
			}

		});
		run(0, INTERVAL);
		assertThat(this.ended).isEmpty();
		authorities.clear();
		run(INTERVAL, 2 * INTERVAL);
		assertThat(this.ended).containsExactly("one AUTHORITIES");
	}

	@Test
	void streamsStayOpenWhereNothingIsKnown() {
		open("one", user("ada", "USER"));
		this.valid = (authentication) -> {
			throw new IllegalStateException("Not now");
		};
		run(0, 3 * INTERVAL);
		assertThat(this.checked).hasSizeGreaterThan(2);
		assertThat(this.ended).isEmpty();
		this.valid = (authentication) -> false;
		run(3 * INTERVAL, 4 * INTERVAL);
		assertThat(this.ended).containsExactly("one AUTHORITIES");
	}

	@Test
	void streamsOfATopicThatIsNoLongerGrantedEndAndNoOthers() {
		List<TopicPattern> loans = List.of(TopicPattern.of("loans/*"));
		for (int i = 0; i < 10; i++) {
			open("loans " + i, user("ada", "USER"), loans);
		}
		open("news", user("ada", "USER"), List.of(TopicPattern.of("news")));
		run(0, INTERVAL);
		assertThat(this.decided).hasSizeBetween(2, 4).containsOnly("[loans/*] ada", "[news] ada");
		assertThat(this.ended).isEmpty();
		this.granted = (patterns) -> !patterns.equals(loans);
		run(INTERVAL, 2 * INTERVAL);
		assertThat(this.ended).hasSize(10).allMatch((name) -> name.matches("loans \\d AUTHORITIES"));
		assertThat(this.users.size()).isEqualTo(1);
	}

	@Test
	void clientsWithoutAUserAreAskedAboutByTheirTopicsAlone() {
		Authentication anonymous = new AnonymousAuthenticationToken("key", "ada",
				AuthorityUtils.createAuthorityList("USER"));
		open("anonymous", anonymous, List.of(TopicPattern.of("news")));
		open("other", anonymous, List.of(TopicPattern.of("sport")));
		open("ada", new TestingAuthenticationToken("ada", "secret", "USER"), List.of(TopicPattern.of("news")));
		this.valid = (authentication) -> false;
		run(0, INTERVAL);
		assertThat(this.ended).containsExactly("ada AUTHORITIES");
		this.granted = (patterns) -> !patterns.equals(List.of(TopicPattern.of("news")));
		run(INTERVAL, 2 * INTERVAL);
		assertThat(this.ended).containsExactly("ada AUTHORITIES", "anonymous AUTHORITIES");
		assertThat(this.checked).hasSize(1);
	}

	@Test
	void ruleThatFailsForSomeTopicsIsAskedAboutTheOthers() {
		for (String topic : List.of("a", "b", "c", "d", "e", "f")) {
			open(topic, user("ada", "USER"), List.of(TopicPattern.of(topic)));
			open("fails " + topic, user("ada", "USER"), List.of(TopicPattern.of("fails/" + topic)));
		}
		this.granted = (patterns) -> {
			if (patterns.get(0).toString().startsWith("fails")) {
				throw new IllegalStateException("Fails");
			}
			return false;
		};
		run(0, INTERVAL);
		assertThat(this.ended).containsExactly("a AUTHORITIES", "b AUTHORITIES", "c AUTHORITIES", "d AUTHORITIES",
				"e AUTHORITIES", "f AUTHORITIES");
	}

	@Test
	void userIsForgottenWithTheLastStream() {
		GuardedStream one = open("one", user("ada", "USER"));
		GuardedStream two = open("two", user("ada", "USER"));
		this.users.remove(one);
		this.users.remove(two);
		this.users.remove(two);
		run(0, 3 * INTERVAL);
		assertThat(this.checked).isEmpty();
		assertThat(this.users.size()).isZero();
	}

	@Test
	void userWhoComesAndGoesIsLookedAtAllTheSame() {
		this.valid = (authentication) -> false;
		long step = INTERVAL / 8;
		for (long now = 0; now < 3 * INTERVAL && this.ended.isEmpty(); now += step) {
			GuardedStream stream = open("one", user("ada", "USER"), List.of(), now);
			run(now, now + step - 200);
			this.users.remove(stream);
		}
		assertThat(this.ended).containsExactly("one AUTHORITIES");
	}

	@Test
	void userWhoHasLostStreamsMayNotOpenOthersUntilValidAgain() {
		assertThat(this.users.mayOpen(user("ada", "USER"))).isTrue();
		assertThat(this.checked).isEmpty();
		GuardedStream one = open("one", user("ada", "USER"));
		open("other", user("bob", "USER"));
		this.valid = (authentication) -> !authentication.equals(user("ada", "USER"));
		run(0, INTERVAL);
		this.users.remove(one);
		this.checked.clear();
		assertThat(this.users.mayOpen(user("ada", "USER"))).isFalse();
		assertThat(this.users.mayOpen(user("ada", "USER"))).isFalse();
		assertThat(this.checked).containsExactly("ada", "ada");
		assertThat(this.users.mayOpen(user("ada", "ADMIN"))).isTrue();
		assertThat(this.users.mayOpen(user("bob", "USER"))).isTrue();
		assertThat(this.checked).hasSize(2);
		this.valid = (authentication) -> true;
		assertThat(this.users.mayOpen(user("ada", "USER"))).isTrue();
		open("two", user("ada", "USER"), List.of(), INTERVAL);
		this.checked.clear();
		assertThat(this.users.mayOpen(user("ada", "USER"))).isTrue();
		assertThat(this.checked).isEmpty();
	}

	@Test
	void usersThatHaveLeftAreForgottenInTime() {
		DepartedUsers departed = new DepartedUsers(2);
		departed.add(key("lost"), 1, true);
		departed.add(key("ada"), 2, false);
		departed.add(key("bob"), 3, false);
		departed.add(key("ada"), 4, false);
		departed.add(key("eve"), 5, false);
		assertThat(departed.remove(key("bob"))).isNull();
		assertThat(departed.remove(key("ada"))).isEqualTo(4);
		assertThat(departed.isLost(key("eve"))).isFalse();
		assertThat(departed.isLost(key("lost"))).isTrue();
		departed.add(key("ada"), 6, true);
		departed.add(key("bob"), 7, true);
		assertThat(departed.isLost(key("lost"))).isFalse();
		assertThat(departed.remove(key("bob"))).isEqualTo(7);
		assertThat(departed.isLost(key("bob"))).isFalse();
	}

	private static WatchedUser.Key key(String name) {
		return WatchedUser.Key.of(user(name, "USER"));
	}

	private static Authentication user(String name, String authority) {
		User user = new User(name, "secret", AuthorityUtils.createAuthorityList(authority));
		return new TestingAuthenticationToken(user, "secret", authority);
	}

	private GuardedStream open(String name, Authentication authentication) {
		return open(name, authentication, List.of());
	}

	private GuardedStream open(String name, Authentication authentication, List<TopicPattern> patterns) {
		return open(name, authentication, patterns, 0);
	}

	private GuardedStream open(String name, Authentication authentication, List<TopicPattern> patterns, long now) {
		GuardedStream stream = new GuardedStream(patterns, "ada", (reason) -> this.ended.add(name + " " + reason));
		this.users.add(stream, authentication, now);
		return stream;
	}

	private void run(long from, long to) {
		for (long now = from; now <= to; now += 200) {
			while (this.users.checkOne(now)) {
				// the next
			}
		}
	}

}
