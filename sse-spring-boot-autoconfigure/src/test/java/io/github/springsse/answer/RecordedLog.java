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

package io.github.springsse.answer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import io.github.springsse.PublishingGate;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.LogEntryWriter;
import io.github.springsse.testsupport.EventStreamClient;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A log that records its entries, and an engine that appends to it.
 */
final class RecordedLog implements AutoCloseable {

	static final Topic TOPIC = Topic.of("answer");

	final InMemoryEventLog log = new InMemoryEventLog(1);

	final List<LogEntry> entries = new CopyOnWriteArrayList<>();

	final ManualTimer timer = new ManualTimer();

	/** Whether the thread of the source may append. */
	volatile BooleanSupplier room = () -> true;

	/** The thread that appended the latest entry. */
	volatile @Nullable Thread appender;

	final AnswerEngine engine;

	RecordedLog() {
		this(new AnswerSettings(20_000, 1_000_000, Duration.ZERO));
	}

	RecordedLog(AnswerSettings settings) {
		this((builder) -> builder.settings(settings));
	}

	RecordedLog(UnaryOperator<AnswerEngine.Builder> customizer) {
		this.log.follow(this.log.head(), new EventLog.Follower() {

			@Override
			public boolean hasRoom() {
				return RecordedLog.this.room.getAsBoolean();
			}

			@Override
			public void onEntry(EventId id, LogEntry entry) {
				RecordedLog.this.appender = Thread.currentThread();
				RecordedLog.this.entries.add(entry);
			}

		});
		SsePayloadEncoder encoder = (data) -> "json:" + data;
		this.engine = customizer
			.apply(AnswerEngine.of(this.log, new LogEntryWriter(encoder, DataSize.ofBytes(100_000))))
			.build(this.timer);
	}

	SsePublication publish(Object source) {
		return publish(source, SsePublishOptions.DEFAULT);
	}

	SsePublication publish(Object source, SsePublishOptions options) {
		return this.engine.publish(TOPIC, source, options, PublishingGate.OPEN);
	}

	/**
	 * Return the entries of the topic, each as its kind and data.
	 * @return the entries
	 */
	List<String> told() {
		return this.entries.stream().map(RecordedLog::describe).toList();
	}

	private static String describe(LogEntry entry) {
		String name = (entry.event() != null) ? entry.event() + ":" : "";
		return switch (entry.kind()) {
			case PIECE -> entry.data();
			case EVENT -> "(" + name + entry.data() + ")";
			default -> entry.isCut() ? "CUT" : entry.kind().name();
		};
	}

	static SsePublication.State await(SsePublication publication) {
		return publication.completion().orTimeout(10, TimeUnit.SECONDS).join();
	}

	void awaitTold(String... entries) {
		EventStreamClient.await().untilAsserted(() -> assertThat(told()).containsExactly(entries));
	}

	@Override
	public void close() {
		this.engine.close();
	}

}
