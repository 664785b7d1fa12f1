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

package io.github.springsse.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TopicHistories}.
 */
class TopicHistoriesTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final TopicPolicies policies = new TopicPolicies(policy(5, OverflowPolicy.RESUME),
			Map.of(TopicPattern.of("big/**"), policy(1000, OverflowPolicy.RESUME), TopicPattern.of("prices/**"),
					policy(5, OverflowPolicy.LATEST)));

	private static final ResumeLimits LIMITS = new ResumeLimits(1000, 50);

	private long now;

	private TopicHistories histories = histories(1_000_000, 100);

	private long sequence;

	@Test
	void returnsWhatTopicsHadAfterCursorInOrder() {
		add("a");
		add("b");
		add("c");
		add("a");
		assertThat(missed(0, "a", "b")).containsExactly(1L, 2L, 4L);
		assertThat(missed(1, "a", "b")).containsExactly(2L, 4L);
		assertThat(missed(2, "*")).containsExactly(3L, 4L);
		assertThat(missed(4, "**")).isEmpty();
		assertThat(missed(0, "none")).isEmpty();
	}

	@Test
	void returnsNoMoreThanItsLimitAndHowFarThatGoes() {
		add("a");
		add("b");
		add("a");
		add("c");
		Missed first = this.histories.between(id(0), id(4), patterns("a", "b"), 2);
		assertThat(sequences(first)).containsExactly(1L, 2L);
		assertThat(first.cursor()).isEqualTo(id(2));
		Missed rest = this.histories.between(id(2), id(4), patterns("a", "b"), 2);
		assertThat(sequences(rest)).containsExactly(3L);
		assertThat(rest.cursor()).isEqualTo(id(4));
	}

	@Test
	void returnsNothingAfterTheEnd() {
		add("a");
		add("a");
		add("a");
		assertThat(sequences(this.histories.between(id(0), id(2), patterns("a"), 100))).containsExactly(1L, 2L);
	}

	@Test
	void tellsThatEventsOfTheseTopicsAreGoneAndNotOfOthers() {
		add("quiet");
		for (int i = 0; i < 10; i++) {
			add("busy");
		}
		assertThat(gap(0, "quiet")).isNull();
		assertThat(missed(0, "quiet")).containsExactly(1L);
		assertThat(gap(0, "quiet", "busy")).isEqualTo(new Gap(Map.of("busy", id(6)), id(0), Gap.Reason.EVICTED));
		assertThat(gap(6, "busy")).isNull();
		assertThat(missed(6, "busy")).containsExactly(7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void busyTopicDoesNotCostQuietOnesTheirHistory() {
		int bound = 25_000;
		this.histories = histories(bound, 1000);
		for (int i = 0; i < 20; i++) {
			add("quiet/" + i);
		}
		for (int i = 0; i < 500; i++) {
			add("big/x");
			assertThat(this.histories.bytes()).isLessThanOrEqualTo(bound);
		}
		assertThat(this.histories.bytes()).isGreaterThan(bound - 200);
		for (int i = 0; i < 20; i++) {
			assertThat(gap(0, "quiet/" + i)).isNull();
		}
		assertThat(missed(0, "big/x")).hasSizeBetween(80, 110).endsWith(520L);
		assertThat(gap(0, "big/x")).isNotNull();
	}

	@Test
	void namesOfTopicsCount() {
		add("a");
		long ofShortName = this.histories.bytes();
		add("x".repeat(512));
		assertThat(this.histories.bytes() - ofShortName).isBetween(ofShortName + 500, ofShortName + 520);
		add("\u65E5".repeat(512));
		assertThat(this.histories.bytes() - ofShortName).as("two bytes each")
			.isBetween(2 * ofShortName + 1500, 2 * ofShortName + 1540);
	}

	@Test
	void topicsThatCostTooMuchAreForgottenAndNothingIsEverAboveTheBound() {
		int bound = 100_000;
		this.histories = histories(bound, 10_000);
		for (int i = 0; i < 2000; i++) {
			add("/x".repeat(24).substring(1) + "/" + "y".repeat(440) + i);
			add("big/busy");
			assertThat(this.histories.bytes()).isLessThanOrEqualTo(bound);
		}
		assertThat(this.histories.topics()).isBetween(50, 100);
		assertThat(missed(0, "big/busy")).as("what is left for others").hasSizeBetween(150, 400).endsWith(4000L);
		assertThat(gap(0, "unknown")).isNotNull();
		assertThat(gap(4000 - 2 * 50, "unknown")).as("the newest of all topics are kept").isNull();
	}

	@Test
	void nothingIsKeptWhereNotEvenOneTopicFits() {
		this.histories = histories(1, 10);
		add("a");
		add("b");
		assertThat(this.histories.bytes()).isZero();
		assertThat(this.histories.topics()).isZero();
		assertThat(gap(1, "a")).isNotNull();
		assertThat(gap(2, "a")).isNull();
	}

	@Test
	void keysCount() {
		add("prices/x", "k");
		long ofShortKey = this.histories.bytes();
		add("prices/x", "k".repeat(1000));
		assertThat(this.histories.bytes() - ofShortKey).isBetween(1100L, 1400L);
		for (int i = 0; i < 10; i++) {
			add("prices/x", "k".repeat(1000));
		}
		assertThat(this.histories.bytes() - ofShortKey).as("the newest alone").isBetween(1100L, 1400L);
	}

	@Test
	void keysCountForTheBoundOfTheTopic() {
		TopicPolicy small = new TopicPolicy(1000, 10_000, Duration.ofMinutes(1), OverflowPolicy.LATEST);
		this.histories = new TopicHistories(id(0), new TopicPolicies(small, Map.of()), 1_000_000, 100, LIMITS,
				AnswerLimits.DEFAULT, Long.MAX_VALUE, EventId::toString, () -> this.now);
		for (int i = 0; i < 20; i++) {
			add("a", "k".repeat(1000) + i);
		}
		assertThat(missed(0, "a")).hasSizeBetween(7, 9).endsWith(20L);
		assertThat(gap(0, "a")).isNotNull();
	}

	@Test
	void keysAreKeptOnlyWhereTheyMatter() {
		add("a", "k");
		long ofShortKey = this.histories.bytes();
		add("b", "k".repeat(1000));
		assertThat(this.histories.bytes()).isEqualTo(2 * ofShortKey);
	}

	@Test
	void idsOfStreamsThatAreLeftOutCount() {
		add("a");
		long before = this.histories.bytes();
		append(new LogEntry(LogEntry.Kind.EVENT, Topic.of("a"), null, null, "x", "s".repeat(1000)));
		assertThat(this.histories.bytes() - before).isBetween(1150L, 1300L);
	}

	@Test
	void countsNothingWhenEverythingIsForgotten() {
		this.histories = histories(50_000, 50);
		Random random = new Random(1);
		for (int i = 0; i < 5000; i++) {
			String topic = List.of("a", "big/", "prices/").get(random.nextInt(3)) + random.nextInt(100);
			if (random.nextInt(10) == 0) {
				end(topic);
			}
			else {
				add(topic, "key " + random.nextInt(20));
			}
			this.now += SECOND / 10;
		}
		assertThat(this.histories.bytes()).isPositive();
		this.histories.forgetAll(id(this.sequence), Gap.Reason.RESTARTED);
		assertThat(this.histories.bytes()).isZero();
		assertThat(this.histories.events()).isZero();
	}

	@Test
	void knowsWhatWillBeForgottenForWhatTopicsCost() {
		this.histories = histories(10_000, 1000);
		for (int i = 0; i < 10; i++) {
			add("topic/" + i);
		}
		long each = this.histories.topicBytesAdded() / 10;
		assertThat(this.histories.topicsAdded()).isEqualTo(10);
		long free = 5000 - 10 * each;
		assertThat(this.histories.forgottenAfter(1, free)).isEqualTo(id(0));
		assertThat(this.histories.forgottenAfter(1, free + 1)).isEqualTo(id(1));
		assertThat(this.histories.forgottenAfter(3, free + 2 * each + 1)).isEqualTo(id(3));
		assertThat(this.histories.forgottenAfter(1000, 0)).as("too many").isEqualTo(id(10));
	}

	@Test
	void topicIsBoundedInBytes() {
		long size = event("a").cost();
		TopicPolicy small = new TopicPolicy(1000, 3 * size, Duration.ofMinutes(1), OverflowPolicy.RESUME);
		TopicPolicy tiny = new TopicPolicy(1000, size - 1, Duration.ofMinutes(1), OverflowPolicy.RESUME);
		TopicPolicies sized = new TopicPolicies(small, Map.of(TopicPattern.of("tiny"), tiny));
		this.histories = new TopicHistories(id(0), sized, 1_000_000, 100, LIMITS, AnswerLimits.DEFAULT, Long.MAX_VALUE,
				EventId::toString, () -> this.now);
		for (int i = 0; i < 5; i++) {
			add("a");
		}
		add("tiny");
		assertThat(missed(0, "a")).containsExactly(3L, 4L, 5L);
		assertThat(gap(0, "a")).isEqualTo(new Gap(Map.of("a", id(2)), id(0), Gap.Reason.EVICTED));
		assertThat(missed(0, "tiny")).isEmpty();
		assertThat(gap(5, "tiny")).as("an event larger than the bound").isNotNull();
		assertThat(this.histories.bytes()).as("with two topics").isBetween(3 * size, 3 * size + 2 * 400);
	}

	@Test
	void eventsExpire() {
		add("a");
		this.now += 30 * SECOND;
		add("a");
		this.now += 31 * SECOND;
		assertThat(gap(0, "a")).isEqualTo(new Gap(Map.of("a", id(1)), id(0), Gap.Reason.EXPIRED));
		assertThat(missed(0, "a")).containsExactly(2L);
	}

	@Test
	void silentTopicsAgeWhileOthersGoOn() {
		for (int i = 0; i < 50; i++) {
			add("silent/" + i);
		}
		this.now += 61 * SECOND;
		for (int i = 0; i < 60; i++) {
			add("a");
		}
		assertThat(this.histories.events()).isEqualTo(5);
	}

	@Test
	void forgetsTopicsThatWereSilentForLongestAndThenSaysSo() {
		this.histories = histories(1_000_000, 3);
		add("a");
		add("b");
		add("c");
		add("a");
		add("d");
		assertThat(this.histories.topics()).isEqualTo(3);
		assertThat(missed(0, "a")).containsExactly(1L, 4L);
		assertThat(gap(0, "a")).isNull();
		assertThat(gap(0, "b")).isNotNull();
		assertThat(gap(2, "b")).isNull();
		assertThat(gap(1, "**")).isNotNull();
		assertThat(gap(2, "**")).isNull();
	}

	@Test
	void cursorFromBeforeTheStartIsGap() {
		this.histories = new TopicHistories(id(10), this.policies, 1000, 100, LIMITS, AnswerLimits.DEFAULT,
				Long.MAX_VALUE, EventId::toString, () -> this.now);
		assertThat(gap(9, "a")).isNotNull();
		assertThat(gap(10, "a")).isNull();
	}

	@Test
	void keepsNewestOfEveryKeyWhereOnlyThatMatters() {
		add("prices/x", "gold");
		add("prices/x", "silver");
		add("prices/x", "gold");
		add("prices/y", "gold");
		assertThat(missed(0, "prices/*")).containsExactly(2L, 3L, 4L);
		assertThat(missed(2, "prices/x")).containsExactly(3L);
		assertThat(gap(0, "prices/x")).isNull();
		assertThat(latest(4, "**")).containsExactly(2L, 3L, 4L);
		assertThat(latest(3, "**")).containsExactly(2L, 3L);
		add("other");
		assertThat(latest(5, "other")).isEmpty();
	}

	@Test
	void keyThatIsEvictedIsGap() {
		for (int i = 1; i <= 6; i++) {
			add("prices/x", "key " + i);
		}
		assertThat(gap(0, "prices/x")).isNotNull();
		assertThat(missed(0, "prices/x")).containsExactly(2L, 3L, 4L, 5L, 6L);
	}

	@Test
	void knowsWhichTopicsHaveEnded() {
		add("job");
		end("job");
		assertThat(isComplete(0, "job")).isFalse();
		assertThat(isComplete(1, "job")).as("nothing but the end is missing").isTrue();
		assertThat(isComplete(2, "job")).isTrue();
		assertThat(isComplete(2, "job", "other")).isFalse();
		assertThat(isComplete(2, "*")).isFalse();
		end("other");
		assertThat(isComplete(3, "job", "other")).isTrue();
		add("job");
		assertThat(isComplete(4, "job")).as("it has begun again").isFalse();
	}

	@Test
	void endOutlivesItsEvents() {
		add("job");
		end("job");
		this.now += 100 * SECOND;
		add("a");
		add("a");
		assertThat(isComplete(2, "job")).isTrue();
	}

	/**
	 * Compared with a list of everything: the returned events and the reported losses
	 * together are exactly all events.
	 */
	@Test
	void agreesWithAListOfEverything() {
		List<String> topics = List.of("a", "b", "big/x", "big/y", "c/d/e");
		List<String> patterns = List.of("a", "b", "big/x", "big/*", "**", "c/**", "none");
		for (long seed = 0; seed < 50; seed++) {
			Random random = new Random(seed);
			this.histories = histories(5000 + random.nextInt(20_000), 2 + random.nextInt(10));
			this.sequence = 0;
			Map<Long, Topic> all = new HashMap<>();
			for (int i = 0; i < 500; i++) {
				String topic = topics.get(random.nextInt(topics.size()));
				add(topic);
				all.put(this.sequence, Topic.of(topic));
				this.now += random.nextInt(10) * SECOND / 10;
				long cursor = random.nextLong(this.sequence + 1);
				List<TopicPattern> asked = patterns(patterns.get(random.nextInt(patterns.size())));
				Missed missed = this.histories.between(id(cursor), id(this.sequence), asked, Integer.MAX_VALUE);
				List<Long> expected = all.entrySet()
					.stream()
					.filter((entry) -> entry.getKey() > cursor && asked.get(0).matches(entry.getValue()))
					.map(Map.Entry::getKey)
					.sorted()
					.toList();
				List<Long> got = sequences(missed);
				assertThat(got).as("seed %d", seed).isSorted();
				assertThat(expected).as("seed %d", seed).containsAll(got);
				if (missed.gap() == null) {
					assertThat(got).as("seed %d, no gap", seed).isEqualTo(expected);
				}
				else if (this.histories.topics() == topics.size()) {
					assertThat(got.size()).as("seed %d, gap", seed).isLessThan(expected.size());
				}
			}
		}
	}

	/**
	 * With many topics, the cost of resuming depends on the number of published events,
	 * not on the number of topics.
	 */
	@Test
	void patternLooksAtEachEventOnceHoweverManyTopicsThereAre() {
		this.histories = histories(100_000_000, 20_000);
		for (int i = 0; i < 10_000; i++) {
			add("many/" + i);
		}
		EventId end = id(this.sequence);
		EventId cursor = id(0);
		List<Long> got = new ArrayList<>();
		int looks = 0;
		while (end.isAfter(cursor)) {
			Missed missed = this.histories.between(cursor, end, patterns("**"), 100);
			got.addAll(sequences(missed));
			looks += missed.looks();
			cursor = missed.cursor();
		}
		assertThat(got).hasSize(10_000).isSorted().doesNotHaveDuplicates();
		assertThat(looks).isEqualTo(10_000);
		assertThat(this.histories.between(id(9_990), end, patterns("**"), 100).looks()).isEqualTo(10);
	}

	@Test
	void patternThatMatchesLittleIsReadInParts() {
		this.histories = histories(100_000_000, 20_000);
		for (int i = 0; i < 10_000; i++) {
			add((i % 5000 == 0) ? "few/" + i : "many/" + i);
		}
		Missed part = this.histories.between(id(0), id(10_000), patterns("few/*"), 100);
		assertThat(sequences(part)).containsExactly(1L);
		assertThat(part.cursor()).isGreaterThan(id(1000)).isLessThan(id(5000));
		assertThat(part.looks()).isLessThan(5000);
	}

	@Test
	void whatExpiresWhileItIsReadIsAGap() {
		add("a/1");
		this.now += 50 * SECOND;
		add("a/2");
		this.now += 20 * SECOND;
		Missed missed = this.histories.between(id(0), id(2), patterns("a/*"), 100);
		assertThat(sequences(missed)).containsExactly(2L);
		assertThat(missed.gap()).isEqualTo(new Gap(Map.of("a/1", id(1)), id(0), Gap.Reason.EXPIRED));
	}

	/**
	 * The default policy of these tests keeps few events of a topic.
	 */
	@Test
	void resumingIsBoundedInEventsAlsoWhereOthersAreGone() {
		this.histories = histories(100_000_000, 20_000);
		for (int i = 0; i < 5000; i++) {
			add("big/gone");
		}
		assertThat(gap(0, "big/*").reason()).isEqualTo(Gap.Reason.EVICTED);
		for (int i = 0; i < 1100; i++) {
			add("big/" + i);
		}
		assertThat(gap(0, "big/*").reason()).isEqualTo(Gap.Reason.LIMIT);
	}

	@Test
	void resumingIsBoundedInEvents() {
		this.histories = histories(100_000_000, 20_000);
		for (int i = 0; i < 3000; i++) {
			add((i % 3 == 0) ? "big/" + i : "other/" + i);
		}
		assertThat(gap(0, "**")).isEqualTo(new Gap(Map.of("**", id(3000)), id(0), Gap.Reason.LIMIT));
		assertThat(gap(2000, "**")).as("no more than 1000").isNull();
		assertThat(gap(0, "big/*")).as("no more than 1000 that match").isNull();
		for (int i = 0; i < 1000; i++) {
			add("big/x");
		}
		assertThat(gap(3000, "big/x")).isNull();
		assertThat(gap(0, "big/*").reason()).isEqualTo(Gap.Reason.LIMIT);
	}

	@Test
	void topicThatWasForgottenAndUsedAgainHasLostEventsBesideAPatternToo() {
		this.histories = histories(100_000, 2);
		for (String topic : List.of("a/b", "c", "d", "e", "a/b")) {
			add(topic);
		}
		assertThat(gap(0, "a/b").lost()).containsOnlyKeys("a/b");
		assertThat(gap(0, "a/b", "x/*").lost()).containsOnlyKeys("a/b", "x/*");
	}

	@Test
	void eventsThatAreNotKeptDoNotCountForTheLimit() {
		for (int i = 0; i < 900; i++) {
			add("prices/a", "gold");
			add("big/x");
		}
		assertThat(gap(0, "big/x", "prices/a")).isNull();
	}

	@Test
	void resumingIsBoundedInTopicsThatHaveLostEvents() {
		this.histories = histories(100_000_000, 20_000);
		for (int i = 0; i < 60; i++) {
			for (int j = 0; j < 6; j++) {
				add("a/" + i);
			}
		}
		assertThat(gap(0, "b/*").lost()).containsOnlyKeys("b/*");
		assertThat(gap(0, "b/*").reason()).as("it is not known that no topic matches").isEqualTo(Gap.Reason.LIMIT);
		Missed missed = this.histories.between(id(0), id(360), patterns("**"), 100);
		assertThat(missed.events()).isEmpty();
		assertThat(missed.gap().reason()).isEqualTo(Gap.Reason.LIMIT);
		assertThat(missed.cursor()).isEqualTo(id(360));
		assertThat(gap(id(6 * 20).sequence(), "b/*")).as("40 topics").isNull();
		assertThat(gap(id(6 * 20).sequence(), "**").lost()).hasSize(40);
	}

	@Test
	void everythingCanBeForgottenAndTheReasonIsKeptForWhatComesThen() {
		add("a");
		add("b");
		this.histories.forgetAll(id(10), Gap.Reason.RESTARTED);
		assertThat(this.histories.events()).isZero();
		assertThat(this.histories.topics()).isZero();
		this.sequence = 10;
		add("a");
		for (String topic : List.of("a", "b", "c", "*")) {
			Gap gap = gap(2, topic);
			assertThat(gap.reason()).as(topic).isEqualTo(Gap.Reason.RESTARTED);
			assertThat(gap.lost()).as(topic).containsEntry(topic, id(10));
			assertThat(gap(10, topic)).as(topic).isNull();
		}
		assertThat(missed(2, "a")).containsExactly(11L);
	}

	private void add(String topic) {
		add(topic, "");
	}

	private void add(String topic, String key) {
		// as another node may have published it
		append(new LogEntry(LogEntry.Kind.EVENT, Topic.of(topic), null, key, "x", null));
	}

	private void end(String topic) {
		append(LogEntry.end(Topic.of(topic)));
	}

	private StoredEvent event(String topic) {
		return new StoredEvent(id(1), Topic.of(topic), LogEntry.end(Topic.of(topic)), new Frame(new byte[10]),
				OverflowPolicy.RESUME, this.now);
	}

	private void append(LogEntry entry) {
		this.histories.add(id(++this.sequence), entry, new Frame(new byte[10]), this.now);
	}

	private List<Long> missed(long cursor, String... patterns) {
		return sequences(this.histories.between(id(cursor), id(this.sequence), patterns(patterns), 1000));
	}

	private Gap gap(long cursor, String... patterns) {
		return this.histories.gapAfter(id(cursor), patterns(patterns));
	}

	private List<Long> latest(long end, String... patterns) {
		return this.histories.latest(id(end), patterns(patterns))
			.stream()
			.map((event) -> event.id().sequence())
			.toList();
	}

	private boolean isComplete(long cursor, String... patterns) {
		return this.histories.isComplete(id(cursor), patterns(patterns));
	}

	private static List<Long> sequences(Missed missed) {
		return new ArrayList<>(missed.events().stream().map((event) -> event.id().sequence()).toList());
	}

	private static List<TopicPattern> patterns(String... patterns) {
		return Arrays.stream(patterns).map(TopicPattern::of).toList();
	}

	private static EventId id(long sequence) {
		return new EventId(1, sequence);
	}

	private TopicHistories histories(long maxBytes, int maxTopics) {
		return new TopicHistories(id(0), this.policies, maxBytes, maxTopics, LIMITS, AnswerLimits.DEFAULT,
				Long.MAX_VALUE, EventId::toString, () -> this.now);
	}

	private static TopicPolicy policy(int events, OverflowPolicy overflow) {
		return new TopicPolicy(events, Long.MAX_VALUE, Duration.ofMinutes(1), overflow);
	}

}
