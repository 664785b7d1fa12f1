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
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;

import io.github.springsse.InvalidTopicException;
import io.github.springsse.TopicPattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SseTopicAuthorization}.
 */
class SseTopicAuthorizationTests {

	private static final Authentication ada = new TestingAuthenticationToken("ada", "", "ROLE_MEMBER");

	private static final Authentication staff = new TestingAuthenticationToken("kim", "", "ROLE_STAFF", "loans:read");

	private static final Authentication anonymous = new AnonymousAuthenticationToken("key", "ada",
			AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

	private static final SseTopicAuthorization library = SseTopicAuthorization.builder()
		.pattern("users/{user}/**")
		.currentUserIs("user")
		.pattern("branches/*/loans")
		.hasRole("STAFF")
		.pattern("branches/*/desk")
		.hasAnyRole("STAFF", "MEMBER")
		.pattern("branches/{branch}/books")
		.access((authentication,
				subscription) -> new AuthorizationDecision(subscription.getVariable("branch").equals("north")))
		.pattern("reports/loans/**")
		.hasAuthority("loans:read")
		.pattern("reports/*")
		.hasAnyAuthority("reports:read", "loans:read")
		.pattern("chat/**")
		.authenticated()
		.pattern("news/secret/**")
		.denyAll()
		.pattern("news/**")
		.permitAll()
		.anyTopic()
		.denyAll()
		.build();

	@ParameterizedTest
	@CsvSource(textBlock = """
			users/ada,            true,  false, false
			users/ada/mail,       true,  false, false
			users/ada/**,         true,  false, false
			users/ada/*/x,        true,  false, false
			users/ben/mail,       false, false, false
			users/*/mail,         false, false, false
			users/**,             false, false, false
			*/ada/mail,           false, false, false
			**,                   false, false, false
			branches/north/loans, false, true,  false
			branches/*/loans,     false, true,  false
			branches/*/desk,      true,  true,  false
			branches/*/*,         false, false, false
			branches/north/books, true,  true,  true
			branches/south/books, false, false, false
			branches/*/books,     false, false, false
			branches/north/*,     false, false, false
			reports/loans,        false, true,  false
			reports/loans/**,     false, true,  false
			reports/*,            false, true,  false
			reports/**,           false, false, false
			chat/1,               true,  true,  false
			news/today,           true,  true,  true
			news/*,               false, false, false
			news/today/*,         true,  true,  true
			news/secret,          false, false, false
			other,                false, false, false
			""")
	void decidesByRules(String pattern, boolean forAda, boolean forStaff, boolean forAnonymous) {
		assertThat(isGranted(library, ada, pattern)).isEqualTo(forAda);
		assertThat(isGranted(library, staff, pattern)).isEqualTo(forStaff);
		assertThat(isGranted(library, anonymous, pattern)).isEqualTo(forAnonymous);
	}

	@ParameterizedTest
	@CsvSource({ "a/b,users/a%2Fb/x,true", "a/b,users/a/b,false", "*,users/*/x,false", "*,users/%2A/x,true",
			"**,users/**,false", "100%,users/100%25/x,true", "100%25,users/100%25/x,false", "Ada,users/ada/x,false",
			"{user},users/%7Buser%7D/x,true", "'',users/x/x,false", "\uD800,users/x/x,false" })
	void namesOfUsersAreEncoded(String name, String pattern, boolean granted) {
		assertThat(isGranted(library, new TestingAuthenticationToken(name, "", "ROLE_MEMBER"), pattern))
			.isEqualTo(granted);
	}

	@Test
	void tellsWhatIsMissing() {
		assertThat(result(library, ada, "branches/north/loans")).isInstanceOfSatisfying(
				AuthorityAuthorizationDecision.class,
				(decision) -> assertThat(decision.getAuthorities()).extracting(Object::toString)
					.containsExactly("ROLE_STAFF"));
	}

	@Test
	void whereNoRuleMatchesAccessIsDenied() {
		SseTopicAuthorization rules = SseTopicAuthorization.builder().pattern("news").permitAll().build();
		assertThat(isGranted(rules, ada, "news")).isTrue();
		assertThat(isGranted(rules, ada, "other")).isFalse();
		assertThat(isGranted(rules, ada, "*")).isFalse();
	}

	@Test
	void managersThatAbstainOrThrowDeny() {
		SseTopicAuthorization rules = SseTopicAuthorization.builder()
			.pattern("abstains")
			.access((authentication, subscription) -> null)
			.pattern("throws")
			.access((authentication, subscription) -> {
				throw new AccessDeniedException("no");
			})
			.anyTopic()
			.permitAll()
			.build();
		assertThat(isGranted(rules, ada, "abstains")).isFalse();
		assertThat(isGranted(rules, ada, "throws")).isFalse();
		assertThat(isGranted(rules, null, "else")).isTrue();
	}

	@Test
	void usesTheFactory() {
		DefaultAuthorizationManagerFactory<Object> factory = new DefaultAuthorizationManagerFactory<>();
		factory.setRoleHierarchy(RoleHierarchyImpl.fromHierarchy("ROLE_STAFF > ROLE_MEMBER"));
		SseTopicAuthorization rules = SseTopicAuthorization.builder(factory).anyTopic().hasRole("MEMBER").build();
		assertThat(isGranted(rules, staff, "any")).isTrue();
		assertThat(isGranted(rules, anonymous, "any")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a//b", "a/**/b", "a*", "a/{b", "a/b}", "a/{}", "/a", "a/" })
	void malformedPatternsAreRefused(String pattern) {
		assertThatExceptionOfType(InvalidTopicException.class)
			.isThrownBy(() -> SseTopicAuthorization.builder().pattern(pattern));
	}

	@ParameterizedTest
	@CsvSource({ "{a}-{b},has two variables", "{a}/{a},has the variable 'a' twice",
			"{#principal.name},gets its value from the topic" })
	void variablesThatTellNothingAreRefused(String pattern, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> SseTopicAuthorization.builder().pattern(pattern))
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource({ "users/**,users/{user}", "users/{user},users/*", "a/*,a/b", "*/**,**", "**,a", "**,**", "a,a",
			"a{x},ab{x}" })
	void rulesThatCanNeverDecideAreRefused(String first, String second) {
		SseTopicAuthorization.Builder builder = SseTopicAuthorization.builder().pattern(first).permitAll();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.pattern(second))
			.withMessage("The rule for topics '" + second + "' can never decide: the rule '" + first
					+ "' before it matches all of its topics. Move it before that rule, or remove it");
	}

	@Test
	void nothingFollowsAnyTopic() {
		SseTopicAuthorization.Builder builder = SseTopicAuthorization.builder().anyTopic().denyAll();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.pattern("a"))
			.withMessageContaining("can never decide");
		assertThatIllegalArgumentException().isThrownBy(builder::anyTopic).withMessageContaining("can never decide");
	}

	@Test
	void rulesWithoutDecisionAreRefused() {
		SseTopicAuthorization.Builder builder = SseTopicAuthorization.builder();
		assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("There is no rule");
		SseTopicAuthorization.AuthorizedTopic topic = builder.pattern("a");
		assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("'a' has no decision");
		assertThatIllegalStateException().isThrownBy(() -> builder.pattern("b"))
			.withMessageContaining("'a' has no decision");
		assertThatIllegalArgumentException().isThrownBy(() -> topic.currentUserIs("user"))
			.withMessageContaining("has no variable 'user'");
		topic.permitAll();
		assertThatIllegalStateException().isThrownBy(topic::denyAll).withMessageContaining("has a decision already");
	}

	@Test
	void variablesThatARuleHasNotAreFaults() {
		SseTopicAuthorization rules = SseTopicAuthorization.builder()
			.pattern("a/{x}")
			.access((authentication,
					subscription) -> new AuthorizationDecision(subscription.findVariable("y").isPresent()))
			.build();
		assertThatIllegalArgumentException().isThrownBy(() -> isGranted(rules, ada, "a/b"))
			.withMessageContaining("no variable 'y'");
	}

	/**
	 * Random rules, and every pattern and topic of a small alphabet: what is decided is
	 * what the sets of topics say, and no pattern is granted that has a topic which is
	 * denied.
	 */
	@Test
	void neverGrantsATopicByAPatternThatItDeniesByItsName() {
		List<String> topics = TopicSets.paths(List.of("a", "b", "ab", "c"), 3);
		Map<String, BitSet> clients = TopicSets.matching(TopicSets.patterns(List.of("a", "ab", "b", "*"), 2), topics);
		List<String> ofRules = TopicSets.patterns(List.of("a", "b", "*", "{v}", "a{v}"), 2);
		Random random = new Random(14);
		int granted = 0;
		for (int round = 0; round < 500; round++) {
			Model model = Model.random(random, ofRules, topics);
			for (Map.Entry<String, BitSet> client : clients.entrySet()) {
				boolean result = isGranted(model.authorization, ada, client.getKey());
				assertThat(result).as(model + ": " + client.getKey())
					.isEqualTo(model.isGranted(client.getKey(), client.getValue()));
				if (result) {
					granted += client.getKey().contains("*") ? 1 : 0;
					client.getValue()
						.stream()
						.mapToObj(topics::get)
						.forEach((topic) -> assertThat(model.isGranted(topic))
							.as(model + ": " + client.getKey() + " has " + topic)
							.isTrue());
				}
			}
			for (String topic : topics) {
				assertThat(isGranted(model.authorization, ada, topic)).as(model + ": " + topic)
					.isEqualTo(model.isGranted(topic));
			}
		}
		assertThat(granted).as("granted patterns").isGreaterThan(500);
	}

	private static boolean isGranted(SseTopicAuthorization rules, @Nullable Authentication user, String pattern) {
		return result(rules, user, pattern).isGranted();
	}

	private static AuthorizationResult result(SseTopicAuthorization rules, @Nullable Authentication user,
			String pattern) {
		return rules.authorize(() -> user, SseSubscription.of(TopicPattern.of(pattern), null));
	}

	/**
	 * Rules, and what they mean.
	 *
	 * @param rules the rules
	 * @param authorization decides by them
	 */
	private record Model(List<ModelRule> rules, SseTopicAuthorization authorization) {

		static Model random(Random random, List<String> patterns, List<String> topics) {
			SseTopicAuthorization.Builder builder = SseTopicAuthorization.builder();
			List<ModelRule> rules = new ArrayList<>();
			int count = 1 + random.nextInt(5);
			while (rules.size() < count) {
				String pattern = patterns.get(random.nextInt(patterns.size()));
				BitSet matching = TopicSets.matching(pattern, topics);
				if (rules.stream().anyMatch((rule) -> TopicSets.contains(rule.topics, matching))) {
					count--;
					continue;
				}
				String needed = (pattern.contains("{v0}") && random.nextInt(3) > 0) ? "b" : null;
				ModelRule rule = new ModelRule(pattern, matching, random.nextInt(3) > 0, needed);
				rules.add(rule);
				builder.pattern(pattern)
					.access((authentication, subscription) -> new AuthorizationDecision(
							rule.decide((name) -> subscription.getVariable(name))));
			}
			return new Model(rules, builder.build());
		}

		boolean isGranted(String topic) {
			return this.rules.stream()
				.filter((rule) -> TopicSets.regex(rule.pattern).matcher(topic).matches())
				.findFirst()
				.map((rule) -> rule.decide((name) -> rule.value(name, topic)))
				.orElse(false);
		}

		boolean isGranted(String client, BitSet topics) {
			for (ModelRule rule : this.rules) {
				if (rule.topics.intersects(topics)) {
					if (!rule.isGranted(client)) {
						return false;
					}
					if (TopicSets.contains(rule.topics, topics)) {
						return true;
					}
				}
			}
			return false;
		}

		@Override
		public String toString() {
			return this.rules.stream()
				.map((rule) -> rule.pattern + "=" + rule.grants + ((rule.needed != null) ? "?" + rule.needed : ""))
				.toList()
				.toString();
		}

	}

	/**
	 * A rule that grants or denies, perhaps only where a variable has a value.
	 *
	 * @param pattern the pattern
	 * @param topics the topics that match it
	 * @param grants what is decided
	 * @param needed the value of the first variable, if it matters
	 */
	private record ModelRule(String pattern, BitSet topics, boolean grants, @Nullable String needed) {

		boolean decide(Function<String, @Nullable String> variables) {
			return this.grants && (this.needed == null || this.needed.equals(variables.apply("v0")));
		}

		/**
		 * NOTE: what is no wildcard in the place of the variable is its value.
		 */
		boolean isGranted(String client) {
			if (this.needed == null) {
				return this.grants;
			}
			String[] segments = this.pattern.split("/");
			String[] others = client.split("/");
			for (int i = 0; i < segments.length; i++) {
				if (segments[i].contains("{v0}")) {
					return this.grants && i < others.length
							&& others[i].equals(segments[i].replace("{v0}", this.needed));
				}
			}
			throw new AssertionError(this.pattern);
		}

		@Nullable String value(String name, String topic) {
			Matcher matcher = TopicSets.regex(this.pattern).matcher(topic);
			return matcher.matches() ? matcher.group(name) : null;
		}

	}

}
