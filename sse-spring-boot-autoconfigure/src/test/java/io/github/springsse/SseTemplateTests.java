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

package io.github.springsse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.MockLogs;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link SseTemplate}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SseTemplateTests {

	private final EventLog log = MockLogs.newLog();

	private final List<LogEntry> appended = new ArrayList<>();

	private final SseTemplate template = new SseTemplate(this.log, (data) -> "json:" + data);

	@Test
	void whatIsTooLargeIsRefusedBeforeItReachesTheLog() {
		this.template.setMaxEventSize(DataSize.ofBytes(9));
		assertThatNoException().isThrownBy(() -> this.template.publish("a", "123456789"));
		assertThatNoException().isThrownBy(() -> this.template.publish("a", "\u65E5\u65E5\u65E5"));
		assertThatNoException().isThrownBy(() -> this.template.publish("a", "\uD83D\uDCDA\uD83D\uDCDAx"));
		for (Object data : List.of("1234567890", "\u65E5\u65E5\u65E51", "\uD83D\uDCDA\uD83D\uDCDAx1", 12345)) {
			assertThatExceptionOfType(InvalidSseDataException.class).isThrownBy(() -> this.template.publish("a", data))
				.withMessageContaining("topic 'a'")
				.withMessageContaining("increase sse.limits.event-size");
		}
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> this.template.immediately().publish("a", "1234567890"));
		then(this.log).should(times(3)).append(any());
	}

	@Test
	void topicThatIsTooLongIsRefused() {
		this.template.setMaxTopicLength(5);
		assertThatNoException().isThrownBy(() -> this.template.publish("12345", "x"));
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> this.template.publish("123456", "x"))
			.withMessageContaining("more than 5 characters (sse.limits.topic-length)");
	}

	SseTemplateTests() {
		given(this.log.append(any())).willAnswer((invocation) -> {
			this.appended.add(invocation.getArgument(0));
			return new EventId(36, this.appended.size());
		});
		given(this.log.format(any())).willAnswer((invocation) -> "id of " + invocation.getArgument(0));
	}

	@Test
	void appendsStringsAsTheyAreAndReturnsTheId() {
		assertThat(this.template.publish("a/b", "line\nline")).isEqualTo("id of 10-1");
		assertThat(this.template.publish("a/b", "second")).isEqualTo("id of 10-2");
		assertThat(this.appended).containsExactly(entry("a/b", null, null, "line\nline"),
				entry("a/b", null, null, "second"));
	}

	@Test
	void tellsTheLogOfEachEventAtTrace(CapturedOutput output) {
		Logger logger = (Logger) LoggerFactory.getLogger(SseTemplate.class);
		this.template.publish("silent", "secret");
		logger.setLevel(Level.TRACE);
		try {
			this.template.publish("a/b", SseEvent.of("named", "secret"));
			this.template.publish("a/c", "secret");
			this.template.complete("a/d");
			new SseTemplate(this.log, Object::toString, (publication) -> true).publish("a/e", "secret");
		}
		finally {
			logger.setLevel(null);
		}
		assertThat(output)
			.contains("Publish 'named' to 'a/b'" + System.lineSeparator(), "Publish an event without a name to 'a/c'",
					"Complete 'a/d'", "Publish an event without a name to 'a/e', held back")
			.doesNotContain("silent", "secret");
	}

	@Test
	void encodesObjects() {
		this.template.publish("a", Map.of("x", 1));
		this.template.publish("a", SseEvent.of("named", 2).withKey("key"));
		assertThat(this.appended).containsExactly(entry("a", null, null, "json:{x=1}"),
				entry("a", "named", "key", "json:2"));
	}

	@Test
	void takesAnEventThatIsPassedAsObject() {
		Object event = SseEvent.of("named", "text");
		this.template.publish("a", event);
		assertThat(this.appended).containsExactly(entry("a", "named", null, "text"));
	}

	@Test
	void refusesWhatIsNoDataBeforeAnythingIsAppended() {
		refusesData(List.of(SseEvent.of("x")), SseEvent.class.getName() + " in java.util.ImmutableCollections$List12 "
				+ "cannot be published: an event cannot be data or part of data. Publish each event by itself");
		refusesData(CompletableFuture.completedFuture("x"), CompletableFuture.class.getName()
				+ " cannot be published: its value comes later. Publish the value when it is available");
		refusesData(Optional.of("x"),
				"java.util.Optional cannot be published: it may have no value. Publish its value, if there is one");
		then(this.log).should(never()).append(any());
	}

	private void refusesData(Object data, String message) {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> this.template.publish("a", data))
			.withMessage(message);
		assertThatExceptionOfType(SseException.class)
			.isThrownBy(() -> this.template.publish("a", SseEvent.of("name", data)))
			.withMessage(message);
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> this.template.publishToUser("u", "a", data))
			.withMessage(message);
	}

	@Test
	void refusesWhatIsNoTopicBeforeAnythingIsAppended() {
		for (String topic : List.of("", "a/*", "**", "a/{b}", "a//b")) {
			assertThatExceptionOfType(InvalidTopicException.class)
				.isThrownBy(() -> this.template.publish(topic, "data"));
		}
		then(this.log).should(never()).append(any());
	}

	@Test
	@SuppressWarnings("NullAway")
	void refusesNull() {
		refusesNull("data", () -> this.template.publish("a", (Object) null));
		refusesNull("event", () -> this.template.publish("a", null));
		refusesNull("topic", () -> this.template.publish(null, "data"));
		refusesNull("topic", () -> this.template.publish(null, SseEvent.of("data")));
		refusesNull("topic", () -> this.template.complete(null));
		refusesNull("user", () -> this.template.publishToUser(null, "a", "data"));
		refusesNull("topic", () -> this.template.publishToUser("u", null, "data"));
		refusesNull("data", () -> this.template.publishToUser("u", "a", null));
		then(this.log).should(never()).append(any());
	}

	private static void refusesNull(String argument, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessage("'" + argument + "' must not be null");
	}

	@Test
	void appendsNothingThatCannotBeWritten() {
		SseTemplate failing = new SseTemplate(this.log, (data) -> {
			throw new IllegalStateException("cyclic");
		});
		assertThatIllegalStateException().isThrownBy(() -> failing.publish("a", Map.of())).withMessage("cyclic");
		then(this.log).should(never()).append(any());
	}

	@Test
	void refusesAViewThatIsNotApplied() {
		SseEvent event = SseEvent.of(1).withHints(new SsePayloadHints(null, String.class));
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> this.template.publish("a", event))
			.withMessageContaining(
					" does not support views, and would expose the fields that @JsonView(String.class) hides");
		this.template.publish("a", SseEvent.of(1).withHints(new SsePayloadHints(Integer.class, null)));
		assertThat(this.appended).containsExactly(entry("a", null, null, "json:1"));
	}

	@Test
	void failsIfTheLogDoes() {
		given(this.log.append(any())).willThrow(new SseException("down", null));
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> this.template.publish("a", "data"))
			.withMessage("down");
	}

	private static LogEntry entry(String topic, @Nullable String event, @Nullable String key, String data) {
		return new LogEntry(LogEntry.Kind.EVENT, Topic.of(topic), event, key, data, null);
	}

}
