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
import java.util.List;
import java.util.function.Supplier;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagerFactory;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.util.Assert;

/**
 * Decides by rules which clients may subscribe to which topics. The rules are evaluated
 * in order, and the first rule that matches a topic decides. If a client subscribes to a
 * pattern, every rule that matches some of its topics must grant access, up to the first
 * rule that matches all of them. If no rule matches all of them, access is denied. So a
 * pattern is never granted if access to one of its topics would be denied.
 *
 * <pre class="code">
 * &#064;Bean
 * AuthorizationManager&lt;SseSubscription&gt; topics(SseTopicAuthorization.Builder topics) {
 *     return topics.pattern("users/{user}/**").currentUserIs("user")
 *         .pattern("branches/&#42;/loans").hasRole("STAFF")
 *         .pattern("news/**").permitAll()
 *         .anyTopic().denyAll()
 *         .build();
 * }
 * </pre>
 *
 * Immutable, and so thread-safe.
 *
 * @since 0.1.0
 */
public final class SseTopicAuthorization implements AuthorizationManager<SseSubscription> {

	private static final Log logger = LogFactory.getLog(SseTopicAuthorization.class);

	private static final AuthorizationDecision DENIED = new AuthorizationDecision(false);

	private final List<Rule> rules;

	private SseTopicAuthorization(List<Rule> rules) {
		this.rules = List.copyOf(rules);
	}

	/**
	 * Return a builder of rules. With the auto-configuration, inject a {@link Builder}
	 * instead: it has the role hierarchy and the role prefix of the application.
	 * @return the builder
	 */
	public static Builder builder() {
		return builder(new DefaultAuthorizationManagerFactory<>());
	}

	/**
	 * Return a builder of rules.
	 * @param factory creates the managers for roles, authorities and authentication
	 * @return the builder
	 */
	public static Builder builder(AuthorizationManagerFactory<? super SseSubscription> factory) {
		return new Builder(factory);
	}

	@Override
	public AuthorizationResult authorize(Supplier<? extends @Nullable Authentication> authentication,
			SseSubscription subscription) {
		RulePattern pattern = RulePattern.of(subscription.getPattern());
		for (Rule rule : this.rules) {
			if (rule.pattern.intersects(pattern)) {
				AuthorizationResult result = rule.authorize(authentication, subscription, pattern);
				if (!result.isGranted()) {
					log(subscription, "by the rule '" + rule.pattern + "'");
					return result;
				}
				if (rule.pattern.covers(pattern)) {
					return result;
				}
			}
		}
		log(subscription, "because no rule matches all of its topics");
		return DENIED;
	}

	private static void log(SseSubscription subscription, String reason) {
		if (logger.isDebugEnabled()) {
			logger.debug("Denied " + subscription + " " + reason);
		}
	}

	/**
	 * A rule for the topics of a pattern.
	 */
	private record Rule(RulePattern pattern, AuthorizationManager<? super SseSubscription> manager) {

		/**
		 * NOTE: a rule that abstains does not grant access.
		 */
		AuthorizationResult authorize(Supplier<? extends @Nullable Authentication> authentication,
				SseSubscription subscription, RulePattern other) {
			try {
				AuthorizationResult result = this.manager.authorize(authentication,
						this.pattern.bind(subscription, other));
				return (result != null) ? result : DENIED;
			}
			catch (AccessDeniedException ex) {
				return (ex instanceof AuthorizationResult result) ? result : DENIED;
			}
		}

	}

	/**
	 * Collects the rules of an {@link SseTopicAuthorization}, in their order. Not
	 * thread-safe.
	 */
	public static final class Builder {

		private final AuthorizationManagerFactory<? super SseSubscription> factory;

		private final List<Rule> rules = new ArrayList<>();

		private @Nullable RulePattern undecided;

		private Builder(AuthorizationManagerFactory<? super SseSubscription> factory) {
			Assert.notNull(factory, "'factory' must not be null");
			this.factory = factory;
		}

		/**
		 * Begin a rule for the topics that match a pattern.
		 * @param pattern segments separated by <code>/</code>: {@code *} stands for one
		 * segment, a final {@code **} for all remaining segments, and a variable in
		 * braces, such as <code>{user}</code>, for one segment or a part of it
		 * @return the next step, which sets the decision of the rule
		 * @throws io.github.springsse.InvalidTopicException if the pattern is malformed
		 * @throws IllegalArgumentException if a segment has two variables, the pattern
		 * has a variable twice, or an earlier rule decides about all of its topics
		 * @throws IllegalStateException if the previous rule has no decision
		 */
		public AuthorizedTopic pattern(String pattern) {
			checkDecided();
			RulePattern added = RulePattern.ofRule(pattern);
			for (Rule rule : this.rules) {
				if (rule.pattern.covers(added)) {
					throw new IllegalArgumentException(
							"The rule for topics '" + pattern + "' can never decide: the rule '" + rule.pattern
									+ "' before it matches all of its topics. Move it before that rule, or remove it");
				}
			}
			this.undecided = added;
			return new AuthorizedTopic(this, added);
		}

