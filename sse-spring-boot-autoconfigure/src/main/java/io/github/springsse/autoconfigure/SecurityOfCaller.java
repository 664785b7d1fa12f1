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

import java.util.function.Supplier;

import io.github.springsse.answer.CallerContext;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Propagates the authentication of the publisher of a source: the authentication and not
 * its context, because a logout clears the context.
 */
final class SecurityOfCaller implements CallerContext {

	private final Supplier<SecurityContextHolderStrategy> strategy;

	SecurityOfCaller(Supplier<SecurityContextHolderStrategy> strategy) {
		this.strategy = strategy;
	}

	@Override
	public Captured capture() {
		SecurityContextHolderStrategy holder = this.strategy.get();
		Authentication authentication = holder.getContext().getAuthentication();
		return () -> {
			SecurityContext context = holder.createEmptyContext();
			context.setAuthentication(authentication);
			holder.setContext(context);
			return holder::clearContext;
		};
	}

}
