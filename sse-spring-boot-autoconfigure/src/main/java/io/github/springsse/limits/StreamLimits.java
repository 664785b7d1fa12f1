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

package io.github.springsse.limits;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.webmvc.StreamAdmission;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;

/**
 * Limits the number of streams of each user, session and address, and of openings per
 * second. A stream has its place from before it is opened, and before the controller
 * method of an {@code @SseTopic} runs, until it is closed. A {@code HEAD} request opens
 * no stream and takes no place.
 * <p>
 * This admission is the last one, so a client that another admission refuses takes no
 * place and replaces no stream. Thread-safe.
 */
public final class StreamLimits implements StreamAdmission, HttpSessionIdListener, Ordered {

	private static final Log logger = LogFactory.getLog(StreamLimits.class);

	private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

	private final LimitSettings settings;

	private final KeyedPlaces places;

	private final BooleanSupplier openings;

	private final LongSupplier clock;

	private final AtomicLong loggedAt;

	/**
	 * Create limits.
	 * @param settings the limits
	 * @param clock the time, as of {@link System#nanoTime()}
	 */
	public StreamLimits(LimitSettings settings, LongSupplier clock) {
		this.settings = settings;
		this.clock = clock;
		this.loggedAt = new AtomicLong(clock.getAsLong() - LOG_INTERVAL);
		this.places = new KeyedPlaces(settings.retry(), clock);
		this.openings = (settings.openingsPerSecond() > 0)
				? new TokenBucket(settings.openingsPerSecond(), clock)::tryTake : () -> true;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void admit(DeliveredStream stream, HttpServletRequest request) {
		if (HttpMethod.HEAD.matches(request.getMethod())) {
			return;
		}
		KeyedPlaces.Place place = this.places.take(claims(request),
				this.settings.replaceOldest() ? (kind, delay) -> replace(stream, kind, delay) : null, this.openings);
		stream.hold(place::release);
	}

	private void replace(DeliveredStream stream, RefusalReason kind, Duration delay) {
		long before = this.loggedAt.get();
		long now = this.clock.getAsLong();
		if (now - before >= LOG_INTERVAL && this.loggedAt.compareAndSet(before, now)) {
			logger.warn("Replaced " + stream + " by another stream: its " + kind.name().toLowerCase(Locale.ROOT)
					+ " has reached sse.limits.streams-per-" + kind.name().toLowerCase(Locale.ROOT)
					+ ". The meter sse.streams.closed counts replaced streams with the reason 'replaced'");
		}
		stream.replace(kind, delay);
	}

	KeyedPlaces places() {
		return this.places;
	}

	private List<KeyedPlaces.Claim> claims(HttpServletRequest request) {
		List<KeyedPlaces.Claim> result = new ArrayList<>(3);
		if (this.settings.streamsPerAddress() > 0) {
			add(result, RefusalReason.ADDRESS, ClientAddress.normalize(request.getRemoteAddr()),
					this.settings.streamsPerAddress());
		}
		if (this.settings.streamsPerSession() > 0) {
			HttpSession session = request.getSession(false);
			if (session != null) {
				add(result, RefusalReason.SESSION, session.getId(), this.settings.streamsPerSession());
			}
		}
		if (this.settings.streamsPerUser() > 0) {
			Principal user = request.getUserPrincipal();
			if (user != null && user.getName() != null) {
				add(result, RefusalReason.USER, user.getName(), this.settings.streamsPerUser());
			}
		}
		return result;
	}

	private static void add(List<KeyedPlaces.Claim> claims, RefusalReason kind, String value, int limit) {
		claims.add(new KeyedPlaces.Claim(new KeyedPlaces.Key(kind, value), limit));
	}

	/**
	 * Move the streams of a session to its new id.
	 */
	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
		this.places.rename(new KeyedPlaces.Key(RefusalReason.SESSION, oldSessionId),
				new KeyedPlaces.Key(RefusalReason.SESSION, event.getSession().getId()));
	}

}
