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

package io.github.springsse.webmvc;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.delivery.DeliveryStatistics;
import io.github.springsse.delivery.RefusalReason;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Answers requests for streams that cannot be opened now, so that their clients come
 * back, each at a time of its own. By the WHATWG text an {@code EventSource} gives up for
 * good where it is answered with an error, so it is answered with an event stream that
 * ends: a request that accepts one. Others are answered with status 503 and
 * {@code Retry-After}. Thread-safe.
 */
final class Refusal {

	private static final Log logger = LogFactory.getLog(Refusal.class);

	private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

	private final Duration reconnectWithin;

	private final DeliveryStatistics statistics;

	private final LongSupplier clock;

	private final AtomicLong[] loggedAt = new AtomicLong[RefusalReason.values().length];

	/**
	 * Create a refusal.
	 * @param reconnectWithin the time over which clients are told to come back
	 * @param statistics where to count
	 * @param clock the time, as {@link System#nanoTime()} gives it
	 */
	Refusal(Duration reconnectWithin, DeliveryStatistics statistics, LongSupplier clock) {
		this.reconnectWithin = reconnectWithin;
		this.statistics = statistics;
		this.clock = clock;
		for (int i = 0; i < this.loggedAt.length; i++) {
			this.loggedAt[i] = new AtomicLong(clock.getAsLong() - LOG_INTERVAL);
		}
	}

	/**
	 * Tell for what reason a stream is refused that could not be opened.
	 * @param failure what happened
	 * @return the reason, or {@code null} if it would happen again
	 */
	static @Nullable RefusalReason reasonOf(Throwable failure) {
		if (isLackOfResources(failure) || failure instanceof RejectedExecutionException) {
			return RefusalReason.RESOURCES;
		}
		Throwable cause = failure;
		while (cause != null && !(cause instanceof SnapshotRefusedException)) {
			cause = cause.getCause();
		}
		return (cause != null) ? RefusalReason.SNAPSHOTS : null;
	}

	/**
	 * Tell whether the virtual machine lacks memory or threads. Where a stack overflows,
	 * the program has a fault.
	 */
	static boolean isLackOfResources(Throwable failure) {
		return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
	}

	/**
	 * Answer a request.
	 * @param request the request
	 * @param response its response, of which nothing has been sent
	 * @param reason why there is no stream
	 * @param dataOnly whether clients get data and comments alone, and so no time to
	 * reconnect
	 * @param cause what failed, if something did
	 * @throws IOException if the client has gone
	 */
	void answer(HttpServletRequest request, HttpServletResponse response, RefusalReason reason, boolean dataOnly,
			@Nullable Throwable cause) throws IOException {
		this.statistics.countRefused(reason);
		log(reason, cause);
		StreamLog.notOpened(request, reason);
		Duration delay = Duration.ofMillis(ThreadLocalRandom.current().nextLong(this.reconnectWithin.toMillis() + 1));
		if (request.getProtocol().startsWith("HTTP/1.")) {
			// an idle connection takes memory, too
			response.setHeader(HttpHeaders.CONNECTION, "close");
		}
		if (!acceptsEventStream(request)) {
			response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			// NOTE: whole seconds, of which 0 would mean at once
			response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(delay.toSeconds() + 1));
		}
		else {
			StreamOpener.prepare(request, response);
			if (!dataOnly) {
				response.getOutputStream().write(EventStreamEncoder.retry(delay).toByteArray());
			}
		}
		response.flushBuffer();
	}

	private static boolean acceptsEventStream(HttpServletRequest request) {
		if (!HttpMethod.GET.matches(request.getMethod())) {
			return false;
		}
		String accept = request.getHeader(HttpHeaders.ACCEPT);
		try {
			List<MediaType> types = MediaType.parseMediaTypes(accept);
			return types.isEmpty() || types.stream().anyMatch((type) -> type.includes(MediaType.TEXT_EVENT_STREAM));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/**
	 * At most once a minute for each reason: many are refused together.
	 */
	private void log(RefusalReason reason, @Nullable Throwable cause) {
		AtomicLong last = this.loggedAt[reason.ordinal()];
		long before = last.get();
		long now = this.clock.getAsLong();
		String message = message(reason);
		if (message != null && now - before >= LOG_INTERVAL && last.compareAndSet(before, now)) {
			logger.warn(message + " So far " + this.statistics.refused(reason)
					+ " streams were refused for this reason; their clients are told to come back", cause);
		}
	}

	private static @Nullable String message(RefusalReason reason) {
		return switch (reason) {
			case STREAMS -> "As many streams are open as there may be (sse.limits.streams).";
			case SNAPSHOTS -> "Snapshots take as much memory as they may (sse.limits.snapshot-bytes-in-flight): "
					+ "many are large, are made at once, or wait for slow clients.";
			case RESOURCES -> "A stream could not be opened, since the application lacks memory, threads or files.";
			case STARTING, SHUTDOWN -> null;
		};
	}

}
