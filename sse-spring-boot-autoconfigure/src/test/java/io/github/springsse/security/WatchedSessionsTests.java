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

package io.github.springsse.security;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WatchedSessions}, with a clock and a store of their own.
 */
class WatchedSessionsTests {

	private static final long START = 1_000_000;

	private static final long INTERVAL = 5000;

	private static final long TIMEOUT = 30 * 60_000;

	private final SessionRegistryImpl registry = new SessionRegistryImpl();

	private final WatchedSessions sessions = new WatchedSessions(
			new ExpirySettings("expired", true, true, true, Duration.ZERO, Duration.ofMillis(INTERVAL), null),
			() -> this.registry);

	private final FakeStore store = new FakeStore();

	private final List<String> ended = new ArrayList<>();

	@Test
	void sessionIsLookedAtOnceInAnIntervalHoweverManyStreamsItHas() {
		this.store.put("id", START);
		for (int i = 0; i < 100; i++) {
			open("key", "id");
		}
		run(START, START + 60_000);
		assertThat(this.store.looks).isBetween(12, 14);
		assertThat(this.sessions.size()).isOne();
	}

	@Test
	void sessionThatIsGoneEndsItsStreamsWithinTheInterval() {
		this.store.put("id", START);
		this.store.put("other", START);
		open("key", "id");
		open("key", "id");
		open("otherKey", "other");
		run(START, START + 20_000);
		this.store.sessions.remove("id");
		run(START + 20_000, START + 20_000 + INTERVAL);
		assertThat(this.ended).containsExactly("key SESSION", "key SESSION");
		assertThat(this.sessions.size()).isOne();
	}

	@Test
	void sessionIsForgottenWithItsLastStream() {
		this.store.put("id", START);
		GuardedStream one = open("key", "id");
		GuardedStream two = open("key", "id");
		this.sessions.remove(one);
		assertThat(this.sessions.size()).isOne();
		this.sessions.remove(two);
		this.sessions.remove(two);
		assertThat(this.sessions.size()).isZero();
		run(START, START + 20_000);
		assertThat(this.store.looks).isZero();
		open("key", "id");
		run(START + 20_000, START + 40_000);
		assertThat(this.store.looks).isPositive();
	}

	@Test
	void idThatChangesInTheStoreAtAnyMomentEndsNothing() {
		for (int moment = 0; moment < 4; moment++) {
			WatchedSessionsTests test = new WatchedSessionsTests();
			test.store.put("id", START);
			test.open("key", "id");
			test.sessions.changeId("id", "new");
			int changeAt = moment;
			test.store.beforeLook = (look) -> {
				if (look == changeAt) {
					test.store.rename("id", "new");
				}
			};
			test.run(START, START + 60_000);
			assertThat(test.ended).as("changed before look " + moment).isEmpty();
			test.sessions.endById("new", EndReason.LOGOUT);
			assertThat(test.ended).containsExactly("key LOGOUT");
			assertThat(test.sessions.size()).isZero();
		}
	}

	@Test
	void idThatChangesSeveralTimesIsFollowed() {
		this.store.put("id", START);
		open("key", "id");
		for (int i = 0; i < 5; i++) {
			String before = (i == 0) ? "id" : "id" + i;
			String after = "id" + (i + 1);
			this.sessions.use("key", after, START);
			this.store.rename(before, after);
		}
		run(START, START + 20_000);
		assertThat(this.ended).isEmpty();
		this.sessions.endById("id5", EndReason.LOGOUT);
		assertThat(this.ended).hasSize(1);
	}

	@Test
	void newSessionIsAwaited() {
		add("key", "id", true);
		run(START, START + 30_000);
		assertThat(this.ended).isEmpty();
		this.store.put("id", START);
		run(START + 30_000, START + 40_000);
		this.store.sessions.remove("id");
		run(START + 40_000, START + 40_000 + INTERVAL);
		assertThat(this.ended).containsExactly("key SESSION");
	}

	@Test
	void newSessionThatIsNeverStoredEndsItsStreams() {
		add("key", "id", true);
		run(START, START + 70_000);
		assertThat(this.ended).containsExactly("key SESSION");
	}

	@Test
	void sessionThatIsIdleEndsBeforeItsStreams() {
		this.store.put("id", START);
		open("key", "id");
		run(START, START + TIMEOUT - 1);
		assertThat(this.ended).isEmpty();
		run(START + TIMEOUT, START + TIMEOUT * 21 / 20 + 200);
		assertThat(this.ended).containsExactly("invalidated id", "key SESSION");
	}

