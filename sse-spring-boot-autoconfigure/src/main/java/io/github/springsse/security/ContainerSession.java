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

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.session.SessionRegistry;

/**
 * A session of the servlet container, which exists on this node only. Its methods throw
 * an {@code IllegalStateException} after its end.
 */
final class ContainerSession implements SessionStore {

	private final HttpSession session;

	ContainerSession(HttpSession session) {
		this.session = session;
	}

	@Override
	public @Nullable State look(String id) {
		try {
			return new State(this.session.getId(), this.session.getMaxInactiveInterval() * 1000L,
					SessionAttributes.activity(this.session::getAttribute), false);
		}
		catch (IllegalStateException ex) {
			return null;
		}
	}

	@Override
	public void invalidate(String id) {
		try {
			this.session.invalidate();
		}
		catch (IllegalStateException ex) {
			// it has ended already
		}
	}

	@Override
	public boolean isBehind(SessionRegistry registry) {
		return false;
	}

}
