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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SourceEndedException;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LeaseLostException;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceEndedInLogException;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ConcurrentTest;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RedisLeases}, and for {@link OrphanedSources}.
 */
@Tag("long")
class RedisLeasesTests {

	private static final LeaseTimes SHORT = new LeaseTimes(Duration.ofSeconds(2), Duration.ofMillis(500),
			Duration.ofMillis(200));

	private static final Topic TOPIC = Topic.of("answer");

	@RegisterExtension
	private final Closing closing = new Closing();

	/** The topics that nodes have ended in place of a source that was gone. */
	private final List<Topic> ended = new CopyOnWriteArrayList<>();

	private RedisNode node(int port) {
		return this.closing.add(new RedisNode(port, RedisNode.settings(100_000, 0), SHORT));
	}

	private static SourceLeases.Lease acquire(RedisNode node, Topic topic) {
		SourceLeases.Lease lease = node.log.acquire(topic);
		assertThat(lease).isNotNull();
		return lease;
	}

	/**
	 * What a node tells of a topic whose source is gone.
	 */
	private void endWith(RedisNode node, String reason) {
		node.log.setEnding(new SourceLeases.Ending() {

			@Override
			public List<LogEntry> of(Topic topic) {
				return List.of(LogEntry.event(topic, SseEvent.of("failed", reason), "{\"kind\":\"interrupted\"}"),
						LogEntry.end(topic));
			}

			@Override
			public void appended(Topic topic) {
				RedisLeasesTests.this.ended.add(topic);
			}

		});
	}

	private static List<String> kinds(RedisNode node) {
		return List.copyOf(node.recorder.entries)
			.stream()
			.filter((entry) -> entry.topic().equals(TOPIC))
			.map((entry) -> entry.kind() + " " + entry.data())
			.map(String::strip)
			.toList();
	}

	@ConcurrentTest
	void oneSourceAtATimeHasATopicWhoeverAsksForIt() throws Exception {
		TestRedis redis = this.closing.add(TestRedis.start());
		List<RedisNode> nodes = List.of(node(redis.port()), node(redis.port()));
		Map<Topic, AtomicInteger> holders = new ConcurrentHashMap<>();
		Map<Topic, AtomicInteger> acquired = new ConcurrentHashMap<>();
		List<Topic> topics = IntStream.range(0, 20).mapToObj((i) -> Topic.of("answers/" + i)).toList();
		topics.forEach((topic) -> {
			holders.put(topic, new AtomicInteger());
			acquired.put(topic, new AtomicInteger());
		});
		ExecutorService executor = Executors.newFixedThreadPool(16);
		try {
			AtomicInteger next = new AtomicInteger();
			Callable<Boolean> task = () -> {
				RedisNode node = nodes.get(next.getAndIncrement() % 2);
				for (int i = 0; i < 200; i++) {
					Topic topic = topics.get(i % topics.size());
					SourceLeases.Lease lease = node.log.acquire(topic);
					if (lease != null) {
						acquired.get(topic).incrementAndGet();
						if (holders.get(topic).incrementAndGet() != 1 || !node.log.isLeased(topic)) {
							return false;
						}
						holders.get(topic).decrementAndGet();
						lease.close();
						lease.close();
					}
				}
				return true;
			};
			for (Future<Boolean> future : executor.invokeAll(Collections.nCopies(16, task))) {
				assertThat(future.get()).as("a holder was alone, and known to hold the topic").isTrue();
			}
		}
		finally {
			executor.shutdown();
		}
		assertThat(acquired.values()).allMatch((count) -> count.get() > 0);
		assertThat(topics).noneMatch(nodes.get(0).log::isLeased);
		assertThat(redis.command("KEYS", "{sse}:*")).doesNotContain("leases", "sources");
	}

