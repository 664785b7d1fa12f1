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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GzipStream} in a {@link SendQueue}: whatever is queued, dropped and
 * written in part, the client gets the bytes of an uncompressed stream, and a trailer
 * that is right.
 */
class GzipStreamTests {

	private static final TopicPolicy POLICY = new TopicPolicy(1000, Long.MAX_VALUE, Duration.ofHours(1),
			OverflowPolicy.DROP_OLDEST);

	private final Compression compression = new Compression(
			new CompressionSettings(6, 100, List.of(TopicPattern.of("secret/*"))));

	private final TopicWindows windows = new TopicWindows(this.compression);

	private final TopicHistories histories = new TopicHistories(new EventId(1, 0), new TopicPolicies(POLICY, Map.of()),
			Long.MAX_VALUE, 1000, new ResumeLimits(1000, 100), AnswerLimits.DEFAULT, Long.MAX_VALUE, EventId::toString,
			System::nanoTime);

	private final GzipStream.Choices choices = new GzipStream.Choices();

	private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

	private final StringBuilder expected = new StringBuilder();

	private long sequence;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void clientGetsTheBytesOfAnUncompressedStream(long seed) throws Exception {
		Random random = new Random(seed);
		SendQueue queue = newQueue();
		queue.open(List.of(frame("retry: 2000\n"), frame("data: snapshot\n\n")));
		this.expected.append("retry: 2000\ndata: snapshot\n\n");
		Deque<EventForms> undelivered = new ArrayDeque<>();
		for (int i = 0; i < 400; i++) {
			int kind = random.nextInt(20);
			if (kind < 16) {
				StoredEvent event = publish((kind < 12) ? "loans" : (kind < 14) ? "other" : "secret/a",
						"x".repeat(random.nextInt(200)) + i);
				undelivered.add((this.compression.forms(event) != null) ? event.forms() : newForms());
				offer(queue, event);
			}
			else if (kind == 16) {
				offer(queue, frame(": heartbeat\n"));
			}
			else if (kind == 17) {
				offer(queue, frame("event: own\ndata: " + "y".repeat(random.nextInt(40_000)) + "\n\n"));
			}
			else if (kind == 18 && !undelivered.isEmpty()) {
				undelivered.removeFirst().delivered();
			}
			if (random.nextInt(3) == 0) {
				write(queue, random.nextInt(3000));
			}
		}
		queue.end();
		write(queue, Integer.MAX_VALUE);
		assertThat(queue.isEmpty()).isTrue();
		assertThat(queue.bytes()).isZero();
		assertThat(text()).isEqualTo(this.expected.toString());
	}

	@Test
	void eventRefersBackOnceTheStreamHasTheEventsBefore() throws Exception {
		SendQueue queue = newQueue();
		queue.open(List.of());
		write(queue, Integer.MAX_VALUE);
		int[] sizes = new int[30];
		for (int i = 0; i < sizes.length; i++) {
			if (i == 15) {
				queue.offer(frame(": private\n"));
				write(queue, Integer.MAX_VALUE);
			}
			int before = this.sent.size();
			queue.offer(publish("loans", "{\"title\":\"The Name of the Rose\",\"member\":" + i * 7919
					+ ",\"branch\":\"north\",\"due\":\"2026-12-" + (10 + i) + "\",\"state\":\"borrowed\"}"));
			write(queue, Integer.MAX_VALUE);
			sizes[i] = this.sent.size() - before;
		}
		assertThat(sizes[1]).as("refers back to the first").isLessThan(sizes[0] / 2);
		assertThat(sizes[14]).isLessThan(sizes[0] / 2);
		assertThat(sizes[15]).as("after a frame of this stream alone").isGreaterThan(sizes[0] / 2);
		assertThat(sizes[29]).isLessThan(sizes[0] / 2);
		queue.end();
		write(queue, Integer.MAX_VALUE);
		assertThat(text()).contains(": private\n").contains("2026-12-39");
	}

	/**
	 * The sizes of one topic must not tell what is in another.
	 */
	@Test
	void eventNeverRefersBackToAnotherTopic() throws Exception {
		SendQueue queue = newQueue();
		queue.open(List.of());
		String secret = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(6);
		publish("a", secret);
		queue.offer(publish("a", secret));
		write(queue, Integer.MAX_VALUE);
		int before = this.sent.size();
		queue.offer(publish("b", secret));
		write(queue, Integer.MAX_VALUE);
		int guessed = this.sent.size() - before;
		SendQueue fresh = newQueue();
		this.sent.reset();
		fresh.open(List.of());
		write(fresh, Integer.MAX_VALUE);
		before = this.sent.size();
		fresh.offer(publish("c", secret));
		write(fresh, Integer.MAX_VALUE);
		assertThat(guessed).isEqualTo(this.sent.size() - before);
	}

	@Test
	void excludedTopicsAreNotCompressed() throws Exception {
		SendQueue queue = newQueue();
		queue.open(List.of());
		write(queue, Integer.MAX_VALUE);
		int before = this.sent.size();
		StoredEvent event = publish("secret/a", "x".repeat(1000));
		queue.offer(event);
		write(queue, Integer.MAX_VALUE);
		assertThat(this.sent.size() - before).isEqualTo(event.size() + 5);
	}

	private EventForms newForms() {
		return this.compression.newForms(new EventId(1, 0), frame("x"), null, List.of());
	}

	private SendQueue newQueue() {
		SendQueue queue = new SendQueue(30, 60_000, new QueueTotals());
		queue.setGzip(new GzipStream(this.compression, this.choices));
		return queue;
	}

	private void offer(SendQueue queue, Frame frame) {
		while (!queue.offer(frame)) {
			write(queue, 2000);
		}
		this.expected.append(new String(frame.toByteArray(), StandardCharsets.UTF_8));
	}

	private void write(SendQueue queue, int room) {
		int left = room;
		while (left > 0 && !queue.isEmpty()) {
			ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
			queue.copyTo(buffer);
			int taken = Math.min(left, buffer.position());
			this.sent.write(buffer.array(), 0, taken);
			queue.take(taken);
			left -= taken;
		}
	}

	private String text() throws Exception {
		try (GZIPInputStream input = new GZIPInputStream(new ByteArrayInputStream(this.sent.toByteArray()))) {
			return new String(input.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private StoredEvent publish(String topic, String data) {
		EventId id = new EventId(1, ++this.sequence);
		LogEntry entry = LogEntry.event(Topic.of(topic), SseEvent.of(data), data);
		Frame frame = EventStreamEncoder.event(id.toString(), null, data);
		if (!this.windows.isCompressed(entry.topic())) {
			return this.histories.add(id, entry, frame, System.nanoTime());
		}
		StoredEvent event = this.histories.add(id, entry, frame, this.windows.forms(id, entry.topic(), frame),
				System.nanoTime());
		this.windows.add(event);
		return event;
	}

	private static Frame frame(String text) {
		return Frame.of(text);
	}

}
