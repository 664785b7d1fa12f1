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

import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A rule of the application that decides whether a request may open a stream now, such as
 * a rate limiter or the plan of a tenant. All beans of this type are called in their
 * order, on the thread of the request: before a controller method with {@code @SseTopic}
 * runs, and before any other stream is opened. They are also called for a stream that
 * resumes. The total number of streams is checked before these rules, all other limits of
 * {@code sse.limits} after them.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SseAdmission {

	/**
	 * Decide whether a request may open a stream. May block: only this request waits.
	 * @param topics the topics and patterns of the stream
	 * @param user the name of the authenticated user, or {@code null} if there is none
	 * @param request the request
	 * @return the decision
	 * @throws Exception if the request is to be answered as if the controller method had
	 * thrown this exception
	 */
	Decision decide(List<String> topics, @Nullable String user, HttpServletRequest request) throws Exception;

	/**
	 * The decision about a request. Immutable.
	 */
	final class Decision {

		private static final Decision ADMITTED = new Decision(null, false, null);

		private final @Nullable String reason;

		private final boolean retry;

		private final @Nullable Runnable release;

		private Decision(@Nullable String reason, boolean retry, @Nullable Runnable release) {
			this.reason = reason;
			this.retry = retry;
			this.release = release;
		}

		/**
		 * Admit the stream.
		 * @return the decision
		 */
		public static Decision admit() {
			return ADMITTED;
		}

		/**
		 * Admit the stream, and release a resource when the stream is closed or, for
		 * another reason, not opened.
		 * @param release called once, on a thread that may block
		 * @return the decision
		 */
		public static Decision admit(Runnable release) {
			Assert.notNull(release, "'release' must not be null");
			return new Decision(null, false, release);
		}

		/**
		 * Refuse the stream for now: the client is told to reconnect later.
		 * @param reason the reason, for the log
		 * @return the decision
		 */
		public static Decision refuse(String reason) {
			Assert.hasText(reason, "'reason' must not be empty");
			return new Decision(reason, true, null);
		}

		/**
		 * Refuse the stream for good: the client receives status 403, and an
		 * {@code EventSource} does not reconnect.
		 * @param reason the reason, for the log
		 * @return the decision
		 */
		public static Decision deny(String reason) {
			Assert.hasText(reason, "'reason' must not be empty");
			return new Decision(reason, false, null);
		}

		@Nullable String reason() {
			return this.reason;
		}

		boolean isRetry() {
			return this.retry;
		}

		@Nullable Runnable release() {
			return this.release;
		}

	}

}
