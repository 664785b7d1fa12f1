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

import java.util.function.Supplier;

import io.github.springsse.InvalidTopicException;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;

/**
 * Grants access to topics in which a variable is the name of the current user.
 *
 * @param variable the name of the variable
 * @param authenticated grants access to users that are not anonymous
 */
record CurrentUserAuthorizationManager(String variable,
		AuthorizationManager<? super SseSubscription> authenticated) implements AuthorizationManager<SseSubscription> {

	@Override
	public @Nullable AuthorizationResult authorize(Supplier<? extends @Nullable Authentication> authentication,
			SseSubscription subscription) {
		AuthorizationResult result = this.authenticated.authorize(authentication, subscription);
		Authentication user = authentication.get();
		if (result == null || !result.isGranted() || user == null) {
			return result;
		}
		return new AuthorizationDecision(isSegmentOf(user.getName(), subscription.getVariable(this.variable)));
	}

	/**
	 * NOTE: some names cannot be a segment.
	 */
	private static boolean isSegmentOf(@Nullable String name, String segment) {
		try {
			return name != null && Topic.encodeSegment(name).equals(segment);
		}
		catch (InvalidTopicException ex) {
			return false;
		}
	}

}
