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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.delivery.DeliveryStatistics;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Answers requests for streams that cannot be opened now, with a random reconnect delay
 * for each client. An {@code EventSource} stops for good after an error status, by the
 * WHATWG specification. So a request that accepts an event stream is answered with one
 * that ends. All other requests are answered with status 429 or 503 and
 * {@code Retry-After}. This includes data-only requests, whose clients take an empty
 * stream for a complete answer. If the same request would be refused again, the client is
 * told not to reconnect. Thread-safe.
 */
final class Refusal {

	private static final Log logger = LogFactory.getLog(Refusal.class);

	/** Headers that describe the body, and headers of streams. */
	private static final List<String> OF_BODY = List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_LENGTH,
			HttpHeaders.CONTENT_ENCODING, HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CONNECTION,
			HttpHeaders.CACHE_CONTROL, "X-Accel-Buffering");

	private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

	private static final int MAX_DETAIL = 300;

	private final ReconnectDelays delays;

	private final RefusalMode mode;

	private final int maxStreams;

	private final DeliveryStatistics statistics;

	private final LongSupplier clock;

	private final AtomicLong[] loggedAt = new AtomicLong[RefusalReason.values().length];

	/**
	 * Create a refusal.
	 * @param delays the reconnect delays of refused clients
	 * @param mode how clients are answered
	 * @param maxStreams number of streams that may be open at once
	 * @param statistics counts the refusals
	 * @param clock the clock, such as {@link System#nanoTime()}
	 */
	Refusal(ReconnectDelays delays, RefusalMode mode, int maxStreams, DeliveryStatistics statistics,
			LongSupplier clock) {
		this.delays = delays;
		this.mode = mode;
		this.maxStreams = maxStreams;
		this.statistics = statistics;
		this.clock = clock;
		for (int i = 0; i < this.loggedAt.length; i++) {
			this.loggedAt[i] = new AtomicLong(clock.getAsLong() - LOG_INTERVAL);
		}
	}

	/**
	 * Return the reason to refuse a stream that could not be opened: lack of memory or
	 * threads, or a rejected task, snapshot or stream. A stack overflow is a fault of the
	 * program, not a lack of resources.
	 * @param failure the failure
	 * @return the reason, or {@code null} if the failure is an ordinary error
	 */
	static @Nullable RefusalReason reasonOf(Throwable failure) {
		boolean wrapped = true;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof StreamRefusedException refused) {
				return refused.getReason();
			}
			if (cause instanceof SnapshotRefusedException) {
				return RefusalReason.SNAPSHOTS;
			}
			if (cause instanceof SnapshotTooLargeException) {
				return RefusalReason.SNAPSHOT_SIZE;
			}
			if (wrapped && ((cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError))
					|| cause instanceof RejectedExecutionException)) {
				return RefusalReason.RESOURCES;
			}
			wrapped &= cause instanceof ServletException || cause instanceof CompletionException
					|| cause instanceof ExecutionException;
		}
		return null;
	}

	/**
	 * Refuse a request.
	 * @param request the request
	 * @param response its response, which is not committed
	 * @param reason the reason
	 * @param dataOnly whether the client accepts only data and comments, and thus no
	 * reconnect delay
	 * @param cause the failure, if any
	 * @throws IOException if the client has disconnected
	 */
	void answer(HttpServletRequest request, HttpServletResponse response, RefusalReason reason, boolean dataOnly,
			@Nullable Throwable cause) throws IOException {
		this.statistics.countRefused(reason);
		log(reason, cause);
		String detail = detail(cause);
		StreamLog.notOpened(request, (detail != null) ? reason + " (" + detail + ")" : reason);
		reset(response);
		if (request.getProtocol().startsWith("HTTP/1.")) {
			// an idle connection takes memory, too
			response.setHeader(HttpHeaders.CONNECTION, "close");
		}
		if (isFinal(reason)) {
			response.sendError(status(reason));
			return;
		}
		Duration delay = isShort(reason) ? this.delays.soon() : this.delays.next();
		if (this.mode == RefusalMode.STATUS || dataOnly || !acceptsEventStream(request)) {
			response.setStatus(status(reason));
			// NOTE: whole seconds, and 0 would mean at once
			response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(delay.toSeconds() + 1));
		}
		else {
			StreamOpener.prepare(request, response);
			response.getOutputStream().write(EventStreamEncoder.retry(delay).toByteArray());
		}
		response.flushBuffer();
	}

	/**
	 * Whether the same request would be refused again.
	 */
	private static boolean isFinal(RefusalReason reason) {
		return reason == RefusalReason.TOPICS || reason == RefusalReason.SNAPSHOT_SIZE;
	}

	/**
	 * Whether another node will serve the client, or this node soon.
	 */
	private static boolean isShort(RefusalReason reason) {
		return reason == RefusalReason.SHUTDOWN || reason == RefusalReason.STARTING;
	}

	private static int status(RefusalReason reason) {
		HttpStatus status = switch (reason) {
			case USER, SESSION, ADDRESS, ADMISSION -> HttpStatus.TOO_MANY_REQUESTS;
			case TOPICS -> HttpStatus.BAD_REQUEST;
			case SNAPSHOT_SIZE -> HttpStatus.INTERNAL_SERVER_ERROR;
			case STREAMS, OPENINGS, SNAPSHOTS, RESOURCES, STARTING, SHUTDOWN -> HttpStatus.SERVICE_UNAVAILABLE;
		};
		return status.value();
	}

	/**
	 * Reset the headers of the stream and the output of the method. Headers of filters
	 * and CORS headers stay: without the CORS headers a page may not read the answer.
	 */
	private static void reset(HttpServletResponse response) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		for (String name : response.getHeaderNames()) {
			if (OF_BODY.stream().noneMatch(name::equalsIgnoreCase)) {
				headers.put(name, List.copyOf(response.getHeaders(name)));
			}
		}
		response.reset();
		headers.forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
	}

	private static boolean acceptsEventStream(HttpServletRequest request) {
		if (!HttpMethod.GET.matches(request.getMethod())) {
			return false;
		}
		List<String> accept = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
		try {
			List<MediaType> types = MediaType.parseMediaTypes(accept);
			return types.isEmpty() || (types.stream().anyMatch(Refusal::includesEventStream)
					&& types.stream().noneMatch(Refusal::excludesEventStream));
		}
		catch (InvalidMediaTypeException ex) {
			return accept.stream().anyMatch((value) -> value.contains(MediaType.TEXT_EVENT_STREAM_VALUE));
		}
	}

	private static boolean includesEventStream(MediaType type) {
		return type.getQualityValue() > 0 && type.includes(MediaType.TEXT_EVENT_STREAM);
	}

	private static boolean excludesEventStream(MediaType type) {
		return type.getQualityValue() == 0 && type.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM);
	}

	/**
	 * Log a refusal, at most once a minute for each reason, since many streams are
	 * refused together.
	 */
	private void log(RefusalReason reason, @Nullable Throwable cause) {
		AtomicLong last = this.loggedAt[reason.ordinal()];
		long before = last.get();
		long now = this.clock.getAsLong();
		String message = message(reason);
		if (message != null && now - before >= LOG_INTERVAL && last.compareAndSet(before, now)) {
			String detail = detail(cause);
			logger.warn(message + ((detail != null) ? " The last refusal: " + detail + "." : "")
					+ (isFinal(reason) ? " " : consequence()) + this.statistics.refused(reason)
					+ " so far for this reason", (reason == RefusalReason.RESOURCES) ? cause : null);
		}
	}

	private String consequence() {
		return (this.mode == RefusalMode.STATUS)
				? " Clients receive an error status, after which an EventSource stops (sse.limits.response); "
				: " Clients reconnect after a delay; ";
	}

	/**
	 * NOTE: details that clients influence may contain any characters.
	 */
	private static @Nullable String detail(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String detail = (cause instanceof StreamRefusedException refused) ? refused.getDetail()
					: (cause instanceof SnapshotTooLargeException) ? cause.getMessage() : null;
			if (detail != null) {
				return LogFormatUtils.formatValue(detail, MAX_DETAIL, true);
			}
		}
		return null;
	}

	private @Nullable String message(RefusalReason reason) {
		return switch (reason) {
			case STREAMS ->
				"A stream was refused: " + this.maxStreams + " streams are open, which is the limit. Give the "
						+ "application more memory, connections or nodes, or set sse.limits.streams.";
			case SNAPSHOTS -> "A snapshot was refused: the memory for snapshots is in use by snapshots that are being "
					+ "created or sent. Give the application more memory, or set "
					+ "sse.limits.snapshot-bytes-in-flight, or return a Supplier.";
			case RESOURCES ->
				"A stream could not be opened, since the application lacks memory, threads or file descriptors.";
			case USER -> "A stream was refused: its user has as many streams as sse.limits.streams-per-user allows.";
			case SESSION ->
				"A stream was refused: its session has as many streams as sse.limits.streams-per-session allows.";
			case ADDRESS ->
				"A stream was refused: its address has as many streams as sse.limits.streams-per-address allows. "
						+ "If this is the address of a proxy, set server.forward-headers-strategy.";
			case OPENINGS -> "A stream was refused: more streams are being opened than "
					+ "sse.limits.openings-per-second or sse.limits.concurrent-openings allow.";
			case ADMISSION -> "A stream was refused by an SseAdmission of the application.";
			case TOPICS ->
				"A stream was refused with status 400: it has more topics, or longer ones, than sse.limits allows.";
			case SNAPSHOT_SIZE ->
				"A snapshot was refused with status 500: it is larger than sse.limits.snapshot-size, and would be "
						+ "refused again. Return less data, such as one page, or raise this property.";
			case STARTING, SHUTDOWN -> null;
		};
	}

}
