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

import java.util.Locale;

import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.history.Gap;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Logs the outcome of requests for streams, at level {@code DEBUG}.
 */
final class StreamLog {

	private static final Log logger = LogFactory.getLog(StreamLog.class);

	private static final int MAX_URI = 200;

	private StreamLog() {
	}

	/**
	 * Log that a stream is opened.
	 * @param stream the stream
	 * @param user the name of the authenticated user, if any
	 * @param start where the stream begins
	 * @param snapshot whether it begins with a snapshot
	 */
	static void opened(DeliveredStream stream, @Nullable String user, StreamStart start, boolean snapshot) {
		if (logger.isDebugEnabled()) {
			logger.debug("Opened " + stream.describe(user) + ": " + describe(start, stream)
					+ (snapshot ? ", with a snapshot" : ""));
		}
	}

	/**
	 * Log that a stream is opened and waits for a shared snapshot.
	 * @param stream the stream
	 * @param user the name of the authenticated user, if any
	 * @param start where the stream begins
	 */
	static void waits(DeliveredStream stream, @Nullable String user, StreamStart start) {
		if (logger.isDebugEnabled()) {
			logger.debug("Opened " + stream.describe(user) + ": " + describe(start, stream)
					+ ", waits for a shared snapshot");
		}
	}

	private static String describe(StreamStart start, DeliveredStream stream) {
		Gap gap = start.gap();
		return switch (start.kind()) {
			case NEW -> "new";
			case RESUMED -> "resumed from " + stream.format(start.cursor());
			case GAP -> "gap" + ((gap != null) ? " (" + gap.reason().name().toLowerCase(Locale.ROOT) + ")" : "");
			case EARLY -> "before the missed events are known";
			case BEGINNING -> "from the beginning";
			case GONE -> "no longer kept";
			case ENDED -> "ended";
		};
	}

	/**
	 * Return the exception that an exception handler has handled.
	 * @param request the request
	 * @return the exception, or {@code null} if unknown
	 */
	static @Nullable Object failure(HttpServletRequest request) {
		Object resolved = request.getAttribute(DispatcherServlet.EXCEPTION_ATTRIBUTE);
		return (resolved != null) ? resolved : request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
	}

	/**
	 * Log that a request opens no stream.
	 * @param request the request
	 * @param reason the reason
	 */
	static void notOpened(HttpServletRequest request, @Nullable Object reason) {
		if (logger.isDebugEnabled()) {
			logger.debug("No stream for " + request.getMethod() + " "
					+ LogFormatUtils.formatValue(request.getRequestURI(), MAX_URI, true) + ": " + reason);
		}
	}

}