		/**
		 * Begin the last rule, for all topics that no earlier rule matches. Without it,
		 * access to these topics is denied.
		 * @return the next step, which sets the decision of the rule
		 * @throws IllegalStateException if the previous rule has no decision
		 */
		public AuthorizedTopic anyTopic() {
			return pattern(TopicPattern.REST);
		}

		/**
		 * Build the manager that decides by these rules.
		 * @return the manager
		 * @throws IllegalStateException if there is no rule, or the last one has no
		 * decision
		 */
		public SseTopicAuthorization build() {
			checkDecided();
			Assert.state(!this.rules.isEmpty(), "There is no rule, so that no client could subscribe to any topic. Add "
					+ "pattern(...), or use anyTopic().denyAll()");
			return new SseTopicAuthorization(this.rules);
		}

		private void checkDecided() {
			RulePattern pattern = this.undecided;
			Assert.state(pattern == null, () -> "The rule for topics '" + pattern
					+ "' has no decision. Add one, such as hasRole(...), access(...) or denyAll()");
		}

		private void add(RulePattern pattern, AuthorizationManager<? super SseSubscription> manager) {
			Assert.state(pattern == this.undecided,
					() -> "The rule for topics '" + pattern + "' has a decision already");
			this.undecided = null;
			this.rules.add(new Rule(pattern, manager));
		}

	}

	/**
	 * Sets the decision of one rule.
	 */
	public static final class AuthorizedTopic {

		private final Builder builder;

		private final RulePattern pattern;

		private AuthorizedTopic(Builder builder, RulePattern pattern) {
			this.builder = builder;
			this.pattern = pattern;
		}

		/**
		 * Let a manager decide. The result {@code null} and an
		 * {@link AccessDeniedException} deny access.
		 * @param manager the manager; {@link SseSubscription#getVariable} returns the
		 * variables of the pattern
		 * @return the builder
		 */
		public Builder access(AuthorizationManager<? super SseSubscription> manager) {
			Assert.notNull(manager, "'manager' must not be null");
			this.builder.add(this.pattern, manager);
			return this.builder;
		}

		/**
		 * Grant access if a variable equals the name of the current user, as encoded by
		 * {@link Topic#encodeSegment}. Anonymous users are denied access, and so are
		 * patterns with a wildcard in the place of the variable.
		 * @param variable the name of the variable, without braces
		 * @return the builder
		 * @throws IllegalArgumentException if the pattern has no such variable
		 */
		public Builder currentUserIs(String variable) {
			Assert.isTrue(this.pattern.hasVariable(variable),
					() -> "The pattern '" + this.pattern + "' has no variable '" + variable + "'");
			return access(new CurrentUserAuthorizationManager(variable, this.builder.factory.authenticated()));
		}

		/**
		 * Grant access to users with a role.
		 * @param role the role, without its prefix
		 * @return the builder
		 */
		public Builder hasRole(String role) {
			return access(this.builder.factory.hasRole(role));
		}

		/**
		 * Grant access to users with one of several roles.
		 * @param roles the roles, without their prefix
		 * @return the builder
		 */
		public Builder hasAnyRole(String... roles) {
			return access(this.builder.factory.hasAnyRole(roles));
		}

		/**
		 * Grant access to users with an authority.
		 * @param authority the authority
		 * @return the builder
		 */
		public Builder hasAuthority(String authority) {
			return access(this.builder.factory.hasAuthority(authority));
		}

		/**
		 * Grant access to users with one of several authorities.
		 * @param authorities the authorities
		 * @return the builder
		 */
		public Builder hasAnyAuthority(String... authorities) {
			return access(this.builder.factory.hasAnyAuthority(authorities));
		}

		/**
		 * Grant access to users that are not anonymous.
		 * @return the builder
		 */
		public Builder authenticated() {
			return access(this.builder.factory.authenticated());
		}

		/**
		 * Grant access to all clients.
		 * @return the builder
		 */
		public Builder permitAll() {
			return access(this.builder.factory.permitAll());
		}

		/**
		 * Deny access to all clients.
		 * @return the builder
		 */
		public Builder denyAll() {
			return access(this.builder.factory.denyAll());
		}

	}

}
