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

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.webmvc.StreamAdmission;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.util.function.SingletonSupplier;

/**
 * Calls the {@code AuthorizationManager<SseSubscription>} of the application, if there is
 * one, for each topic or pattern of a stream: whenever a stream is opened or resumed, and
 * again in the checks of open streams. A manager that abstains does not grant access.
 * Denials are published as events of Spring Security. Thread-safe.
 */
public final class StreamAuthorizer implements StreamAdmission, Ordered {

	/**
	 * The order of this admission: before admissions that reserve resources, because a
	 * client that is not authorized must not be told to reconnect.
	 */
	public static final int ORDER = 0;

	private static final AuthorizationDecision DENIED = new AuthorizationDecision(false);

	private final Supplier<Optional<AuthorizationManager<SseSubscription>>> manager;

	private final AuthorizationEventPublisher events;

	private final SecurityContextHolderStrategy contexts;

	/**
	 * Create an authorizer.
	 * @param manager returns the manager, {@code null} if everything is granted; called
	 * once
	 * @param events publishes decisions
	 * @param contexts holds the authentication of the thread
	 */
	public StreamAuthorizer(Supplier<? extends @Nullable AuthorizationManager<SseSubscription>> manager,
			AuthorizationEventPublisher events, SecurityContextHolderStrategy contexts) {
		this.manager = SingletonSupplier.of(() -> Optional.ofNullable(manager.get()));
		this.events = events;
		this.contexts = contexts;
	}

	/**
	 * Return whether a manager decides.
	 * @return whether the application has an {@code AuthorizationManager} for
	 * subscriptions
	 */
	public boolean isActive() {
		return this.manager.get().isPresent();
	}

	/**
	 * {@inheritDoc}
	 * @throws AuthorizationDeniedException if the user is denied access
	 * @throws AuthenticationCredentialsNotFoundException if access is denied and the
	 * request has no authentication, not even an anonymous one
	 */
	@Override
	public void admit(DeliveredStream stream, HttpServletRequest request) {
		AuthorizationManager<SseSubscription> manager = this.manager.get().orElse(null);
		if (manager == null) {
			return;
		}
		Authentication authentication = this.contexts.getContext().getAuthentication();
		AuthorizationResult denial = denial(manager, stream.getPatterns(), authentication, request);
		if (denial != null) {
			if (authentication == null) {
				throw new AuthenticationCredentialsNotFoundException(
						"An Authentication object was not found in the SecurityContext");
			}
			throw new AuthorizationDeniedException("Access Denied", denial);
		}
	}

	/**
	 * Let Spring Security start the authentication if its filters handle the request.
	 * They set an anonymous authentication for a request without a user, just before the
	 * filter with the entry point.
	 */
	@Override
	public @Nullable RuntimeException missingUser() {
		return (this.contexts.getContext().getAuthentication() != null)
				? new InsufficientAuthenticationException("Only for authenticated users") : null;
	}

	/**
	 * Decide again about an open stream, whose request has ended. During the call, the
	 * thread has the security context of the user. The call blocks until the manager has
	 * decided, which may query a database, so the thread of a delivery loop must not call
	 * it.
	 * @param patterns the topics and patterns of the stream
	 * @param authentication the authentication of its user, as it is now
	 * @return whether all of them are still granted. If not, an event was published, and
	 * the caller should end the stream
	 * @throws RuntimeException if the manager fails for a topic and denies none of the
	 * others; this is no decision
	 */
	public boolean isGranted(Collection<TopicPattern> patterns, @Nullable Authentication authentication) {
		AuthorizationManager<SseSubscription> manager = this.manager.get().orElse(null);
		if (manager == null) {
			return true;
		}
		SecurityContext before = this.contexts.getContext();
		SecurityContext context = this.contexts.createEmptyContext();
		context.setAuthentication(authentication);
		this.contexts.setContext(context);
		try {
			return isGranted(manager, patterns, authentication);
		}
		finally {
			if (before.equals(this.contexts.createEmptyContext())) {
				this.contexts.clearContext();
			}
			else {
				this.contexts.setContext(before);
			}
		}
	}

	/**
	 * NOTE: a failure for one topic must not prevent the denial of another.
	 */
	private boolean isGranted(AuthorizationManager<SseSubscription> manager, Collection<TopicPattern> patterns,
			@Nullable Authentication authentication) {
		RuntimeException failure = null;
		for (TopicPattern pattern : patterns) {
			try {
				if (denial(manager, List.of(pattern), authentication, null) != null) {
					return false;
				}
			}
			catch (RuntimeException ex) {
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
		return true;
	}

	/**
	 * Return the first result that does not grant access, or {@code null} if all do.
	 */
	private @Nullable AuthorizationResult denial(AuthorizationManager<SseSubscription> manager,
			Collection<TopicPattern> patterns, @Nullable Authentication authentication,
			@Nullable HttpServletRequest request) {
		for (TopicPattern pattern : patterns) {
			SseSubscription subscription = SseSubscription.of(pattern, request);
			AuthorizationResult result = decide(manager, authentication, subscription);
			publish(authentication, subscription, result);
			if (!result.isGranted()) {
				return result;
			}
		}
		return null;
	}

	private static AuthorizationResult decide(AuthorizationManager<SseSubscription> manager,
			@Nullable Authentication authentication, SseSubscription subscription) {
		try {
			AuthorizationResult result = manager.authorize(() -> authentication, subscription);
			return (result != null) ? result : DENIED;
		}
		catch (AccessDeniedException ex) {
			return (ex instanceof AuthorizationResult result) ? result : DENIED;
		}
	}

	/**
	 * NOTE: the event accepts a supplier of {@code null}, if there is no authentication.
	 */
	@SuppressWarnings("NullAway")
	private void publish(@Nullable Authentication authentication, SseSubscription subscription,
			AuthorizationResult result) {
		this.events.publishAuthorizationEvent(() -> authentication, subscription, result);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

}
