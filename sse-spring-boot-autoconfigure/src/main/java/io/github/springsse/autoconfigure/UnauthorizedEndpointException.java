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

package io.github.springsse.autoconfigure;

import io.github.springsse.SseException;

/**
 * Thrown if an endpoint lets clients choose topics without authorization.
 */
class UnauthorizedEndpointException extends SseException {

	private final String property;

	private final String action;

	UnauthorizedEndpointException(String property, String path, String fault, String action) {
		super("Clients may choose topics at '" + path + "' (" + property + "), but " + fault
				+ ", so that anyone could subscribe to every topic", null);
		this.property = property;
		this.action = action;
	}

	String getAction() {
		return this.action + ", for example a method that is annotated with @Bean, has the parameter "
				+ "'SseTopicAuthorization.Builder topics', and returns 'topics.pattern(\"users/{user}/**\")"
				+ ".currentUserIs(\"user\").anyTopic().denyAll().build()' as AuthorizationManager<SseSubscription>; "
				+ "or remove " + this.property;
	}

}
