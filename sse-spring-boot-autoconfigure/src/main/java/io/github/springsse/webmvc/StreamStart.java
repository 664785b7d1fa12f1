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

import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.history.Gap;
import io.github.springsse.log.EventId;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Where a stream begins, depending on the last event id of the client.
 *
 * @param kind the kind of beginning
 * @param cursor the last event that the client has or does not receive
 * @param gap the lost events, if any
 */
record StreamStart(Kind kind, EventId cursor, @Nullable Gap gap) {

	private static final String HEADER = "Last-Event-ID";

	/** For clients that cannot set headers. */
	private static final String PARAMETER = "lastEventId";

	/** An id that no log assigns. */
	private static final String UNREADABLE = "?";

	/**
	 * The kinds of beginning.
	 */
	enum Kind {

		/** The client is new and receives the snapshot. */
		NEW,

		/**
		 * The client reconnects, and receives the events that it missed; all are kept.
		 */
		RESUMED,

		/** Some missed events are lost. The client receives the snapshot, or the gap. */
		GAP,

		/**
		 * The client reconnects, and this node does not know yet which events are kept.
		 * The client receives the snapshot, or reconnects later.
		 */
		EARLY,

		/**
		 * The client receives all kept events from the beginning.
		 */
		BEGINNING,

		/**
		 * No events are kept, and none will follow. The client receives at most the
		 * snapshot, and should not reconnect.
		 */
		GONE,

		/**
		 * The topics have ended, and the client has all their events. It receives
		 * nothing, and should not reconnect.
		 */
		ENDED

	}

	/**
	 * Determine where a stream begins.
	 * @param request the request with the last event id. An id that this log has not
	 * assigned, from another generation of the log or malformed, results in a gap, never
	 * in an error
	 * @param patterns the topics and patterns of the stream
	 * @param fresh the cursor for a client without an id
	 * @param delivery provides the history
	 * @return where the stream begins
	 */
	static StreamStart of(HttpServletRequest request, List<TopicPattern> patterns, EventId fresh, Delivery delivery) {
		String text = request.getHeader(HEADER);
		text = StringUtils.hasText(text) ? text : parameter(request);
		if (!StringUtils.hasText(text)) {
			return new StreamStart(Kind.NEW, fresh, null);
		}
		if (!delivery.isStarted()) {
			return new StreamStart(Kind.EARLY, fresh, null);
		}
		EventId seen = delivery.parse(text);
		if (seen == null) {
			List<String> topics = patterns.stream().map(TopicPattern::toString).toList();
			return new StreamStart(Kind.GAP, fresh, Gap.somewhere(topics, Gap.Reason.RESTARTED));
		}
		// NOTE: for an id after its position, this node does not know whether a topic
		// began again
		if (!seen.isAfter(delivery.position()) && delivery.histories().isComplete(seen, patterns)) {
			return new StreamStart(Kind.ENDED, seen, null);
		}
		Gap gap = delivery.histories().gapAfter(seen, patterns);
		return (gap != null) ? new StreamStart(Kind.GAP, seen, gap) : new StreamStart(Kind.RESUMED, seen, null);
	}

	/**
	 * Return where a stream begins if no events of its topic are kept, and none will
	 * follow.
	 */
	static StreamStart gone(EventId cursor) {
		return new StreamStart(Kind.GONE, cursor, null);
	}

	/**
	 * Whether the client has sent an id of this log.
	 */
	boolean isOfThisLog() {
		return this.kind == Kind.RESUMED || this.kind == Kind.ENDED
				|| (this.kind == Kind.GAP && this.gap != null && this.gap.after() != null);
	}

	/**
	 * NOTE: Tomcat throws an exception if any parameter cannot be decoded, also another
	 * one.
	 */
	private static @Nullable String parameter(HttpServletRequest request) {
		try {
			return request.getParameter(PARAMETER);
		}
		catch (IllegalStateException ex) {
			return UNREADABLE;
		}
	}

}
