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

package io.github.springsse.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.Beginning;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Shard} and its {@link DeliveryLoop} without threads: the test is the thread of
 * the loop, and the clock.
 */
abstract class AbstractShardTests {

	/** Nothing to do after a stream is open. */
	static final Consumer<Mailbox> NOTHING = (mailbox) -> {
	};

	static final long SECOND = Duration.ofSeconds(1).toNanos();

	final DeliveryStatistics statistics = new DeliveryStatistics();

	static final ResumeLimits LIMITS = new ResumeLimits(1000, 50);

	final StreamTable streams = new StreamTable();

	final EventId start = new EventId(1, 0);

	final TopicHistories histories = new TopicHistories(this.start,
			new TopicPolicies(policy(OverflowPolicy.RESUME),
					Map.of(TopicPattern.of("latest/**"), policy(OverflowPolicy.LATEST), TopicPattern.of("newest/**"),
							policy(OverflowPolicy.DROP_OLDEST), TopicPattern.of("strict/**"),
							policy(OverflowPolicy.DISCONNECT))),
			100_000, 100, LIMITS, AnswerLimits.DEFAULT, Long.MAX_VALUE, EventId::toString, this::clockOfHistories);

	final List<String> callbacks = new ArrayList<>();

	DeliverySettings settings = settings(Duration.ofSeconds(10), null);

	long now = 1000 * SECOND;

	boolean delivering;

	boolean failing;

	EventLog.@Nullable Retention retention;

	long sequence;

	int created;

	private @Nullable Shard shard;

	@Nullable DeliveryLoop loop;

	FakeTransport openFromTheBeginning(FakeTransport transport, String... patterns) {
		DeliveredStream stream = newStream(patterns);
		Beginning beginning = this.histories.beginning(stream.getPatterns());
		List<Frame> first = (beginning.gap() != null) ? List.of(new GapFrame(null, beginning.gap(), EventId::toString))
				: List.of();
		loop().open(stream, transport, beginning.cursor(), first, NOTHING);
		loop().pass();
		return transport;
	}

	void begin(String topic) {
		append(LogEntry.begin(Topic.of(topic)));
	}

	void piece(String topic, String text) {
		append(LogEntry.piece(Topic.of(topic), text));
	}

	static String position(String id) {
		return "id: " + id + "\nevent: cursor\ndata\n\n";
	}

	FakeTransport open(String... patterns) {
		return open(new FakeTransport(), newStream(patterns));
	}

	FakeTransport open(FakeTransport transport, DeliveredStream stream) {
		loop().open(stream, transport, stream.getCursor(), List.of(), NOTHING);
		loop().pass();
		return transport;
	}

	/**
	 * Have the client of a stream read again, whatever there is.
	 */
	void read(DeliveredStream stream, FakeTransport transport) {
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
	}

	DeliveredStream newStream(String... patterns) {
		return new DeliveredStream("s" + ++this.created, Arrays.stream(patterns).map(TopicPattern::of).toList(),
				new EventId(1, this.sequence), loop(),
				new DirectFrames(Object::toString, new EventSize(Long.MAX_VALUE)), this.settings);
	}

	void publish(String topic, String data) {
		publish(topic, SseEvent.of(data));
	}

	void publish(String topic, SseEvent event) {
		append(LogEntry.event(Topic.of(topic), event, event.getData().toString()));
	}

	void end(String topic) {
		append(LogEntry.end(Topic.of(topic)));
	}

	void append(LogEntry entry) {
		EventId id = new EventId(1, ++this.sequence);
		Frame frame = (entry.kind() == LogEntry.Kind.END || entry.kind() == LogEntry.Kind.BEGIN) ? Frame.of("")
				: EventStreamEncoder.event(id.toString(), entry.event(), entry.data());
		StoredEvent event = this.histories.add(id, entry, frame, this.now);
		event.enterLoops(1);
		loop().offer(event);
	}

	long clockOfHistories() {
		if (this.failing) {
			throw new InternalError("not really");
		}
		return this.now;
	}

	void tick(int seconds) {
		for (int i = 0; i < 20 * seconds; i++) {
			advance(SECOND / 20);
			loop().pass();
		}
	}

	void advance(long nanos) {
		this.now += nanos;
	}

	DeliveryLoop loop() {
		if (this.loop == null) {
			this.shard = new Shard(this.settings, this.statistics, this.histories, this.streams, Runnable::run,
					this.retention, this.start, this.now);
			this.loop = new DeliveryLoop(this.shard, this.statistics, () -> this.now, 1000, 300_000,
					() -> this.delivering, EventId::toString, new UnheardEvents(() -> this.now));
		}
		return this.loop;
	}

	Shard shard() {
		loop();
		return this.shard;
	}

	static Frame frame(String data) {
		return EventStreamEncoder.event(null, null, data);
	}

	static DeliverySettings settings(@Nullable Duration heartbeat, @Nullable Duration maxDuration) {
		return settings(heartbeat, maxDuration, Heartbeat.COMMENT);
	}

	static DeliverySettings settings(@Nullable Duration interval, @Nullable Duration maxDuration, Heartbeat heartbeat) {
		return DeliverySettings.builder()
			.queueEvents(10)
			.queueBytes(1000)
			.policies(new TopicPolicies(policy(OverflowPolicy.RESUME), Map.of()))
			.historyBytes(100_000)
			.historyTopics(100)
			.resumeLimits(LIMITS)
			.heartbeat(heartbeat)
			.heartbeatInterval(interval)
			.maxDuration(maxDuration)
			.build();
	}

	static TopicPolicy policy(OverflowPolicy overflow) {
		return new TopicPolicy(20, Long.MAX_VALUE, Duration.ofMinutes(1), overflow);
	}

	static final class ChunkedTransport extends FakeTransport {

		@Override
		public boolean isChunked() {
			return true;
		}

	}

}
