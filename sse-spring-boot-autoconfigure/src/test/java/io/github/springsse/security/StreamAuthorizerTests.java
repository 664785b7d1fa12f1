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

import java.util.List;

import io.github.springsse.TopicPattern;
import org.junit.jupiter.api.Test;

import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.SpringAuthorizationEventPublisher;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link StreamAuthorizer} with open streams.
 */
class StreamAuthorizerTests {

	private static final Authentication ADA = new TestingAuthenticationToken("ada", "secret", "USER");

	private final StreamAuthorizer authorizer = new StreamAuthorizer(() -> (authentication, subscription) -> {
		String topic = subscription.getPattern().toString();
		if (topic.equals("fails")) {
			throw new IllegalStateException("Fails");
		}
		return new AuthorizationDecision(
				topic.equals("granted") && SecurityContextHolder.getContext().getAuthentication() == ADA);
	}, new SpringAuthorizationEventPublisher((event) -> {
	}), SecurityContextHolder.getContextHolderStrategy());

	@Test
	void ruleThatFailsForOneTopicDoesNotGrantAnother() {
		assertThat(isGranted("granted")).isTrue();
		assertThat(isGranted("granted", "denied")).isFalse();
		assertThat(isGranted("fails", "denied")).isFalse();
		assertThat(isGranted("denied", "fails")).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> isGranted("granted", "fails")).withMessage("Fails");
		assertThatIllegalStateException().isThrownBy(() -> isGranted("fails", "granted")).withMessage("Fails");
		assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
	}

	private boolean isGranted(String... topics) {
		return this.authorizer.isGranted(List.of(topics).stream().map(TopicPattern::of).toList(), ADA);
	}

}
