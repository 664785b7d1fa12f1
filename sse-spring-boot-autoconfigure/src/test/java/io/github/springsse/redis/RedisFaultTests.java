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
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ConcurrentTest;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RedisEventLog} with failures of Redis and of connections.
 */
@Tag("long")
class RedisFaultTests {

	/** A test waits until there is no thread of this name. */
	private static final String APPENDER = "sse-redis-appender";

	@RegisterExtension
	private final Closing closing = new Closing();

	@ConcurrentTest
	void whatWasAcknowledgedIsThereOnceAndInOrderAfterRestartsWithPersistence() throws Exception {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		RedisNode one = this.closing.add(new RedisNode(redis.port()));
		RedisNode two = this.closing.add(new RedisNode(redis.port()));
		ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
		CountDownLatch done = new CountDownLatch(1);
		List<Thread> publishers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			RedisNode node = (i % 2 == 0) ? one : two;
			String name = "p" + i + "-";
			Thread thread = new Thread(() -> {
				for (int n = 0; done.getCount() > 0; n++) {
					try {
						node.publish(name + n);
						acknowledged.add(name + n);
					}
					catch (EventLogUnavailableException ex) {
						// not acknowledged
					}
				}
			});
			publishers.add(thread);
			thread.start();
		}
		for (int i = 0; i < 3; i++) {
			int before = acknowledged.size();
			TestRedis.await().until(() -> acknowledged.size() > before + 300);
			redis.restart();
		}
		int before = acknowledged.size();
		TestRedis.await().until(() -> acknowledged.size() > before + 300);
		done.countDown();
		for (Thread publisher : publishers) {
			publisher.join();
		}
		one.publish("end");
		for (RedisNode node : List.of(one, two)) {
			TestRedis.await().until(() -> node.recorder.data().contains("end"));
			assertThat(node.recorder.ids).isSorted();
			assertThat(node.recorder.data()).doesNotHaveDuplicates().containsAll(acknowledged);
			for (int i = 0; i < 4; i++) {
				String name = "p" + i + "-";
				assertThat(node.recorder.data().stream().filter((data) -> data.startsWith(name))).isSortedAccordingTo(
						(a, b) -> Integer.compare(Integer.parseInt(a.substring(3)), Integer.parseInt(b.substring(3))));
			}
			assertThat(node.recorder.gaps).isEmpty();
		}
		assertThat(one.recorder.got).isEqualTo(two.recorder.got);
	}

	@ConcurrentTest
	void emptiedRedisIsAGap() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = this.closing.add(new RedisNode(redis.port()));
		RedisNode two = this.closing.add(new RedisNode(redis.port()));
		EventId before = one.publish("before");
		two.recorder.await(1);
		redis.restart();
		TestRedis.await().ignoreExceptions().until(() -> one.publish("after") != null);
		for (RedisNode node : List.of(one, two)) {
			TestRedis.await().until(() -> node.recorder.data().contains("after"));
			assertThat(node.recorder.gaps).singleElement().asString().startsWith("RESTARTED");
			assertThat(node.recorder.ids).isSorted();
			assertThat(node.log.losses()).isEqualTo(1);
			assertThat(node.log.parse(before.toString())).as("of the former generation").isNull();
			assertThat(node.log.parse(node.recorder.ids.get(1).toString())).isEqualTo(node.recorder.ids.get(1));
		}
	}

	@ConcurrentTest
	void whatIsAppendedBeforeTheNextLifeHasItsNameBelongsToIt() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		EventId before = node.publish("before");
		node.recorder.await(1);
		redis.command("EVAL",
				"redis.call('FLUSHALL') redis.call('XADD', KEYS[1], '*', 'v', '1', 'k', 'e', 't', 'topic', 'd', 'early')",
				"1", "{sse}:log");
		node.recorder.await(2);
		assertThat(node.recorder.data()).containsExactly("before", "early");
		assertThat(node.recorder.gaps).singleElement().asString().startsWith("RESTARTED");
		EventId early = node.recorder.ids.get(1);
		assertThat(node.log.parse(early.toString())).isEqualTo(early);
		assertThat(node.log.parse(before.toString())).as("of the former generation").isNull();
	}

	@ConcurrentTest
	void idsGrowThoughTheClockOfAnEmptiedRedisIsBehind() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
		redis.command("XADD", "{sse}:log", tomorrow + "-0", "v", "1", "k", "e", "t", "topic", "d", "tomorrow");
		node.recorder.await(1);
		redis.command("FLUSHALL");
		TestRedis.await().until(() -> !node.recorder.gaps.isEmpty());
		EventId after = node.publish("after");
		node.recorder.await(2);
		assertThat(node.recorder.data()).containsExactly("tomorrow", "after");
		assertThat(after).isGreaterThan(node.recorder.ids.get(0));
	}

	@ConcurrentTest
	void aReplicaThatIsBehindAndTakesOverIsAGapOnEveryNode() {
		TestRedis primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(primary.port()));
		RedisNode reader = this.closing.add(new RedisNode(proxy.port()));
		replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
		RedisNode publisher = this.closing.add(new RedisNode(proxy.port()));
		publisher.publish("replicated");
		TestRedis.await().until(() -> replica.command("XLEN", "{sse}:log").equals(":2\r\n"));
		reader.recorder.await(1);
		replica.command("REPLICAOF", "NO", "ONE");
		// by a node that is gone by now
		primary.command("XADD", "{sse}:log", "*", "v", "1", "k", "e", "t", "topic", "d", "lost");
		reader.recorder.await(2);
		publisher.recorder.await(2);
		proxy.cut();
		proxy.leadTo(replica.port());
		TestRedis.await().ignoreExceptions().until(() -> publisher.publish("after") != null);
		for (RedisNode node : List.of(reader, publisher)) {
			TestRedis.await().until(() -> node.recorder.data().contains("after") && !node.recorder.gaps.isEmpty());
			assertThat(node.recorder.gaps).allMatch((gap) -> gap.startsWith("EVICTED"));
			assertThat(node.recorder.ids).isSorted();
			assertThat(node.recorder.data()).startsWith("replicated", "lost");
		}
	}

	/**
	 * Nobody had read the last entry, and the node that published it only publishes.
	 */
	@ConcurrentTest
	void whatOnlyThePublisherKnewOfIsAGapTooWhenItIsLost() {
		TestRedis primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(primary.port()));
		TcpProxy readersProxy = this.closing.add(new TcpProxy(primary.port()));
		RedisNode reader = this.closing.add(new RedisNode(readersProxy.port()));
		RedisNode publisher = this.closing.add(RedisNode.thatOnlyPublishes(proxy.port()));
		replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
		publisher.publish("replicated");
		TestRedis.await().until(() -> replica.command("XLEN", "{sse}:log").equals(":2\r\n"));
		reader.recorder.await(1);
		replica.command("REPLICAOF", "NO", "ONE");
		readersProxy.cut();
		publisher.publish("lost");
		proxy.cut();
		proxy.leadTo(replica.port());
		readersProxy.leadTo(replica.port());
		TestRedis.await().ignoreExceptions().until(() -> publisher.publish("after") != null);
		TestRedis.await().until(() -> reader.recorder.data().contains("after") && !reader.recorder.gaps.isEmpty());
		assertThat(reader.recorder.data()).doesNotContain("lost");
	}

	@ConcurrentTest
	void aNodeThatOnlyPublishesLooksForLossesInEveryLifeOfTheLog() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode publisher = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		publisher.publish("before");
		String life = publisher.log.describe();
		redis.command("FLUSHALL");
		TestRedis.await().until(() -> !publisher.log.describe().equals(life));
		TestRedis.await().until(() -> publisher.log.losses() == 1);
		RedisNode reader = this.closing.add(new RedisNode(redis.port()));
		EventId lost = publisher.publish("lost");
		redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "e", "t", "topic", "d", "kept");
		reader.recorder.await(2);
		redis.command("XDEL", "{sse}:log", StreamIds.write(lost));
		TestRedis.await().until(() -> !reader.recorder.gaps.isEmpty());
		assertThat(reader.recorder.gaps).singleElement().asString().startsWith("EVICTED");
	}

	@ConcurrentTest
	void aNodeThatIsTooFarBehindHasAGap() throws Exception {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "10"));
		RedisNode publisher = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1000, 0)));
		CountDownLatch latch = new CountDownLatch(1);
		SlowFollower slow = new SlowFollower(latch);
		publisher.log.follow(publisher.log.head(), slow);
		IntStream.range(0, 5000).forEach(publisher::publish);
		publisher.recorder.await(5000);
		latch.countDown();
		TestRedis.await().until(() -> slow.last.equals("4999"));
		assertThat(slow.gaps).hasSize(1);
		assertThat(publisher.recorder.gaps).isEmpty();
	}

	@ConcurrentTest
	void publishingFailsInTimeWhileRedisDoesNotAnswerAndEverythingGoesOnAfterwards() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		node.publish("before");
		assertThat(node.log.unreachableFor()).isZero();
		redis.pause();
		long start = System.nanoTime();
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("lost"))
			.withMessageContaining("1000 ms");
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(3000));
		TestRedis.await().until(() -> node.log.unreachableFor().toMillis() > 1000);
		redis.resume();
		TestRedis.await().until(() -> node.log.unreachableFor().isZero());
		node.publish("after");
		TestRedis.await().until(() -> node.recorder.data().contains("after"));
		assertThat(node.recorder.data()).startsWith("before").endsWith("after").doesNotHaveDuplicates();
		assertThat(node.recorder.gaps).isEmpty();
	}

	/**
	 * The driver believes in a connection until TCP gives up, after many minutes.
	 */
	@ConcurrentTest
	void aServerThatFallsSilentIsLeftForTheOneThatTookOver() {
		TestRedis primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(primary.port()));
		RedisNode node = this.closing.add(new RedisNode(proxy.port()));
		node.publish("before");
		replicate(primary, replica);
		primary.pause();
		replica.command("REPLICAOF", "NO", "ONE");
		proxy.leadTo(replica.port());
		String after = Attempts.untilTaken("after", node::publish);
		TestRedis.await().until(() -> node.recorder.data().contains(after));
		assertThat(node.recorder.data()).startsWith("before").endsWith(after).doesNotHaveDuplicates();
		assertThat(node.recorder.gaps).isEmpty();
		TestRedis.await().until(() -> node.log.unreachableFor().isZero());
	}

	@ConcurrentTest
	void aServerThatBecameAReplicaIsLeftForTheOneThatTookOverThoughConnectionsSurvive() {
		TestRedis primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(primary.port()));
		RedisNode node = this.closing.add(new RedisNode(proxy.port()));
		RedisNode publisher = this.closing.add(RedisNode.thatOnlyPublishes(proxy.port()));
		node.publish("before");
		node.recorder.await(1);
		replicate(primary, replica);
		replica.command("REPLICAOF", "NO", "ONE");
		primary.command("REPLICAOF", "127.0.0.1", Integer.toString(replica.port()));
		proxy.leadTo(replica.port());
		assertThat(node.publish("after")).isNotNull();
		assertThat(publisher.publish("last")).isNotNull();
		node.recorder.await(3);
		assertThat(node.recorder.data()).containsExactly("before", "after", "last");
		assertThat(node.recorder.gaps).isEmpty();
	}

	@ConcurrentTest
	void aReplicaThatNobodyTookOverFromIsAsGoodAsUnreachable() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TestRedis other = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		node.publish("before");
		node.recorder.await(1);
		other.kill();
		redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("lost"));
		assertThat(node.log.unreachableFor()).isPositive();
		TestRedis.await().during(Duration.ofSeconds(1)).until(() -> !node.log.unreachableFor().isZero());
		redis.command("REPLICAOF", "NO", "ONE");
		TestRedis.await().until(() -> node.log.unreachableFor().isZero());
		assertThat(node.publish("after")).isNotNull();
		node.recorder.await(2);
		assertThat(node.recorder.data()).containsExactly("before", "after");
		assertThat(node.recorder.gaps).isEmpty();
	}

	private static void replicate(TestRedis primary, TestRedis replica) {
		replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
		TestRedis.await()
			.until(() -> primary.command("WAIT", "1", "0").equals(":1\r\n")
					&& replica.command("XLEN", "{sse}:log").equals(primary.command("XLEN", "{sse}:log")));
	}

	@ConcurrentTest
	@ResourceLock(APPENDER)
	void whatIsBufferedIsAppendedInOrderWhenRedisIsBackAndTheBufferIsBounded() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		RedisNode node = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1000, 10)));
		assertThat(node.publish("before")).isNotNull();
		redis.kill();
		for (int i = 0; i < 10; i++) {
			assertThat(node.publish(i)).isNull();
		}
		assertThat(node.log.buffered()).isEqualTo(10);
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("too much"))
			.withMessageContaining("10");
		redis.restart();
		TestRedis.await().until(() -> node.log.buffered() == 0);
		assertThat(node.publish("after")).isNotNull();
		TestRedis.await().until(() -> node.recorder.data().contains("after"));
		assertThat(node.recorder.data()).containsExactly("before", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
				"after");
	}

	@ConcurrentTest
	@ResourceLock(APPENDER)
	void whatIsBufferedIsAppendedAfterAStopAndAStart() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		RedisNode node = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1000, 10)));
		assertThat(node.publish("before")).isNotNull();
		redis.kill();
		assertThat(node.publish("buffered")).isNull();
		node.log.stop();
		assertThat(node.log.buffered()).isOne();
		TestRedis.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals(APPENDER)));
		redis.restart();
		node.log.start();
		TestRedis.await().until(() -> node.log.buffered() == 0);
		node.publish("after");
		TestRedis.await().until(() -> node.recorder.data().contains("after"));
		assertThat(node.recorder.data()).containsExactly("before", "buffered", "after");
	}

	@ConcurrentTest
	@ResourceLock(APPENDER)
	void whatIsBufferedOutlastsAServerWithoutMemory() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port(), RedisNode.settings(1000, 10)));
		redis.command("CONFIG", "SET", "maxmemory", "1");
		assertThat(node.publish("buffered")).isNull();
		TestRedis.await().until(() -> !node.log.unreachableFor().isZero());
		assertThat(node.publish("behind")).isNull();
		redis.command("CONFIG", "SET", "maxmemory", "0");
		TestRedis.await().until(() -> node.log.buffered() == 0);
		node.recorder.await(2);
		assertThat(node.recorder.data()).containsExactly("buffered", "behind");
		TestRedis.await().until(() -> node.log.unreachableFor().isZero());
	}

	@ConcurrentTest
	void followingGoesOnAfterAnError() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		List<String> got = new CopyOnWriteArrayList<>();
		node.log.follow(node.log.head(), new EventLog.Follower() {

			@Override
			public void onEntry(EventId id, LogEntry entry) {
				got.add(entry.data());
				if (got.size() == 1) {
					throw new NoClassDefFoundError("for this test");
				}
			}

			@Override
			public void onGap(EventId until, EventLog.Loss loss) {
				throw new StackOverflowError("for this test");
			}

		});
		node.publish("1");
		node.publish("2");
		TestRedis.await().until(() -> got.size() == 2);
		redis.command("FLUSHALL");
		node.publish("3");
		TestRedis.await().until(() -> got.size() == 3);
		assertThat(got).containsExactly("1", "2", "3");
	}

	@ConcurrentTest
	void startsWithoutRedisAndConnectsWhenItIsThere() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		this.closing.add(new RedisNode(redis.port())).publish("before");
		redis.kill();
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		assertThat(node.recorder.starts).isEmpty();
		assertThat(node.log.head()).isEqualTo(StreamIds.ZERO);
		TestRedis.await().until(() -> !node.log.unreachableFor().isZero());
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("x"));
		redis.restart();
		TestRedis.await().until(() -> !node.recorder.starts.isEmpty());
		assertThat(node.recorder.history).singleElement().asString().endsWith(" before");
		String after = Attempts.untilTaken("after", node::publish);
		TestRedis.await().until(() -> node.recorder.data().contains(after));
		assertThat(node.recorder.data()).endsWith(after).doesNotContain("before").doesNotHaveDuplicates();
	}

	@ConcurrentTest
	void theStartWaitsForRedisOnceForAll() {
		TestRedis redis = this.closing.add(TestRedis.start());
		redis.pause();
		long start = System.nanoTime();
		RedisNode node = this.closing
			.add(new RedisNode(redis.port(), new RedisLogSettings("sse", 1000, Duration.ofHours(1), 1_000_000,
					Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(2), 0, 0, Duration.ZERO)));
		assertThat(node.log.head()).isEqualTo(StreamIds.ZERO);
		assertThat(System.nanoTime() - start).isBetween(TimeUnit.MILLISECONDS.toNanos(1900),
				TimeUnit.MILLISECONDS.toNanos(3500));
		redis.resume();
		TestRedis.await().until(() -> !node.recorder.starts.isEmpty());
	}

	@ConcurrentTest
	void entriesThatAreTooOldAreRemovedButForTheNewest() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "1"));
		RedisNode node = this.closing
			.add(new RedisNode(redis.port(), new RedisLogSettings("sse", 1000, Duration.ofSeconds(1), 1_000_000,
					Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(5), 0, 0, Duration.ZERO)));
		IntStream.range(0, 100).forEach(node::publish);
		TestRedis.await().until(() -> redis.command("XLEN", "{sse}:log").equals(":1\r\n"));
		TestRedis.await()
			.during(Duration.ofSeconds(2))
			.until(() -> redis.command("XLEN", "{sse}:log").equals(":1\r\n"));
		node.recorder.await(100);
		assertThat(redis.command("XRANGE", "{sse}:log", "-", "+")).contains(StreamIds.write(node.recorder.ids.get(99)));
		node.publish("after");
		node.recorder.await(101);
		assertThat(node.recorder.gaps).isEmpty();
	}

	@ConcurrentTest
	void aRedisThatRefusesToRemoveWhatIsTooOldCanBeReached() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(redis.port(),
				new RedisLogSettings("sse", 1000, Duration.ofSeconds(1), 1_000_000, Duration.ofHours(1),
						Duration.ofSeconds(1), Duration.ofSeconds(5), 0, 0, Duration.ZERO)));
		node.publish("before");
		redis.command("ACL", "SETUSER", "default", "-xtrim");
		TestRedis.await().during(Duration.ofSeconds(5)).until(() -> node.log.unreachableFor().isZero());
		assertThat(redis.command("ACL", "LOG")).contains("xtrim");
		assertThat(node.publish("after")).isNotNull();
	}

	@ConcurrentTest
	void aNodeThatHasReadNothingIsNotBehind() {
		TestRedis redis = this.closing.add(TestRedis.start());
		this.closing.add(RedisNode.thatOnlyPublishes(redis.port())).publish("before");
		redis.command("ACL", "SETUSER", "default", "-xread");
		RedisNode node = this.closing
			.add(new RedisNode(redis.port(), new RedisLogSettings("sse", 1000, Duration.ofHours(1), 1_000_000,
					Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0, 0, Duration.ZERO)));
		assertThat(node.publish("after")).isNotNull();
		assertThat(node.log.lag()).isZero();
	}

	@ConcurrentTest
	void aLossOfLongAgoIsNotCountedAgain() {
		TestRedis redis = this.closing.add(TestRedis.start());
		this.closing.add(RedisNode.thatOnlyPublishes(redis.port())).publish("before");
		String lost = System.currentTimeMillis() + Duration.ofHours(1).toMillis() + "-0";
		redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "g", "d", lost);
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		node.publish("after");
		node.recorder.await(1);
		assertThat(node.recorder.history).hasSize(1);
		assertThat(node.log.losses()).isZero();
	}

	@ConcurrentTest
	void goesOnWhereItWasAfterItWasStoppedAndStartedAgain() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode one = this.closing.add(new RedisNode(redis.port()));
		RedisNode two = this.closing.add(new RedisNode(redis.port()));
		one.publish("before");
		two.recorder.await(1);
		two.log.stop();
		one.publish("meanwhile");
		two.log.start();
		two.recorder.await(2);
		two.publish("after");
		two.recorder.await(3);
		assertThat(two.recorder.data()).containsExactly("before", "meanwhile", "after");
		assertThat(two.recorder.gaps).isEmpty();
		assertThat(two.recorder.starts).hasSize(1);
	}

	@ConcurrentTest
	void anEntryThatIsInTheStreamTwiceIsHandedOverOnce() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		for (String token : List.of("a.1", "a.2", "a.1", "b.1", "a.2", "a.3")) {
			redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "e", "n", token, "t", "topic", "d", token);
		}
		node.recorder.await(4);
		node.publish("end");
		node.recorder.await(5);
		assertThat(node.recorder.data()).containsExactly("a.1", "a.2", "b.1", "a.3", "end");
	}

	/**
	 * On a gap, followers forget what they were handed before.
	 */
	@ConcurrentTest
	void anEntryThatWasAppendedAgainAfterItWasLostIsHandedOverAgain() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		String[] entry = { "XADD", "{sse}:log", "*", "v", "1", "k", "e", "n", "a.1", "t", "topic", "d", "data" };
		redis.command(entry);
		node.recorder.await(1);
		String lost = StreamIds.write(node.recorder.ids.get(0));
		redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "g", "d", lost);
		redis.command(entry);
		redis.command(entry);
		node.publish("end");
		TestRedis.await().until(() -> node.recorder.data().contains("end"));
		assertThat(node.recorder.gaps).singleElement().asString().startsWith("EVICTED");
		assertThat(node.recorder.data()).containsExactly("data", "data", "end");
	}

	@ConcurrentTest
	void whatOtherVersionsHaveWrittenIsPassedOver() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(new RedisNode(redis.port()));
		redis.command("XADD", "{sse}:log", "*", "v", "2", "k", "e", "t", "topic", "d", "new");
		redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "?", "t", "topic", "d", "new");
		redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "e", "t", "a//b", "d", "new");
		redis.command("XADD", "{sse}:log", "*", "anything", "else");
		redis.command("XADD", "{sse}:log", "*", "v", "1", "k", "e", "t", "topic", "d", "known", "z", "more");
		node.recorder.await(1);
		assertThat(node.recorder.data()).containsExactly("known");
	}

}
