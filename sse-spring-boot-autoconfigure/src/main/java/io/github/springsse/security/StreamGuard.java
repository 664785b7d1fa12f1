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

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.webmvc.StreamAdmission;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Ends each stream with the token of its client, or with the session if there is no
 * token, and in any case when its user loses the account or access to a topic. For a
 * client without a user, only the rules for topics apply.
 * <p>
 * The checks go by time, by session and by user, never by stream: a tick of the timer
 * costs nothing for streams without a due check. Thread-safe.
 */
public final class StreamGuard implements StreamAdmission, AutoCloseable {

	private static final Log logger = LogFactory.getLog(StreamGuard.class);

	private static final boolean springSession = ClassUtils
		.isPresent("org.springframework.session.web.http.SessionRepositoryFilter", StreamGuard.class.getClassLoader());

	private static final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

	private final ExpirySettings settings;

	private final LongSupplier clock;

	private final Supplier<@Nullable StreamAuthorizer> authorizer;

	private final WatchedSessions sessions;

	private final @Nullable WatchedUsers users;

	/** Streams by the time at which their tokens expire. */
	private final DueQueue<GuardedStream> tokens = new DueQueue<>();

	private final GuardThreads threads = new GuardThreads();

	/** The number of checks that are running or about to run. */
	private final AtomicInteger checks = new AtomicInteger();

	private final SessionEnds ends;

	/**
	 * Create a guard.
	 * @param settings the settings
	 * @param registry returns the registry that marks sessions as expired, if there is
	 * one
	 * @param check decides whether users may keep their streams
	 * @param authorizer returns the authorizer that decides whether a user may still
	 * subscribe to the topics of a stream, if there is one; called once
	 * @param clock the time in milliseconds
	 */
	public StreamGuard(ExpirySettings settings, Supplier<@Nullable SessionRegistry> registry,
			SseAuthenticationCheck check, Supplier<@Nullable StreamAuthorizer> authorizer, LongSupplier clock) {
		this.settings = settings;
		this.authorizer = SingletonSupplier.ofNullable(authorizer);
		this.clock = clock;
		this.sessions = new WatchedSessions(settings, registry);
		this.users = (settings.recheckInterval() != null)
				? new WatchedUsers(check, this::isGranted, settings.recheckInterval().toMillis()) : null;
		this.ends = new SessionEnds(this.sessions);
	}

	/**
	 * Return the listener for logins, logouts and ends of sessions.
	 * @return the listener
	 */
	public SessionEnds sessionEnds() {
		return this.ends;
	}

	/**
	 * Return the filter that must see every request after the request has its session.
	 * @return the filter
	 */
	public Filter filter() {
		return new SessionUseFilter(this.sessions, springSession, this.settings.idleLogout(), this.clock);
	}

	/**
	 * {@inheritDoc}
	 * @throws AccessDeniedException if streams of the user have ended because of the
	 * account, and the account is still invalid
	 */
	@Override
	public void admit(DeliveredStream stream, HttpServletRequest request) {
		RequestNotes.setForStream(request);
		Principal user = request.getUserPrincipal();
		Authentication authentication = authentication(user);
		if (user == null && authentication == null) {
			checkAnonymous(stream);
			return;
		}
		if (authentication != null && this.users != null && !this.users.mayOpen(authentication)) {
			throw new AccessDeniedException("The account of the user has changed since the login");
		}
		GuardedStream guarded = GuardedStream.of(stream, (authentication != null) ? authentication : user,
				this.settings.event());
		stream.hold(() -> release(guarded));
		if (authentication != null && BearerToken.isIn(authentication)) {
			endWithToken(guarded, authentication);
		}
		else if (this.settings.withSession()) {
			endWithSession(guarded, request);
		}
		if (authentication != null && this.users != null) {
			this.users.add(guarded, authentication, this.clock.getAsLong());
		}
		this.threads.start(this::tick);
	}

