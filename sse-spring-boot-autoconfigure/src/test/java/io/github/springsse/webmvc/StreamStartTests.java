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

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a stream begins on a node that has not read all of its log.
 */
class StreamStartTests {

	private static final Topic TOPIC = Topic.of("a");

	private final TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, LateLog.class);

	private final LateLog log = this.server.bean(LateLog.class);

	@AfterEach
	void close() {
		this.server.close();
	}

	/**
	 * Another node has begun the topic again, perhaps, after the end that this one knows.
	 */
	@ParameterizedTest
	@CsvSource({ "1-0,RESUMED", "1-1,ENDED", "1-2,ENDED", "1-3,RESUMED", "2-1,RESUMED" })
	void topicHasEndedOnlyForThoseWhoHaveSeenNoMoreThanThisNode(String id, StreamStart.Kind kind) {
		this.log.follower.onEntry(new EventId(1, 1), LogEntry.event(TOPIC, SseEvent.of("last"), "last"));
		this.log.follower.onEntry(new EventId(1, 2), LogEntry.end(TOPIC));
		assertThat(start(id)).isEqualTo(kind);
	}

	@Test
	void everythingIsResumedFromWhatThisNodeHasNotReadYet() {
		assertThat(start("1-7")).isEqualTo(StreamStart.Kind.RESUMED);
	}

	private StreamStart.Kind start(String id) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.addHeader("Last-Event-ID", id);
		Delivery delivery = this.server.delivery();
		return StreamStart.of(request, List.of(TopicPattern.of("a")), delivery.position(), delivery).kind();
	}

	/**
	 * A log that starts, and delivers entries, when a test calls it.
	 */
	static class LateLog implements EventLog {

		private Follower follower;

		@Override
		public EventId append(LogEntry entry) {
			throw new UnsupportedOperationException();
		}

		@Override
		public EventId head() {
			return new EventId(1, 0);
		}

		@Override
		public EventId parse(String text) {
			return EventId.parse(text);
		}

		@Override
		public String format(EventId id) {
			return id.toString();
		}

		@Override
		public Subscription follow(EventId cursor, Follower follower) {
			this.follower = follower;
			follower.onStart(head());
			return () -> {
			};
		}

	}

}