	@ConcurrentTest
	void whatASourceAppendsArrivesInOrderAndItsEndGivesTheTopicBack() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		RedisNode two = node(redis.port());
		SourceLeases.Lease lease = acquire(one, TOPIC);
		List<EventId> ids = new ArrayList<>();
		List<LogEntry> entries = List.of(LogEntry.begin(TOPIC), LogEntry.piece(TOPIC, "one "),
				LogEntry.event(TOPIC, SseEvent.of("name", "").withKey("key"), "kéy"), LogEntry.piece(TOPIC, ""),
				LogEntry.end(TOPIC, true));
		entries.forEach((entry) -> ids.add(lease.append(entry)));
		two.log.append(LogEntry.cancel(TOPIC));
		for (RedisNode node : List.of(one, two)) {
			node.recorder.await(6);
			assertThat(node.recorder.entries.subList(0, 5)).isEqualTo(entries);
			assertThat(node.recorder.entries.get(4).isCut()).isTrue();
			assertThat(node.recorder.entries.get(5)).isEqualTo(LogEntry.cancel(TOPIC));
			assertThat(node.recorder.ids.subList(0, 5)).isEqualTo(ids).isSorted().doesNotHaveDuplicates();
		}
		assertThat(two.log.isLeased(TOPIC)).isFalse();
		assertThat(redis.command("EXISTS", "{sse}:leases", "{sse}:sources")).isEqualTo(":0\r\n");
		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> lease.append(LogEntry.piece(TOPIC, "after the end")));
		SourceLeases.Lease next = acquire(two, TOPIC);
		lease.close();
		assertThat(one.log.isLeased(TOPIC)).isTrue();
		next.close();
		assertThat(one.log.isLeased(TOPIC)).isFalse();
	}

	@ConcurrentTest
	void aLeaseAppendsToItsTopicAlone() {
		TestRedis redis = this.closing.add(TestRedis.start());
		SourceLeases.Lease lease = acquire(node(redis.port()), TOPIC);
		assertThatIllegalArgumentException().isThrownBy(() -> lease.append(LogEntry.piece(Topic.of("other"), "x")))
			.withMessageContaining("answer")
			.withMessageContaining("other");
	}

	@ConcurrentTest
	void aLeaseIsRenewedForAsLongAsItIsOpen() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		RedisNode two = node(redis.port());
		List<SourceLeases.Lease> leases = IntStream.range(0, 1100)
			.mapToObj((i) -> acquire(one, Topic.of("answers/" + i)))
			.toList();
		TestRedis.await().during(Duration.ofSeconds(4)).until(() -> two.log.isLeased(Topic.of("answers/1")));
		leases.forEach((lease) -> lease.append(LogEntry.end(topicOf(leases, lease))));
		two.recorder.await(1100);
		assertThat(two.recorder.entries).hasSize(1100).allMatch((entry) -> entry.kind() == LogEntry.Kind.END);
	}

	private static Topic topicOf(List<SourceLeases.Lease> leases, SourceLeases.Lease lease) {
		return Topic.of("answers/" + leases.indexOf(lease));
	}

	/**
	 * The third node is cut off, as one that is paused would be, and comes back.
	 */
	@ConcurrentTest
	void oneOfTheOthersEndsTheTopicOfANodeThatIsGoneOnceAndTheNodeAppendsNothingWhenItIsBack() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		RedisNode two = node(redis.port());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		RedisNode gone = node(proxy.port());
		List.of(one, two, gone).forEach((node) -> endWith(node, "interrupted"));
		SourceLeases.Lease lease = acquire(gone, TOPIC);
		lease.append(LogEntry.begin(TOPIC));
		lease.append(LogEntry.piece(TOPIC, "piece"));
		one.recorder.await(2);
		proxy.cut();
		assertThat(one.log.acquire(TOPIC)).as("while nobody has been told of the end").isNull();
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(kinds(one)).containsExactly("BEGIN", "PIECE piece", "EVENT {\"kind\":\"interrupted\"}", "END");
		SourceLeases.Lease next = acquire(two, TOPIC);
		next.append(LogEntry.begin(TOPIC));
		proxy.leadTo(redis.port());
		TestRedis.await().until(() -> gone.log.unreachableFor().isZero());
		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> lease.append(LogEntry.piece(TOPIC, "too late")));
		lease.close();
		next.append(LogEntry.piece(TOPIC, "of the next"));
		next.append(LogEntry.end(TOPIC));
		List<String> all = List.of("BEGIN", "PIECE piece", "EVENT {\"kind\":\"interrupted\"}", "END", "BEGIN",
				"PIECE of the next", "END");
		for (RedisNode node : List.of(one, two, gone)) {
			TestRedis.await().until(() -> kinds(node).size() >= all.size());
			assertThat(kinds(node)).isEqualTo(all);
			assertThat(node.recorder.gaps).isEmpty();
		}
		TestRedis.await().during(SHORT.life().plusSeconds(1)).until(() -> kinds(one).size() == all.size());
	}

	@ConcurrentTest
	void everyTopicOfANodeThatIsGoneIsEndedOnceByTwoThatLookAtTheSameTime() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		RedisNode two = node(redis.port());
		endWith(one, "interrupted");
		endWith(two, "interrupted");
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		RedisNode gone = node(proxy.port());
		List<Topic> topics = IntStream.range(0, 300).mapToObj((i) -> Topic.of("answers/" + i)).toList();
		topics.forEach((topic) -> acquire(gone, topic).append(LogEntry.begin(topic)));
		proxy.cut();
		TestRedis.await().until(() -> one.recorder.entries.size() >= 900);
		assertThat(topics).noneMatch(two.log::isLeased);
		TestRedis.await().until(() -> this.ended.size() >= topics.size());
		assertThat(this.ended).containsExactlyInAnyOrderElementsOf(topics);
		one.publish("last");
		one.recorder.await(901);
		two.recorder.await(901);
		assertThat(one.recorder.ids).isEqualTo(two.recorder.ids);
		for (RedisNode node : List.of(one, two)) {
			assertThat(node.recorder.entries).hasSize(901);
			assertThat(topics).allSatisfy((topic) -> assertThat(
					List.copyOf(node.recorder.entries).stream().filter((entry) -> entry.topic().equals(topic)))
				.extracting(LogEntry::kind)
				.containsExactly(LogEntry.Kind.BEGIN, LogEntry.Kind.EVENT, LogEntry.Kind.END));
		}
	}

	@ConcurrentTest
	void aTopicEndsThoughNobodyWasToldWithWhat() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		RedisNode gone = node(redis.port());
		SourceLeases.Lease lease = acquire(gone, TOPIC);
		lease.append(LogEntry.begin(TOPIC));
		gone.close();
		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> lease.append(LogEntry.piece(TOPIC, "too late")));
		TestRedis.await().until(() -> kinds(one).size() == 2);
		assertThat(kinds(one)).containsExactly("BEGIN", "END");
	}

	@ConcurrentTest
	void aNodeThatStartsWhenAllWereGoneEndsTheirTopics() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		RedisNode gone = node(proxy.port());
		acquire(gone, TOPIC).append(LogEntry.begin(TOPIC));
		proxy.close();
		TestRedis.await().until(() -> !gone.log.unreachableFor().isZero());
		RedisNode one = node(redis.port());
		one.log.setEnding((topic) -> {
			throw new IllegalStateException("for this test");
		});
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(one.log.isLeased(TOPIC)).isFalse();
	}

	@ConcurrentTest
	void aLeaseThatIsClosedInTheMiddleIsOneWhoseNodeIsGone() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = this.closing.add(new RedisNode(redis.port()));
		endWith(one, "interrupted");
		SourceLeases.Lease lease = acquire(one, TOPIC);
		lease.append(LogEntry.begin(TOPIC));
		lease.close();
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(kinds(one)).containsExactly("BEGIN", "EVENT {\"kind\":\"interrupted\"}", "END");
	}

	@ConcurrentTest
	void anEmptiedRedisHasNoLeases() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		endWith(one, "interrupted");
		SourceLeases.Lease lease = acquire(one, TOPIC);
		lease.append(LogEntry.begin(TOPIC));
		one.recorder.await(1);
		redis.command("FLUSHALL");
		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> lease.append(LogEntry.piece(TOPIC, "into the next life")));
		SourceLeases.Lease next = acquire(one, TOPIC);
		next.append(LogEntry.begin(TOPIC));
		lease.close();
		next.append(LogEntry.end(TOPIC));
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(kinds(one)).containsExactly("BEGIN", "BEGIN", "END");
		assertThat(one.recorder.gaps).singleElement().asString().startsWith("RESTARTED");
		assertThat(one.recorder.ids).isSorted();
	}

	@ConcurrentTest
	void aSourceWaitsForRedisAndNoLonger() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		RedisNode one = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1000, 10)));
		SourceLeases.Lease lease = acquire(one, TOPIC);
		lease.append(LogEntry.begin(TOPIC));
		redis.kill();
		long start = System.nanoTime();
		assertThatExceptionOfType(EventLogUnavailableException.class)
			.isThrownBy(() -> lease.append(LogEntry.piece(TOPIC, "lost")))
			.withMessageContaining("not buffered");
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
		assertThat(one.publish("buffered")).isNull();
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> one.log.acquire(TOPIC));
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> one.log.isLeased(TOPIC));
		redis.restart();
		TestRedis.await().until(() -> one.log.unreachableFor().isZero() && one.log.buffered() == 0);
		assertThat(lease.append(LogEntry.piece(TOPIC, "after"))).isNotNull();
		lease.append(LogEntry.end(TOPIC));
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(kinds(one)).containsExactly("BEGIN", "PIECE after", "END");
	}

	/**
	 * The driver sends again what was not answered.
	 */
	@ConcurrentTest
	void everyPieceIsThereOnceAndInOrderThoughConnectionsAreLost() throws Exception {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode other = this.closing.add(new RedisNode(redis.port()));
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		RedisNode one = this.closing
			.add(new RedisNode(proxy.port(), RedisNode.settings(100_000, 0, Duration.ofSeconds(15))));
		List<Topic> topics = IntStream.range(0, 8).mapToObj((i) -> Topic.of("answers/" + i)).toList();
		int each = 400;
		AtomicInteger appended = new AtomicInteger();
		ExecutorService executor = Executors.newFixedThreadPool(topics.size());
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (Topic topic : topics) {
				SourceLeases.Lease lease = acquire(one, topic);
				futures.add(executor.submit(() -> {
					for (int i = 0; i < each; i++) {
						lease.append(LogEntry.piece(topic, String.valueOf(i)));
						appended.incrementAndGet();
					}
					lease.append(LogEntry.end(topic));
				}));
			}
			for (int i = 1; i <= 3; i++) {
				int enough = i * topics.size() * each / 4;
				TestRedis.await().until(() -> appended.get() > enough);
				proxy.cut();
				proxy.leadTo(redis.port());
			}
			for (Future<?> future : futures) {
				future.get();
			}
		}
		finally {
			executor.shutdown();
		}
		for (RedisNode node : List.of(one, other)) {
			TestRedis.await().until(() -> node.recorder.entries.size() >= topics.size() * (each + 1));
			for (Topic topic : topics) {
				assertThat(List.copyOf(node.recorder.entries).stream().filter((entry) -> entry.topic().equals(topic)))
					.extracting(LogEntry::data)
					.containsExactlyElementsOf(IntStream.rangeClosed(0, each)
						.mapToObj((i) -> (i < each) ? String.valueOf(i) : "")
						.toList());
			}
			assertThat(node.recorder.gaps).isEmpty();
			assertThat(node.recorder.ids).isSorted();
		}
	}

	private static boolean acquire(LeaseScripts scripts, RedisClusterAsyncCommands<byte[], byte[]> commands,
			String token) throws Exception {
		return scripts.acquire(commands, TOPIC.toString(), token, SourceLeases.Claim.ANY, TimeUnit.SECONDS.toNanos(1))
			.outcome() == LeaseScripts.Acquired.Outcome.TAKEN;
	}

	@ConcurrentTest
	void aStepThatIsTakenAgainChangesNothing() throws Exception {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		LeaseScripts scripts = new LeaseScripts(one.log.settings(), SHORT);
		RedisClusterAsyncCommands<byte[], byte[]> commands = one.log.link().awaitCommands(1_000_000_000);
		long patience = TimeUnit.SECONDS.toNanos(1);
		LogEntry begin = LogEntry.begin(TOPIC);
		LogEntry end = LogEntry.end(TOPIC);
		String topic = TOPIC.toString();
		assertThat(scripts.append(commands, topic, "a.1", 1, begin, patience)).isEmpty();
		assertThat(acquire(scripts, commands, "a.1")).isTrue();
		assertThat(acquire(scripts, commands, "a.2")).isFalse();
		Optional<EventId> first = scripts.append(commands, topic, "a.1", 1, begin, patience);
		assertThat(acquire(scripts, commands, "a.1")).isTrue();
		assertThat(scripts.append(commands, topic, "a.1", 1, begin, patience)).isEqualTo(first).isPresent();
		assertThat(scripts.append(commands, topic, "a.2", 2, begin, patience)).isEmpty();
		assertThat(scripts.takeOver(commands, topic, "a.1", List.of(end), patience)).as("before it expires").isEmpty();
		scripts.release(commands, topic, "a.2", false, patience);
		Optional<EventId> last = scripts.append(commands, topic, "a.1", 2, end, patience);
		assertThat(last.orElseThrow()).isGreaterThan(first.orElseThrow());
		assertThat(scripts.append(commands, topic, "a.1", 2, end, patience)).isEqualTo(last);
		assertThat(scripts.append(commands, topic, "a.1", 3, begin, patience)).isEmpty();
		assertThat(acquire(scripts, commands, "a.2")).isTrue();
		assertThat(scripts.append(commands, topic, "a.1", 2, end, patience)).isEqualTo(last);
		scripts.release(commands, topic, "a.1", false, patience);
		assertThat(scripts.isHeld(commands, topic, patience)).isTrue();
		scripts.release(commands, topic, "a.2", true, patience);
		assertThat(scripts.takeOver(commands, topic, "a.2", List.of(end), patience)).hasSize(1);
		assertThat(scripts.takeOver(commands, topic, "a.2", List.of(end), patience)).isEmpty();
		one.recorder.await(3);
		one.publish("x");
		one.recorder.await(4);
		assertThat(kinds(one)).containsExactly("BEGIN", "END", "END");
	}

	@ConcurrentTest
	void aFirstSourceIsRefusedForAsLongAsTheEndOfAnotherIsKept() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		RedisNode two = this.closing
			.add(new RedisNode(redis.port(), new RedisLogSettings("sse", 1000, Duration.ofHours(1), 1000,
					Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(5), 0, 1, Duration.ZERO), SHORT));
		SourceLeases.Claim first = new SourceLeases.Claim(false, List.of(), () -> {
		});
		SourceLeases.Lease lease = Objects.requireNonNull(two.log.acquire(TOPIC, first));
		assertThat(one.log.acquire(TOPIC, first)).isNull();
		assertThat(one.log.newest(TOPIC)).isNull();
		EventId begin = lease.append(LogEntry.begin(TOPIC));
		assertThat(lease.since()).isLessThan(Objects.requireNonNull(begin));
		assertThat(one.log.newest(TOPIC)).isEqualTo(begin);
		EventId end = lease.append(LogEntry.end(TOPIC));
		assertThat(one.log.newest(TOPIC)).isEqualTo(end);
		assertThatExceptionOfType(SourceEndedInLogException.class).isThrownBy(() -> one.log.acquire(TOPIC, first))
			.satisfies((ex) -> assertThat(ex.getEnd()).isEqualTo(end));
		SourceLeases.Lease again = acquire(two, TOPIC);
		assertThat(again.since()).isEqualTo(end);
		again.append(LogEntry.begin(TOPIC));
		again.close();
		TestRedis.await().until(() -> kinds(one).size() == 4);
		assertThatExceptionOfType(SourceEndedException.class).as("also where a node has ended it in its place")
			.isThrownBy(() -> one.log.acquire(TOPIC, first));
		redis.command("PEXPIRE", "{sse}:ended:answer", "1");
		TestRedis.await().until(() -> redis.command("EXISTS", "{sse}:ended:answer").startsWith(":0"));
		Objects.requireNonNull(two.log.acquire(TOPIC, first)).append(LogEntry.end(TOPIC));
		TestRedis.await().until(() -> redis.command("EXISTS", "{sse}:ended:answer").startsWith(":0"));
	}

	@ConcurrentTest
	void whatTellsOfAnInterruptionIsWhatTheSourceHasLeft() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		endWith(one, "interrupted");
		List<LogEntry> left = List.of(LogEntry.event(TOPIC, SseEvent.of(""), "{\"error\":\"é\"}"),
				LogEntry.end(TOPIC, true));
		SourceLeases.Claim claim = new SourceLeases.Claim(true, left, () -> {
		});
		SourceLeases.Lease lease = Objects.requireNonNull(one.log.acquire(TOPIC, claim));
		lease.append(LogEntry.begin(TOPIC));
		lease.close();
		TestRedis.await().until(() -> kinds(one).contains("END cut"));
		assertThat(kinds(one)).containsExactly("BEGIN", "EVENT {\"error\":\"é\"}", "END cut");
		SourceLeases.Lease next = acquire(one, TOPIC);
		next.append(LogEntry.begin(TOPIC));
		next.close();
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(kinds(one)).last().as("of a source that has left nothing").isEqualTo("END");
		assertThat(kinds(one)).contains("EVENT {\"kind\":\"interrupted\"}");
		assertThat(redis.command("EXISTS", "{sse}:endings")).isEqualTo(":0\r\n");
	}

	@ConcurrentTest
	void aSourceIsToldThatItsLeaseIsLostThoughItGivesNothing() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		AtomicInteger losses = new AtomicInteger();
		SourceLeases.Claim claim = new SourceLeases.Claim(true, List.of(), losses::incrementAndGet);
		SourceLeases.Lease lost = Objects.requireNonNull(one.log.acquire(TOPIC, claim));
		lost.append(LogEntry.begin(TOPIC));
		SourceLeases.Lease ended = Objects.requireNonNull(one.log.acquire(Topic.of("ended"), claim));
		ended.append(LogEntry.end(Topic.of("ended")));
		redis.command("FLUSHALL");
		TestRedis.await().untilAtomic(losses, Matchers.is(1));
		TestRedis.await().during(SHORT.renewal().multipliedBy(2)).untilAtomic(losses, Matchers.is(1));
	}

	/**
	 * Redis takes what it was sent when it goes on, and nobody has got its answer.
	 */
	@ConcurrentTest
	void anEntryThatIsAppendedAgainWithoutAnAnswerIsThereOnce() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		SourceLeases.Lease lease = acquire(one, TOPIC);
		lease.append(LogEntry.begin(TOPIC));
		LogEntry failed = LogEntry.event(TOPIC, SseEvent.of("failed", ""), "interrupted");
		redis.pause();
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> lease.append(failed));
		redis.resume();
		TestRedis.await().until(() -> kinds(one).contains("EVENT interrupted"));
		lease.append(failed);
		lease.append(LogEntry.end(TOPIC));
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(kinds(one)).containsExactly("BEGIN", "EVENT interrupted", "END");
	}

	/**
	 * Should Redis have evicted one of the two keys.
	 */
	@ConcurrentTest
	void whatIsLeftOfALeaseIsNoHindranceForEver() {
		TestRedis redis = this.closing.add(TestRedis.start());
		redis.command("HSET", "{sse}:leases", "answer", "a.1 1 1-1");
		redis.command("ZADD", "{sse}:sources", "1", "other");
		RedisNode one = node(redis.port());
		TestRedis.await().until(() -> !one.log.isLeased(TOPIC));
		TestRedis.await().until(() -> kinds(one).contains("END"));
		assertThat(one.recorder.entries).hasSize(1);
		assertThat(redis.command("EXISTS", "{sse}:leases", "{sse}:sources")).isEqualTo(":0\r\n");
	}

	@ConcurrentTest
	void aRedisThatTakesNoEntriesIsAwayForSourcesToo() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = node(redis.port());
		SourceLeases.Lease lease = acquire(one, TOPIC);
		redis.command("CONFIG", "SET", "maxmemory", "1");
		assertThatExceptionOfType(EventLogUnavailableException.class)
			.isThrownBy(() -> lease.append(LogEntry.begin(TOPIC)));
		assertThatExceptionOfType(EventLogUnavailableException.class)
			.isThrownBy(() -> one.log.acquire(Topic.of("other")));
		redis.command("CONFIG", "SET", "maxmemory", "0");
		TestRedis.await().until(() -> one.log.unreachableFor().isZero());
		assertThat(lease.append(LogEntry.begin(TOPIC))).isNotNull();
	}

}
