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
 * Where a stream begins, by what its client has seen before.
 *
 * @param kind what is to be sent first
 * @param cursor the last event that the client has, or is not to get
 * @param gap what is gone, if something is
 */
record StreamStart(Kind kind, EventId cursor, @Nullable Gap gap) {

	private static final String HEADER = "Last-Event-ID";

	/** For clients that cannot set headers. */
	private static final String PARAMETER = "lastEventId";

	/** No id of any log. */
	private static final String UNREADABLE = "?";

	/**
	 * What is to be sent first.
	 */
	enum Kind {

		/** The client is new: the snapshot. */
		NEW,

		/** The client has been here before, and everything it missed is kept: that. */
		RESUMED,

		/** Something that the client missed is gone: the snapshot, or the gap. */
		GAP,

		/**
		 * The client has been here before, and it is not known yet what is kept: the
		 * snapshot, or it should come back later.
		 */
		EARLY,

		/**
		 * The client is new, and gets everything that is kept from the beginning.
		 */
		BEGINNING,

		/**
		 * Nothing is kept, and nothing will come: the snapshot alone, or nothing, and the
		 * client should not come back.
		 */
		GONE,

		/**
		 * The client has all events of its topics, and these have ended: nothing, and it
		 * should not come back.
		 */
		ENDED

	}

	/**
	 * Work out where a stream begins.
	 * @param request says what the client has seen. An id that the log has not given is
	 * one of another life of the application, or no id at all: a gap, and never an error
	 * @param patterns what the stream is subscribed to
	 * @param fresh the cursor for a client that has seen nothing
	 * @param delivery knows what is kept
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
		// NOTE: of what is after its position this node does not know whether it began
		// again
		if (!seen.isAfter(delivery.position()) && delivery.histories().isComplete(seen, patterns)) {
			return new StreamStart(Kind.ENDED, seen, null);
		}
		Gap gap = delivery.histories().gapAfter(seen, patterns);
		return (gap != null) ? new StreamStart(Kind.GAP, seen, gap) : new StreamStart(Kind.RESUMED, seen, null);
	}

	/**
	 * Return where a stream begins of whose topic nothing is kept, and nothing will come.
	 */
	static StreamStart gone(EventId cursor) {
		return new StreamStart(Kind.GONE, cursor, null);
	}

	/**
	 * Tell whether the client has sent an id of this log.
	 */
	boolean isOfThisLog() {
		return this.kind == Kind.RESUMED || this.kind == Kind.ENDED
				|| (this.kind == Kind.GAP && this.gap != null && this.gap.after() != null);
	}

	/**
	 * NOTE: Tomcat throws where parameters cannot be decoded, be they ours or others.
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