	/**
	 * Check the topics of an anonymous client periodically, for which only the rules
	 * decide.
	 */
	private void checkAnonymous(DeliveredStream stream) {
		Authentication anonymous = SecurityContextHolder.getContext().getAuthentication();
		StreamAuthorizer rules = this.authorizer.get();
		if (this.users != null && anonymous != null && rules != null && rules.isActive()) {
			GuardedStream guarded = GuardedStream.of(stream, anonymous, this.settings.event());
			stream.hold(() -> release(guarded));
			this.users.add(guarded, anonymous, this.clock.getAsLong());
			this.threads.start(this::tick);
		}
	}

	private boolean isGranted(List<TopicPattern> patterns, Authentication authentication) {
		StreamAuthorizer rules = this.authorizer.get();
		return rules == null || rules.isGranted(patterns, authentication);
	}

	/**
	 * NOTE: other threads than this one have neither the request nor the security
	 * context.
	 */
	private static @Nullable Authentication authentication(@Nullable Principal user) {
		Authentication authentication = (user instanceof Authentication own) ? own
				: SecurityContextHolder.getContext().getAuthentication();
		return trust.isAnonymous(authentication) ? null : authentication;
	}

	private void endWithToken(GuardedStream stream, Authentication authentication) {
		Instant end = this.settings.withToken() ? BearerToken.end(authentication, this.settings.tokenSkew()) : null;
		if (end != null) {
			this.tokens.set(stream, end.toEpochMilli());
		}
	}

	/**
	 * NOTE: a session that ends at this moment is noticed by the next check.
	 */
	private void endWithSession(GuardedStream stream, HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		if (session == null) {
			if (RequestNotes.hadSession(request)) {
				stream.end(EndReason.SESSION);
			}
			return;
		}
		long now = this.clock.getAsLong();
		try {
			if (this.settings.idleLogout() && SessionAttributes.isIdle(session, now)) {
				// NOTE: the periodic checks may miss a client that reconnects again and
				// again
				session.invalidate();
				stream.end(EndReason.SESSION);
				return;
			}
			String key = SessionAttributes.keyFor(session, now);
			SessionStore store = springSession ? RepositorySession.of(request) : null;
			if (store != null) {
				RepositorySession.checkUsed(request);
				this.sessions.add(stream, key, session.getId(), store, session.isNew(), now);
			}
			else {
				this.sessions.add(stream, key, session.getId(), new ContainerSession(session), false, now);
			}
		}
		catch (IllegalStateException ex) {
			stream.end(EndReason.SESSION);
		}
	}

	private void release(GuardedStream stream) {
		this.tokens.remove(stream);
		this.sessions.remove(stream);
		if (this.users != null) {
			this.users.remove(stream);
		}
	}

	/**
	 * End streams whose tokens have expired, and start checks that are due, which may
	 * block.
	 */
	void tick() {
		try {
			long now = this.clock.getAsLong();
			GuardedStream expired;
			while ((expired = this.tokens.poll(now)) != null) {
				expired.end(EndReason.TOKEN);
			}
			// NOTE: if the running checks do not keep up, each tick adds one
			if (isCheckDue(now) && this.checks.get() < GuardThreads.WORKERS) {
				startCheck();
			}
		}
		catch (RuntimeException | Error ex) {
			logger.error("Watching over streams goes on after an unexpected failure", ex);
		}
	}

	/**
	 * NOTE: it may be impossible to start a thread now.
	 */
	private void startCheck() {
		this.checks.incrementAndGet();
		try {
			this.threads.execute(this::check);
		}
		catch (RuntimeException | Error ex) {
			this.checks.decrementAndGet();
			throw ex;
		}
	}

	private boolean isCheckDue(long now) {
		return this.sessions.isDue(now) || (this.users != null && this.users.isDue(now));
	}

	/**
	 * Check sessions and users alternately, until none is due.
	 */
	private void check() {
		try {
			boolean more = true;
			while (more && !this.threads.isClosed()) {
				long now = this.clock.getAsLong();
				more = this.sessions.checkOne(now);
				more |= this.users != null && this.users.checkOne(now);
			}
		}
		catch (Error ex) {
			logger.error("Watching over streams goes on after an unexpected failure", ex);
		}
		finally {
			this.checks.decrementAndGet();
		}
	}

	@Override
	public void close() {
		this.threads.close();
	}

}
