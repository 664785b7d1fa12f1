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

package io.github.springsse.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.testsupport.EventStreamClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of every {@link EventLog}.
 */
public abstract class EventLogContractTests {

	/**
	 * A new log, in a generation of its own.
	 * @return the log
	 */
	protected abstract EventLog newLog();

	/**
	 * Whether the log keeps entries that were appended before it had a follower.
	 * @return whether there is a history
	 */
	protected abstract boolean keepsEntries();

	@Test
	void idsGrowAndTheHeadIsTheNewest() {
		EventLog log = newLog();
		EventId before = log.head();
		EventId first = log.append(entry("a"));
		EventId second = log.append(entry("b"));
		assertThat(first).isGreaterThan(before);
		assertThat(second).isGreaterThan(first);
		assertThat(log.head()).isEqualTo(second);
	}

	@Test
	void followerGetsWhatIsAppendedFromThenOn() {
		EventLog log = newLog();
		log.append(entry("before"));
		Recorder recorder = new Recorder();
		log.follow(log.head(), recorder);
		EventId id = log.append(entry("after"));
		recorder.await(1);
		assertThat(recorder.got).containsExactly(id + " after");
		assertThat(recorder.gaps).isEmpty();
	}

	@Test
	void followerGetsNothingOnceItsSubscriptionIsClosed() {
		EventLog log = newLog();
		Recorder closed = new Recorder();
		Recorder open = new Recorder();
		EventLog.Subscription subscription = log.follow(log.head(), closed);
		log.follow(log.head(), open);
		log.append(entry("before"));
		closed.await(1);
		subscription.close();
		subscription.close();
		EventId id = log.append(entry("after"));
		open.await(2);
		assertThat(closed.data()).containsExactly("before");
		assertThat(log.head()).isEqualTo(id);
	}

	@Test
	void followerOfEverythingIsToldWhereTheNewBegins() {
		EventLog log = newLog();
		EventId before = log.append(entry("before"));
		Recorder recorder = new Recorder();
		log.follow(EventId.MIN, recorder);
		assertThat(recorder.starts).containsExactly(before);
		assertThat(recorder.got).isEmpty();
		assertThat(recorder.history).isEqualTo(keepsEntries() ? List.of(before + " before") : List.of());
		log.append(entry("after"));
		recorder.await(1);
		assertThat(recorder.got).singleElement().asString().endsWith(" after");
	}

	@Test
	void entriesArriveAsTheyWere() {
		EventLog log = newLog();
		Recorder recorder = new Recorder();
		log.follow(log.head(), recorder);
		SseEvent event = SseEvent.of("name", "x").withKey("kéy").exceptStream("stream-1");
		List<LogEntry> entries = List.of(LogEntry.event(Topic.of("a/b"), event, "line 1\nline 2 \u20ac \ud83d\ude00"),
				LogEntry.event(Topic.of("a"), SseEvent.of(""), ""), LogEntry.end(Topic.of("a/b/c")),
				LogEntry.disconnectTopic(Topic.of("a")), LogEntry.disconnectUser("user / with * everything"),
				new LogEntry(LogEntry.Kind.EVENT, Topic.of("a"), "n".repeat(1000), "k".repeat(1000),
						"longer than SseEvent allows", "s".repeat(1000)));
		entries.forEach(log::append);
		recorder.await(entries.size());
		assertThat(recorder.entries).isEqualTo(entries);
	}

	/**
	 * The thread that makes room may have to append.
	 */
	@Test
	void roomIsAwaitedBeforeAnEntryIsHandedOverWithoutHoldingUpOthersWhoAppend() {
		EventLog log = newLog();
		List<String> calls = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch room = new CountDownLatch(1);
		log.follow(log.head(), new EventLog.Follower() {

			@Override
			public void awaitRoom(LogEntry entry) {
				calls.add("await " + entry.data());
				if (entry.data().equals("first")) {
					EventStreamClient.await().until(() -> room.getCount() == 0);
				}
			}

			@Override
			public void onEntry(EventId id, LogEntry entry) {
				calls.add("got " + entry.data());
			}

		});
		Thread first = new Thread(() -> log.append(entry("first")));
		first.start();
		EventStreamClient.await().until(() -> calls.contains("await first"));
		assertThat(log.append(entry("second"))).isNotNull();
		assertThat(calls).doesNotContain("got first");
		room.countDown();
		EventStreamClient.await().until(() -> calls.contains("got first") && calls.contains("got second"));
		assertThat(calls.indexOf("await second")).isLessThan(calls.indexOf("got second"));
	}

