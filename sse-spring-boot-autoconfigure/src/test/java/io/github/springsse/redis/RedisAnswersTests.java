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

package io.github.springsse.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ConcurrentTest;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the order of the entries of sources and the other entries, which are in two
 * streams.
 */
@Tag("long")
class RedisAnswersTests {

	private static final Topic TOPIC = Topic.of("answer");

	@RegisterExtension
	private final Closing closing = new Closing();

	private static RedisLogSettings settings(int maxLength, Duration maxAge, int answersMaxLength) {
		return new RedisLogSettings("sse", maxLength, maxAge, answersMaxLength, Duration.ofHours(1),
				Duration.ofSeconds(5), Duration.ofSeconds(20), 0, 1, Duration.ZERO);
	}

	private static EventId piece(SourceLeases.Lease lease, Object text) {
		return Objects.requireNonNull(lease.append(LogEntry.piece(TOPIC, text.toString())));
	}

	/**
	 * Four threads of each of two nodes publish as fast as they can, and four more of
	 * each have a source.
	 */
	@Test
	void everyFollowerSeesTheSameOrderWithIdsThatGrowWhoeverAppends() throws Exception {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1_000_000, 0)));
		RedisNode two = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1_000_000, 0)));
		int threads = 4;
		int each = 1500;
		int all = 2 * 2 * threads * each;
		List<EventId> ids = Collections.synchronizedList(new ArrayList<>());
		List<Callable<Boolean>> tasks = new ArrayList<>();
		for (RedisNode node : List.of(one, two)) {
			for (int i = 0; i < threads; i++) {
				Topic topic = Topic.of("answers/" + System.identityHashCode(node) + "/" + i);
				SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(topic));
				tasks.add(() -> appendAll(ids, each, () -> lease.append(LogEntry.piece(topic, "piece"))));
				tasks.add(() -> appendAll(ids, each,
						() -> node.log.append(LogEntry.event(Topic.of("topic"), SseEvent.of(""), "event"))));
			}
		}
		ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
		try {
			for (Future<Boolean> future : executor.invokeAll(tasks)) {
				assertThat(future.get()).as("ids of a thread grow").isTrue();
			}
		}
		finally {
			executor.shutdown();
		}
		TestRedis.await().until(() -> one.recorder.entries.size() >= all && two.recorder.entries.size() >= all);
		assertThat(one.recorder.got).isEqualTo(two.recorder.got);
		assertThat(one.recorder.ids).hasSize(all).isSorted();
		assertThat(ids).hasSize(all);
		assertThat(new HashSet<>(ids)).hasSize(all).isEqualTo(new HashSet<>(one.recorder.ids));
		RedisNode later = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1_000_000, 0)));
		TestRedis.await().until(() -> !later.recorder.starts.isEmpty());
		assertThat(later.recorder.history).isEqualTo(one.recorder.got);
		assertThat(later.recorder.starts).containsExactly(one.recorder.ids.get(all - 1));
		assertThat(later.log.head()).isEqualTo(one.recorder.ids.get(all - 1));
		assertThat(redis.command("XLEN", "{sse}:answers")).isEqualTo(":" + (all / 2) + "\r\n");
	}

	private static boolean appendAll(List<EventId> ids, int count, Callable<EventId> append) throws Exception {
		EventId last = EventId.MIN;
		boolean grow = true;
		for (int i = 0; i < count; i++) {
			EventId id = append.call();
			grow &= id.isAfter(last);
			ids.add(id);
			last = id;
		}
		return grow;
	}

	@ConcurrentTest
	void idsGrowThoughTheClockIsBehind() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		piece(lease, "now");
		long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
		redis.command("XADD", "{sse}:log", tomorrow + "-7", "v", "1", "k", "e", "t", "topic", "d", "tomorrow");
		for (int i = 0; i < 20; i++) {
			EventId answer = piece(lease, i);
			EventId event = node.publish(i);
			assertThat(event).isGreaterThan(answer);
			assertThat(answer.epoch()).isEqualTo(tomorrow);
		}
		node.recorder.await(42);
		assertThat(node.recorder.ids).isSorted().doesNotHaveDuplicates();
		assertThat(node.recorder.gaps).isEmpty();
	}

	@ConcurrentTest
	void whatSourcesAppendPushesNothingElseOut() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "10"));
		RedisLogSettings settings = settings(1000, Duration.ofHours(1), 1_000_000);
		RedisNode node = this.closing.add(new RedisNode(redis.port(), settings));
		node.publish("kept");
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		IntStream.range(0, 3000).forEach((i) -> piece(lease, i));
		node.recorder.await(3001);
		Calls later = new Calls();
		node.log.follow(EventId.MIN, later);
		TestRedis.await().until(() -> later.calls.contains("start"));
		assertThat(later.calls.subList(0, 2)).as("as ever").containsExactly("gap", "kept");
		assertThat(later.calls).hasSize(3003).doesNotHaveDuplicates();
	}

	@ConcurrentTest
	void aNodeThatStartsTellsOfTheEntriesOfSourcesThatWereTrimmed() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "10"));
		RedisNode node = this.closing.add(new RedisNode(redis.port(), settings(1000, Duration.ofHours(1), 1000)));
		node.publish("first");
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		IntStream.range(0, 1000).forEach((i) -> piece(lease, i));
		node.publish("second");
		IntStream.range(1000, 2000).forEach((i) -> piece(lease, i));
		node.publish("third");
		TestRedis.await().until(() -> length(redis, "{sse}:answers") <= 1010);
		int left = length(redis, "{sse}:answers");
		Calls later = new Calls();
		node.log.follow(EventId.MIN, later);
		TestRedis.await().until(() -> later.calls.contains("start"));
		List<String> afterGap = later.calls.subList(later.calls.lastIndexOf("gap") + 1, later.calls.size());
		assertThat(later.calls.subList(0, 2)).containsExactly("gap", "first");
		assertThat(afterGap.get(0)).isEqualTo(String.valueOf(2000 - left));
		assertThat(afterGap).contains("1999", "third", "start").doesNotHaveDuplicates();
		assertThat(afterGap).hasSize(left + 2 + ((left > 1000) ? 1 : 0));
		TestRedis.await().during(Duration.ofSeconds(2)).until(() -> node.log.losses() == 0);
	}

	/**
	 * Here it is the log that has less.
	 */
	@ConcurrentTest
	void aGapOfTheLogIsToldInItsPlaceThoughSourcesHaveOlderEntries() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "10"));
		RedisNode node = this.closing.add(new RedisNode(redis.port(), settings(1000, Duration.ofHours(1), 1_000_000)));
		CountDownLatch latch = new CountDownLatch(1);
		SlowFollower slow = new SlowFollower(latch);
		List<String> gapsBefore = Collections.synchronizedList(new ArrayList<>());
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		node.publish("first");
		node.recorder.await(1);
		node.log.follow(node.log.head(), new EventLog.Follower() {

			@Override
			public void onEntry(EventId id, LogEntry entry) {
				slow.onEntry(id, entry);
			}

			@Override
			public void onGap(EventId until, EventLog.Loss loss) {
				slow.onGap(until, loss);
				gapsBefore.add(slow.last);
			}

		});
		for (int i = 0; i < 3000; i++) {
			node.publish(i);
			if (i % 100 == 50) {
				piece(lease, "piece " + i);
			}
		}
		node.recorder.await(3031);
		latch.countDown();
		TestRedis.await().until(() -> slow.last.equals("2999"));
		assertThat(gapsBefore).singleElement().asString().startsWith("piece ").isGreaterThan("piece 1500");
		Calls later = new Calls();
		node.log.follow(EventId.MIN, later);
		TestRedis.await().until(() -> later.calls.contains("start"));
		List<String> afterGap = later.calls.subList(later.calls.lastIndexOf("gap") + 1, later.calls.size());
		assertThat(later.calls.subList(0, 2)).containsExactly("gap", "piece 50");
		assertThat(Integer.parseInt(afterGap.get(0))).isBetween(1980, 2000);
		assertThat(afterGap).contains("piece 2050", "2999").doesNotHaveDuplicates();
	}

	@ConcurrentTest
	void aNodeThatIsTooFarBehindHasAGap() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "10"));
		RedisNode node = this.closing.add(new RedisNode(redis.port(), settings(100_000, Duration.ofHours(1), 1000)));
		CountDownLatch latch = new CountDownLatch(1);
		SlowFollower slow = new SlowFollower(latch);
		node.log.follow(node.log.head(), slow);
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		for (int i = 0; i < 3000; i++) {
			piece(lease, i);
			if (i % 100 == 0) {
				node.publish("event");
			}
		}
		node.recorder.await(3030);
		TestRedis.await().until(() -> length(redis, "{sse}:answers") <= 1010);
		latch.countDown();
		TestRedis.await().until(() -> slow.last.equals("2999"));
		assertThat(slow.gaps).singleElement().asString().startsWith("EVICTED");
		assertThat(node.recorder.gaps).isEmpty();
		assertThat(node.log.losses()).isOne();
	}

	/**
	 * The newest id of the log is that of what sources append.
	 */
	@ConcurrentTest
	void theNewestEntryOfEachStreamStaysHoweverOldItIs() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "1"));
		RedisNode node = this.closing
			.add(new RedisNode(redis.port(), new RedisLogSettings("sse", 1000, Duration.ofSeconds(3), 1000,
					Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(5), 0, 0, Duration.ZERO)));
		IntStream.range(0, 10).forEach(node::publish);
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		IntStream.range(10, 20).forEach((i) -> piece(lease, i));
		TestRedis.await().until(() -> length(redis, "{sse}:log") == 1 && length(redis, "{sse}:answers") == 1);
		TestRedis.await()
			.during(Duration.ofSeconds(2))
			.until(() -> length(redis, "{sse}:log") == 1 && length(redis, "{sse}:answers") == 1);
		piece(lease, 20);
		node.publish(21);
		node.recorder.await(22);
		assertThat(node.recorder.data()).isEqualTo(IntStream.range(0, 22).mapToObj(String::valueOf).toList());
		assertThat(node.recorder.gaps).isEmpty();
		assertThat(node.log.losses()).isZero();
	}

	/**
	 * The last entries that the reader has handed over are too old, and the next ones are
	 * trimmed to before it has read them.
	 */
	@ConcurrentTest
	void trimmingAfterAQuietTimeIsNoGapForAReaderThatIsBehindByLess() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "1"));
		Duration maxAge = Duration.ofSeconds(6);
		RedisNode node = this.closing.add(new RedisNode(redis.port(), new RedisLogSettings("sse", 1000, maxAge, 1000,
				maxAge, Duration.ofSeconds(5), Duration.ofSeconds(5), 0, 0, Duration.ZERO)));
		CountDownLatch latch = new CountDownLatch(1);
		SlowFollower slow = new SlowFollower(latch);
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		EventId old = piece(lease, "old answer");
		node.recorder.await(1);
		node.log.follow(node.log.head(), slow);
		node.publish("old");
		node.recorder.await(2);
		TestRedis.await().until(() -> System.currentTimeMillis() > old.epoch() + maxAge.plusMillis(100).toMillis());
		piece(lease, "new answer");
		node.publish("new");
		int trimmed = trimmed(redis);
		// NOTE: twice for the stream of answers, by age and by number
		TestRedis.await().until(() -> trimmed(redis) >= trimmed + 4);
		latch.countDown();
		TestRedis.await().until(() -> slow.last.equals("new"));
		assertThat(slow.gaps).isEmpty();
		assertThat(node.recorder.gaps).isEmpty();
		assertThat(node.log.losses()).isZero();
	}

	@ConcurrentTest
	void whatASourceHasAppendedIsAGapWhenItIsLost() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode publisher = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		RedisNode reader = this.closing.add(new RedisNode(redis.port()));
		SourceLeases.Lease lease = Objects.requireNonNull(publisher.log.acquire(TOPIC));
		EventId lost = piece(lease, "lost");
		piece(lease, "kept");
		reader.recorder.await(2);
		assertThat(reader.recorder.gaps).isEmpty();
		redis.command("DEL", "{sse}:answers");
		TestRedis.await().until(() -> !reader.recorder.gaps.isEmpty());
		assertThat(reader.recorder.gaps).allMatch((gap) -> gap.startsWith("EVICTED"));
		assertThat(publisher.publish("after")).isGreaterThan(lost);
		TestRedis.await().until(() -> reader.recorder.data().contains("after"));
		assertThat(reader.recorder.ids).isSorted();
	}

	@ConcurrentTest
	void aLogThatIsNotThereIsNoHindrance() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		SourceLeases.Lease lease = Objects.requireNonNull(node.log.acquire(TOPIC));
		piece(lease, "before");
		node.recorder.await(1);
		redis.command("DEL", "{sse}:log");
		EventId piece = piece(lease, "after");
		assertThat(node.publish("last")).isGreaterThan(piece);
		TestRedis.await().until(() -> node.recorder.data().contains("last"));
		assertThat(node.recorder.data()).containsExactly("before", "after", "last");
		assertThat(node.recorder.ids).isSorted();
	}

	private static int trimmed(TestRedis redis) {
		Matcher matcher = Pattern.compile("cmdstat_xtrim:calls=(\\d+)").matcher(redis.command("INFO", "commandstats"));
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	private static int length(TestRedis redis, String key) {
		return Integer.parseInt(redis.command("XLEN", key).substring(1).strip());
	}

	/**
	 * What a follower is called with, in its order.
	 */
	private static final class Calls implements EventLog.Follower {

		private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

		@Override
		public void onEntry(EventId id, LogEntry entry) {
			this.calls.add(entry.data());
		}

		@Override
		public void onHistory(EventId id, LogEntry entry, Duration age) {
			this.calls.add(entry.data());
		}

		@Override
		public void onStart(EventId head) {
			this.calls.add("start");
		}

		@Override
		public void onGap(EventId until, EventLog.Loss loss) {
			this.calls.add("gap");
		}

	}

}
