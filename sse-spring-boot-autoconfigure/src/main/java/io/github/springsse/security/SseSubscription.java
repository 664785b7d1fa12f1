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

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.util.Assert;

/**
 * One topic or pattern that a client subscribes to. A bean
 * {@code AuthorizationManager<SseSubscription>} decides about it. A stream of several
 * topics has one subscription for each of them, and all must be granted. Immutable,
 * except for the request.
 * <p>
 * The thread of the request calls the manager whenever a stream is opened, including
 * resumed streams. While the stream is open, another thread may call it again, without a
 * request.
 *
 * @since 0.1.0
 */
public final class SseSubscription {

	private static final int MAX_LOGGED = 200;

	private final TopicPattern pattern;

	private final @Nullable HttpServletRequest request;

	private final Map<String, String> variables;

	private final Set<String> unbound;

	private SseSubscription(TopicPattern pattern, @Nullable HttpServletRequest request, Map<String, String> variables,
			Set<String> unbound) {
		this.pattern = pattern;
		this.request = request;
		this.variables = Map.copyOf(variables);
		this.unbound = Set.copyOf(unbound);
	}

	/**
	 * Return the subscription to a topic or pattern.
	 * @param pattern the topic or pattern
	 * @param request the request for the stream, {@code null} if there is none
	 * @return the subscription, without variables
	 */
	public static SseSubscription of(TopicPattern pattern, @Nullable HttpServletRequest request) {
		Assert.notNull(pattern, "'pattern' must not be null");
		return new SseSubscription(pattern, request, Map.of(), Set.of());
	}

	/**
	 * Return the same subscription with the variables of a rule.
	 * @param variables the values of the variables that have one
	 * @param unbound the names of the variables without a value
	 */
	SseSubscription with(Map<String, String> variables, Set<String> unbound) {
		return new SseSubscription(this.pattern, this.request, variables, unbound);
	}

	/**
	 * Return the topic or pattern.
	 * @return the pattern, which has no wildcard if it is a topic
	 */
	public TopicPattern getPattern() {
		return this.pattern;
	}

	/**
	 * Return the topic.
	 * @return the topic, or {@code null} if the client subscribes to a pattern with
	 * wildcards
	 */
	public @Nullable Topic getTopic() {
		return this.pattern.asTopic();
	}

	/**
	 * Return the request for the stream.
	 * @return the request, or {@code null} if an open stream is checked again, because
	 * its request has ended
	 */
	public @Nullable HttpServletRequest getRequest() {
		return this.request;
	}

	/**
	 * Return the variables of the rule that have a value.
	 * @return the values as in the topic, so the name of a user is
	 * {@linkplain Topic#encodeSegment encoded}; empty outside of the rules of
	 * {@link SseTopicAuthorization}
	 */
	public Map<String, String> getVariables() {
		return this.variables;
	}

	/**
	 * Return the value of a variable of the rule. A variable has no value if the client's
	 * pattern has a wildcard in its place. Access is then denied, because the rule cannot
	 * decide about topics that it does not know.
	 * @param name the name of the variable
	 * @return the value as in the topic
	 * @throws AuthorizationDeniedException if the variable has no value
	 * @throws IllegalArgumentException if the rule has no such variable
	 */
	public String getVariable(String name) {
		return findVariable(name).orElseThrow(
				() -> new AuthorizationDeniedException("Access Denied: a wildcard is in the place of a variable"));
	}

	/**
	 * Find the value of a variable of the rule.
	 * @param name the name of the variable
	 * @return the value as in the topic; empty if the client's pattern has a wildcard in
	 * its place
	 * @throws IllegalArgumentException if the rule has no such variable
	 */
	public Optional<String> findVariable(String name) {
		String value = this.variables.get(name);
		Assert.isTrue(value != null || this.unbound.contains(name), () -> "The rule has no variable '" + name + "'");
		return Optional.ofNullable(value);
	}

	@Override
	public String toString() {
		return "SseSubscription[" + LogFormatUtils.formatValue(this.pattern, MAX_LOGGED, true) + "]";
	}

}