	@Test
	void recognisesItsOwnIds() {
		EventLog log = newLog();
		EventId id = log.append(entry("a"));
		assertThat(log.parse(log.format(id))).isEqualTo(id);
		assertThat(log.parse(log.format(log.head()))).isEqualTo(id);
		assertThat(log.parse(log.format(new EventId(id.epoch(), id.sequence() + 1)))).as("of the future").isNull();
		assertThat(log.parse(new EventId(id.epoch() + 1, 0).toString())).as("of the future").isNull();
		assertThat(log.parse("0-0")).as("of another generation").isNull();
		assertThat(log.parse("10-1")).as("of another generation").isNull();
		for (String text : List.of("", "10", "10-", "-1", "10-1-1", "10--1", "10-1x", "1 0-1", "10-1\n", "\0",
				"10-99999999999999999999", "zzzzzzzzzzzzzzz-1", "x".repeat(100_000))) {
			assertThat(log.parse(text)).as("malformed").isNull();
		}
	}

	@Test
	void textsOfIdsAreOneForEachIdAndNeedNoQuoting() {
		EventLog log = newLog();
		Map<String, EventId> ids = new HashMap<>();
		for (int i = 0; i < 1000; i++) {
			EventId id = log.append(entry("x"));
			String text = log.format(id);
			assertThat(text).matches("[A-Za-z0-9._-]{1,30}");
			assertThat(ids.put(text, id)).as("an id with the same text").isNull();
		}
		ids.forEach((text, id) -> {
			assertThat(log.parse(text)).isEqualTo(id);
			assertThat(log.format(id)).isEqualTo(text);
		});
	}

	/**
	 * With any number of appending threads, each follower receives every entry once, in
	 * the order of the ids.
	 */
	@Test
	void allFollowersSeeOneOrder() throws Exception {
		EventLog log = newLog();
		Recorder first = new Recorder();
		Recorder second = new Recorder();
		log.follow(log.head(), first);
		log.follow(log.head(), second);
		int threads = 8;
		int each = 2_000;
		Set<EventId> ids = ConcurrentHashMap.newKeySet();
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			Callable<Boolean> task = () -> {
				EventId last = EventId.MIN;
				boolean growing = true;
				for (int i = 0; i < each; i++) {
					EventId id = log.append(entry("x"));
					growing &= id.compareTo(last) > 0;
					ids.add(id);
					last = id;
				}
				return growing;
			};
			for (Future<Boolean> future : executor.invokeAll(Collections.nCopies(threads, task))) {
				assertThat(future.get()).isTrue();
			}
		}
		finally {
			executor.shutdown();
		}
		first.await(threads * each);
		second.await(threads * each);
		assertThat(first.ids).hasSize(threads * each).isSorted().isEqualTo(second.ids);
		assertThat(ids).hasSize(threads * each).isEqualTo(new HashSet<>(first.ids));
	}

	protected static LogEntry entry(String data) {
		return LogEntry.event(Topic.of("topic"), SseEvent.of(data), data);
	}

	/**
	 * A follower that records its entries.
	 */
	public static final class Recorder implements EventLog.Follower {

		public final List<EventId> ids = Collections.synchronizedList(new ArrayList<>());

		public final List<LogEntry> entries = Collections.synchronizedList(new ArrayList<>());

		public final List<String> got = Collections.synchronizedList(new ArrayList<>());

		public final List<String> history = Collections.synchronizedList(new ArrayList<>());

		public final List<EventId> starts = Collections.synchronizedList(new ArrayList<>());

		public final List<String> gaps = Collections.synchronizedList(new ArrayList<>());

		@Override
		public void onEntry(EventId id, LogEntry entry) {
			this.ids.add(id);
			this.got.add(id + " " + entry.data());
			this.entries.add(entry);
		}

		@Override
		public void onHistory(EventId id, LogEntry entry, Duration age) {
			this.history.add(id + " " + entry.data());
		}

		@Override
		public void onStart(EventId head) {
			this.starts.add(head);
		}

		@Override
		public void onGap(EventId until, EventLog.Loss loss) {
			if (!this.starts.isEmpty()) {
				this.gaps.add(loss + " until " + until);
			}
		}

		public List<String> data() {
			return List.copyOf(this.entries).stream().map(LogEntry::data).toList();
		}

		public void await(int count) {
			EventStreamClient.await().until(() -> this.entries.size() >= count);
		}

	}

}