	@Test
	void useOfASessionHereOrElsewherePutsItsEndOff() {
		this.store.put("id", START);
		open("key", "id");
		long later = START + TIMEOUT / 2;
		run(START, later);
		this.sessions.use("key", "id", later);
		run(later, later + TIMEOUT - 1);
		assertThat(this.ended).isEmpty();
		this.store.put("id", later + TIMEOUT - 1);
		run(later + TIMEOUT, later + TIMEOUT + TIMEOUT - 2);
		assertThat(this.ended).isEmpty();
		run(later + 2 * TIMEOUT, later + 3 * TIMEOUT);
		assertThat(this.ended).containsExactly("invalidated id", "key SESSION");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1000 })
	void sessionWithoutTimeoutIsNeverIdle(long timeout) {
		this.store.timeout = timeout;
		this.store.put("id", START);
		open("key", "id");
		run(START, START + 3 * TIMEOUT);
		assertThat(this.ended).isEmpty();
	}

	@Test
	void displacedSessionEndsItsStreams() {
		this.store.put("id", START);
		open("key", "id");
		this.registry.registerNewSession("id", "ada");
		run(START, START + 10_000);
		assertThat(this.ended).isEmpty();
		this.registry.getSessionInformation("id").expireNow();
		run(START + 10_000, START + 10_000 + INTERVAL);
		assertThat(this.ended).containsExactly("key SESSION");
	}

	@Test
	void storeThatFailsIsAskedAgain() {
		this.store.put("id", START);
		open("key", "id");
		this.store.beforeLook = (look) -> {
			throw new IllegalStateException("Not now");
		};
		run(START, START + 20_000);
		this.store.beforeLook = (look) -> {
			throw new InternalError("Not really");
		};
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> run(START + 20_000, START + 30_000));
		assertThat(this.ended).isEmpty();
		this.store.beforeLook = (look) -> {
		};
		this.store.sessions.clear();
		run(START + 30_000, START + 30_000 + INTERVAL);
		assertThat(this.ended).containsExactly("key SESSION");
	}

	@Test
	void requestThatBeganWithTheIdBeforeChangesNothing() {
		this.store.put("id", START);
		open("key", "id");
		this.sessions.changeId("id", "new");
		this.sessions.use("key", "id", START);
		this.store.rename("id", "new");
		run(START, START + INTERVAL);
		this.sessions.changeId("new", "newer");
		run(START + INTERVAL, START + 2 * INTERVAL);
		this.store.rename("new", "newer");
		run(START + 2 * INTERVAL, START + 4 * INTERVAL);
		assertThat(this.ended).isEmpty();
		assertThat(this.sessions.size()).isOne();
	}

	@Test
	void streamThatIsOpenedWhileItsSessionIsLookedAtEndsWithIt() {
		this.store.put("id", START);
		open("key", "id");
		this.store.beforeLook = (look) -> {
			open("key", "id");
			this.store.sessions.clear();
		};
		run(START, START + INTERVAL);
		assertThat(this.ended).containsExactly("key SESSION", "key SESSION");
		assertThat(this.sessions.size()).isZero();
	}

	@Test
	void lastStreamThatIsClosedWhileItsSessionIsLookedAtLeavesNothing() {
		this.store.put("id", START);
		GuardedStream stream = open("key", "id");
		this.store.beforeLook = (look) -> this.sessions.remove(stream);
		run(START, START + 60_000);
		assertThat(this.store.looks).isOne();
		assertThat(this.sessions.size()).isZero();
	}

	private GuardedStream open(String key, String id) {
		return add(key, id, false);
	}

	private GuardedStream add(String key, String id, boolean isNew) {
		GuardedStream stream = new GuardedStream(List.of(), "ada", (reason) -> this.ended.add(key + " " + reason));
		this.sessions.add(stream, key, id, this.store, isNew, START);
		return stream;
	}

	private void run(long from, long to) {
		for (long now = from; now <= to; now += 200) {
			while (this.sessions.checkOne(now)) {
				// the next
			}
		}
	}

	private final class FakeStore implements SessionStore {

		private final Map<String, Long> sessions = new HashMap<>();

		private Consumer<Integer> beforeLook = (look) -> {
		};

		private long timeout = TIMEOUT;

		private int looks;

		void put(String id, long activity) {
			this.sessions.put(id, activity);
		}

		void rename(String id, String newId) {
			this.sessions.put(newId, this.sessions.remove(id));
		}

		@Override
		public @Nullable State look(String id) {
			this.beforeLook.accept(this.looks++);
			Long activity = this.sessions.get(id);
			return (activity != null) ? new State(id, this.timeout, activity, false) : null;
		}

		@Override
		public void invalidate(String id) {
			this.sessions.remove(id);
			WatchedSessionsTests.this.ended.add("invalidated " + id);
		}

		@Override
		public boolean isBehind(SessionRegistry registry) {
			return false;
		}

	}

}
