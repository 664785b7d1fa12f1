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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.Torture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the answers that {@link TopicHistories} keeps.
 */
@Torture
class AnswerHistoryTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final AnswerLimits LIMITS = new AnswerLimits(10_000, 1 << 20, Duration.ofMinutes(10));

	private final List<Entry> entries = new ArrayList<>();

	private Function<Long, EventId> ids = (sequence) -> new EventId(1, sequence);

	private long now;

	private long sequence;

	private TopicHistories histories = histories(100_000_000, 100, LIMITS);

	@Test
	void piecesOfAnAnswerAreOneEventWithTheIdOfTheLast() {
		begin("a");
		piece("a", "One ");
		piece("a", "day\nin ");
		piece("a", "\r\nMay");
		assertThat(text(1, "a")).containsExactly("4: One day\nin \nMay");
		end("a");
		assertThat(text(1, "a")).containsExactly("4: One day\nin \nMay", "5 end");
		assertThat(text(2, "a")).containsExactly("4: day\nin \nMay", "5 end");
		assertThat(text(3, "a")).containsExactly("4: \nMay", "5 end");
		assertThat(text(4, "a")).containsExactly("5 end");
		assertThat(text(1, "*")).containsExactly("4: One day\nin \nMay", "5 end");
	}

	@Test
	void joinedPiecesSayWhatTheySayOneByOne() {
		List<String> pieces = List.of("\n", "\r", "\n", "", "\u65E5\u672C", "\uD83D", "\uDE00", "\uD83D\uDE00", "a\rb",
				"\n\n", "\r\n");
		begin("a");
		pieces.forEach((piece) -> piece("a", piece));
		String oneByOne = pieces.stream()
			.map((piece) -> data(EventStreamEncoder.event("1", null, piece)))
			.collect(Collectors.joining());
		assertThat(text(1, "a")).containsExactly("12: " + oneByOne);
	}

	@Test
	void piecesAreJoinedWhereNothingElseIsBetween() {
		begin("a");
		begin("b");
		piece("a", "1");
		piece("b", "2");
		piece("a", "3");
		event("c", "4");
		piece("a", "5");
		event("a", "6");
		piece("a", "7");
		piece("b", "8");
		assertThat(text(2, "a")).containsExactly("7: 135", "8: 6", "9: 7");
		assertThat(text(2, "b")).containsExactly("10: 28");
		assertThat(text(2, "a", "b")).containsExactly("3: 1", "4: 2", "7: 35", "8: 6", "9: 7", "10: 8");
		assertThat(text(2, "a", "c")).containsExactly("5: 13", "6: 4", "7: 5", "8: 6", "9: 7");
		assertThat(text(2, "*")).containsExactly("3: 1", "4: 2", "5: 3", "6: 4", "7: 5", "8: 6", "9: 7", "10: 8");
	}

	@Test
	void streamsGetTheSameObject() {
		begin("a");
		for (int i = 0; i < 5000; i++) {
			piece("a", "piece ");
		}
		end("a");
		StoredEvent one = this.histories.between(id(1), id(this.sequence), patterns("a"), 100).events().get(0);
		StoredEvent other = this.histories.between(id(1), id(this.sequence), patterns("*"), 100).events().get(0);
		assertThat(one).isSameAs(other);
		assertThat(one.id()).isEqualTo(id(5001));
		assertThat(data(one)).isEqualTo("piece ".repeat(5000));
	}

	@Test
	void noEventIsLargerThanItMayBeAndNoAnswerIsReadAsAWhole() {
		begin("a");
		for (int i = 0; i < 30_000 / 3; i++) {
			piece("a", "twenty characters...");
		}
		Missed first = this.histories.between(id(1), id(this.sequence), patterns("a"), 100);
		assertThat(first.events()).hasSize(1);
		assertThat(first.cursor()).isEqualTo(first.events().get(0).id());
		assertThat(data(first.events().get(0))).hasSizeBetween(65_536 - 20, 65_536);
		assertThat(text(1, "a").stream().map((text) -> text.replaceAll("[0-9]+: ", "")).collect(Collectors.joining()))
			.isEqualTo("twenty characters...".repeat(10_000));
		assertThat(text(1, "a")).hasSize(4);
		begin("b");
		piece("b", "x".repeat(100_000));
		piece("b", "y");
		assertThat(text(this.sequence - 3, "b")).hasSize(2);
	}

	/**
	 * Elements of 500 sources arrive in turn.
	 */
	@Test
	void runningAnswerCostsItsTextAndLittleMore() {
		this.histories = histories(Long.MAX_VALUE, 1000, LIMITS);
		for (int i = 0; i < 500; i++) {
			begin("a/" + i);
		}
		for (int i = 0; i < 2000; i++) {
			for (int j = 0; j < 500; j++) {
				append(LogEntry.piece(Topic.of("a/" + j), "piece"));
			}
		}
		assertThat(this.histories.events()).isEqualTo(1_000_000);
		assertThat(this.histories.bytes() / 500 - 2000 * 5).isLessThan(10 * 1024);
	}

	@Test
	void answerHasItsOwnBoundsAndTheTopicItsOwnOtherwise() {
		for (int i = 0; i < 20; i++) {
			event("a", "before");
		}
		assertThat(this.histories.events()).isEqualTo(5);
		begin("a");
		assertThat(this.histories.events()).isZero();
		assertThat(gap(0, "a")).isEqualTo(new Gap(Map.of("a", id(20)), id(0), Gap.Reason.EVICTED));
		assertThat(gap(20, "a")).isNull();
		for (int i = 0; i < 5000; i++) {
			event("a", "part");
			piece("a", "piece");
		}
		assertThat(text(21, "a")).hasSize(10_000);
		assertThat(gap(21, "a")).isNull();
		for (int i = 0; i < 100; i++) {
			piece("a", "piece");
		}
		assertThat(this.histories.events()).isEqualTo(LIMITS.maxEvents() + 16);
		assertThat(gap(21, "a").reason()).isEqualTo(Gap.Reason.EVICTED);
	}

	@Test
	void dataOfAnswerIsBoundedAndFramesDoNotCount() {
		begin("a");
		begin("b");
		for (int i = 0; i < 1024; i++) {
			event("a", "x".repeat(1024));
			piece("b", "x".repeat(1024));
		}
		assertThat(gap(2, "a")).as("1 MB").isNull();
		assertThat(gap(2, "b")).as("1 MB").isNull();
		for (int i = 0; i < 1024; i++) {
			event("a", "x".repeat(1024));
			piece("b", "x".repeat(1024));
		}
		assertThat(gap(2, "a")).isNotNull();
		assertThat(gap(2, "b")).isNotNull();
		assertThat(this.histories.events()).isBetween(2200, 3300);
	}

	@Test
	void answerIsKeptAfterItsEndAndThenKnownToHaveBeen() {
		assertThat(state("a")).isEqualTo(AnswerState.UNKNOWN);
		begin("a");
		piece("a", "text");
		event("a", "part");
		this.now += 590 * SECOND;
		assertThat(state("a")).isEqualTo(AnswerState.RUNNING);
		piece("a", "text");
		this.now += 590 * SECOND;
		end("a");
		this.now += 600 * SECOND;
		assertThat(state("a")).isEqualTo(AnswerState.COMPLETE);
		assertThat(text(1, "a")).containsExactly("2: text", "3: part", "4: text", "5 end");
		assertThat(text(1, "*")).containsExactly("2: text", "3: part", "4: text", "5 end");
		this.now += SECOND;
		assertThat(text(1, "*")).isEmpty();
		assertThat(this.histories.events()).isZero();
		assertThat(state("a")).isEqualTo(AnswerState.GONE);
		assertThat(isComplete(4, "a")).isTrue();
		assertThat(isComplete(5, "a")).isTrue();
		assertThat(beginning("a"))
			.isEqualTo(new Beginning(id(4), new Gap(Map.of("a", id(4)), null, Gap.Reason.EXPIRED)));
		begin("a");
		assertThat(state("a")).isEqualTo(AnswerState.RUNNING);
		assertThat(isComplete(5, "a")).isFalse();
		assertThat(beginning("a")).isEqualTo(new Beginning(id(6), null));
		end("a");
		assertThat(state("a")).isEqualTo(AnswerState.COMPLETE);
	}

	@Test
	void answerThatIsSilentForLongIsKeptUntilItHasEnded() {
		begin("a");
		piece("a", "text");
		this.now += 6000 * SECOND;
		assertThat(state("a")).isEqualTo(AnswerState.RUNNING);
		assertThat(text(1, "a")).containsExactly("2: text");
		assertThat(text(1, "*")).containsExactly("2: text");
		end("a");
		this.now += 601 * SECOND;
		assertThat(state("a")).isEqualTo(AnswerState.GONE);
	}

	@Test
	void answerThatIsForgottenIsUnknown() {
		this.histories = histories(100_000, 2, LIMITS);
		begin("a");
		piece("a", "text");
		end("a");
		event("b", "x");
		event("c", "x");
		assertThat(state("a")).isEqualTo(AnswerState.UNKNOWN);
		assertThat(beginning("a"))
			.isEqualTo(new Beginning(id(5), new Gap(Map.of("a", id(3)), null, Gap.Reason.EVICTED)));
		assertThat(text(0, "*")).containsExactly("4: x", "5: x");
	}

	@Test
	void answerGivesWayWhereAllIsTooMuch() {
		this.histories = histories(20_000, 10, LIMITS);
		event("quiet", "x");
		begin("a");
		for (int i = 0; i < 10_000; i++) {
			piece("a", "piece");
			assertThat(this.histories.bytes()).isLessThanOrEqualTo(20_000);
		}
		end("a");
		assertThat(state("a")).isEqualTo(AnswerState.GONE);
		assertThat(beginning("a").gap().reason()).isEqualTo(Gap.Reason.EVICTED);
		assertThat(text(beginning("a").cursor().sequence(), "a").get(0)).hasSizeGreaterThan(8000);
		assertThat(text(0, "quiet")).containsExactly("1: x");
	}

	@Test
	void beginningIsAfterTheNewestBeginAndElseBeforeEverything() {
		this.histories = new TopicHistories(id(7), policies(), 1_000_000, 100, new ResumeLimits(6, 10), LIMITS,
				Long.MAX_VALUE, EventId::toString, () -> this.now);
		this.sequence = 7;
		assertThat(beginning("a")).as("nothing is known to be gone").isEqualTo(new Beginning(id(7), null));
		assertThat(beginning("*")).isEqualTo(new Beginning(id(7), null));
		event("a", "one");
		event("b", "two");
		assertThat(beginning("a")).isEqualTo(new Beginning(id(7), null));
		assertThat(beginning("c")).isEqualTo(new Beginning(id(9), null));
		assertThat(beginning("*")).isEqualTo(new Beginning(id(7), null));
		begin("a");
		piece("a", "three");
		assertThat(beginning("a")).isEqualTo(new Beginning(id(10), null));
		assertThat(beginning("a", "b")).isEqualTo(new Beginning(id(7), null));
		assertThat(beginning("a", "c")).isEqualTo(new Beginning(id(10), null));
		for (int i = 0; i < 10; i++) {
			event("b", "x");
			event("a", "part of an answer");
		}
		assertThat(beginning("b"))
			.isEqualTo(new Beginning(id(20), new Gap(Map.of("b", id(20)), null, Gap.Reason.EVICTED)));
		assertThat(beginning("a")).as("answers have their own bounds").isEqualTo(new Beginning(id(10), null));
		assertThat(beginning("*").gap().reason()).as("more than one stream may get").isEqualTo(Gap.Reason.LIMIT);
		assertThat(beginning("*").cursor()).isEqualTo(id(this.sequence));
		event("d", "x");
		event("e", "x");
		assertThat(beginning("b", "d", "e").gap().reason()).isEqualTo(Gap.Reason.LIMIT);
	}

	@Test
	void topicThatKeepsTheNewestOfEachKeyKeepsAllOfAnAnswer() {
		event("latest", "one");
		event("latest", "two");
		assertThat(this.histories.latest(id(2), patterns("latest"))).hasSize(1);
		begin("latest");
		StoredEvent part = event("latest", "three");
		event("latest", "four");
		piece("latest", "five");
		assertThat(part.overflow()).isEqualTo(OverflowPolicy.RESUME);
		assertThat(text(3, "latest")).containsExactly("4: three", "5: four", "6: five");
		assertThat(this.histories.latest(id(6), patterns("latest"))).isEmpty();
		this.histories.forgetAll(id(6), Gap.Reason.EVICTED);
		assertThat(this.histories.bytes()).isZero();
		event("latest", "seven");
		event("latest", "eight");
		assertThat(text(6, "latest")).containsExactly("8: eight");
	}

	@Test
	void piecesWithoutABeginningAreEventsAsOthers() {
		for (int i = 0; i < 10; i++) {
			piece("a", "p" + i);
		}
		assertThat(text(5, "a")).containsExactly("6: p5", "7: p6", "8: p7", "9: p8", "10: p9");
		assertThat(state("a")).isEqualTo(AnswerState.UNKNOWN);
		end("a");
		assertThat(state("a")).isEqualTo(AnswerState.GONE);
	}

	@Test
	void knowsWhetherAnEndIsACut() {
		begin("a");
		append(LogEntry.end(Topic.of("a"), true));
		end("b");
		assertThat(this.histories.isCut(patterns("a"))).isTrue();
		assertThat(this.histories.isCut(patterns("b", "a"))).isTrue();
		assertThat(this.histories.isCut(patterns("b"))).isFalse();
		assertThat(this.histories.isCut(patterns("c"))).isFalse();
		begin("a");
		assertThat(this.histories.isCut(patterns("a"))).isFalse();
	}

	@Test
	void whateverAClientHasOfAnInterruptedAnswerIsVoidOnceItBeginsAgain() {
		begin("a");
		piece("a", "one");
		append(LogEntry.interruptedEnd(Topic.of("a")));
		event("b", "other");
		assertThat(isInterrupted("a")).isTrue();
		assertThat(isInterrupted("b")).isFalse();
		assertThat(isInterrupted("c")).isFalse();
		assertThat(isOver(2, "a")).as("it may begin again").isFalse();
		assertThat(isOver(2, "c")).as("nothing is known").isTrue();
		assertThat(state("a")).as("kept for those that do not start it").isEqualTo(AnswerState.COMPLETE);
		assertThat(isComplete(2, "a")).isTrue();
		assertThat(gap(1, "a")).isNull();
		begin("a");
		assertThat(isInterrupted("a")).isFalse();
		assertThat(state("a")).isEqualTo(AnswerState.RUNNING);
		for (long cursor = 1; cursor < 5; cursor++) {
			assertThat(gap(cursor, "a")).isEqualTo(new Gap(Map.of("a", id(5)), id(cursor), Gap.Reason.INTERRUPTED));
			assertThat(gap(cursor, "*")).isEqualTo(gap(cursor, "a"));
		}
		assertThat(gap(5, "a")).isNull();
		assertThat(beginning("a")).isEqualTo(new Beginning(id(5), null));
		piece("a", "new");
		end("a");
		assertThat(state("a")).isEqualTo(AnswerState.COMPLETE);
		assertThat(isComplete(2, "a")).isFalse();
		assertThat(isComplete(6, "a")).isTrue();
		assertThat(isOver(2, "a")).as("it has begun again").isFalse();
		assertThat(isOver(6, "a")).isTrue();
		begin("a");
		assertThat(isOver(7, "a")).isFalse();
		assertThat(gap(7, "a")).as("the end was none of an interruption").isNull();
		this.histories.forgetAll(id(8), Gap.Reason.EVICTED);
		assertThat(this.histories.bytes()).isZero();
	}

	private boolean isOver(long cursor, String topic) {
		return this.histories.isOver(id(cursor), Topic.of(topic));
	}

	private boolean isInterrupted(String topic) {
		return this.histories.isInterrupted(Topic.of(topic));
	}

	/**
	 * Compared with a list of everything, also with ids as of Redis: a stream receives
	 * the kept text and events once, in order, whatever limit it requests; and everything
	 * that is not reported as lost is kept.
	 */
	@Test
	void agreesWithAListOfEverything() {
		List<String> topics = List.of("a", "b", "c/x", "c/y", "latest");
		List<List<String>> asked = List.of(List.of("a"), List.of("a", "b"), List.of("b", "c/x", "c/y"), List.of("c/*"),
				List.of("**"), List.of("a", "*/y"), List.of("c/x", "none"));
		for (long seed = 0; seed < Rounds.of(6, 60); seed++) {
			Random random = new Random(seed);
			this.ids = (seed % 2 == 0) ? (sequence) -> new EventId(1, sequence)
					: (sequence) -> new EventId(1000 + sequence / 3 * 7, sequence % 3);
			this.sequence = 0;
			this.entries.clear();
			boolean lossy = seed % 3 > 0;
			this.histories = histories(lossy ? 6000 + random.nextInt(8000) : Long.MAX_VALUE, 100, lossy
					? new AnswerLimits(20 + random.nextInt(100), 1000 + random.nextInt(1000), Duration.ofSeconds(60))
					: LIMITS);
			for (int i = 0; i < 120; i++) {
				String topic = topics.get(random.nextInt(topics.size()));
				step(random, topic);
				this.now += lossy ? random.nextLong(SECOND) : 0;
				long cursor = random.nextLong(this.sequence + 1);
				long end = cursor + random.nextLong(this.sequence - cursor + 1);
				check("seed " + seed + " step " + i, asked.get(random.nextInt(asked.size())), cursor, end, random);
			}
			this.histories.forgetAll(id(this.sequence), Gap.Reason.RESTARTED);
			assertThat(this.histories.bytes()).as("seed %d", seed).isZero();
			assertThat(this.histories.events()).as("seed %d", seed).isZero();
		}
	}

	private void step(Random random, String topic) {
		switch (random.nextInt(12)) {
			case 0 -> begin(topic);
			case 1 -> end(topic);
			case 2, 3 -> event(topic, "event " + this.sequence);
			default -> {
				for (int i = random.nextInt(20); i >= 0; i--) {
					piece(topic, List.of("", "word ", "a\nline", "\u65E5\u672C", "x".repeat(random.nextInt(300)))
						.get(random.nextInt(5)));
				}
			}
		}
	}

	private void check(String name, List<String> asked, long cursor, long end, Random random) {
		List<TopicPattern> patterns = patterns(asked.toArray(String[]::new));
		Map<String, EventId> gone = new HashMap<>();
		List<StoredEvent> got = new ArrayList<>();
		EventId from = id(cursor);
		while (id(end).isAfter(from)) {
			Missed missed = this.histories.between(from, id(end), patterns, 1 + random.nextInt(5));
			if (missed.gap() != null) {
				missed.gap().lost().forEach((topic, last) -> gone.merge(topic, last, AnswerHistoryTests::later));
			}
			assertThat(missed.cursor()).as(name).isGreaterThan(from);
			got.addAll(missed.events());
			from = missed.cursor();
		}
		assertThat(from).as(name).isEqualTo(id(end));
		List<Entry> expected = this.entries.stream()
			.filter((entry) -> entry.id.isAfter(id(cursor)) && !entry.id.isAfter(id(end)) && !entry.isSilent())
			.filter((entry) -> patterns.stream().anyMatch((pattern) -> pattern.matches(entry.topic)))
			.filter((entry) -> !isGone(entry, gone))
			.toList();
		int at = 0;
		for (StoredEvent event : got) {
			if (event.isSilent()) {
				continue;
			}
			StringBuilder text = new StringBuilder();
			int parts = 0;
			Entry entry;
			do {
				assertThat(at).as(name).isLessThan(expected.size());
				entry = expected.get(at++);
				assertThat(entry.topic).as(name).isEqualTo(event.topic());
				text.append(entry.text);
				parts++;
			}
			while (!entry.id.equals(event.id()));
			assertThat(parts == 1 || event.isPiece()).as(name).isTrue();
			assertThat(data(event)).as(name).isEqualTo(text.toString());
			assertThat(new String(event.toByteArray(), StandardCharsets.UTF_8)).as(name)
				.startsWith("id: " + event.id() + "\ndata: ");
		}
		assertThat(at).as("%s: %s", name, asked).isEqualTo(expected.size());
	}

	/**
	 * An event that a later one supersedes is not lost.
	 */
	private boolean isGone(Entry entry, Map<String, EventId> gone) {
		EventId last = gone.get(entry.topic.toString());
		if (last != null && !entry.id.isAfter(last)) {
			return true;
		}
		if (!entry.topic.toString().equals("latest")) {
			return false;
		}
		boolean inAnswer = false;
		boolean superseded = false;
		for (Entry other : this.entries) {
			if (other.topic.equals(entry.topic)) {
				inAnswer |= other.kind == LogEntry.Kind.BEGIN && !other.id.isAfter(entry.id);
				superseded |= !other.isSilent() && other.id.isAfter(entry.id) && !isInAnswer(other);
				superseded |= other.kind == LogEntry.Kind.BEGIN && other.id.isAfter(entry.id);
			}
		}
		return superseded && !inAnswer;
	}

	private boolean isInAnswer(Entry entry) {
		return this.entries.stream()
			.anyMatch((other) -> other.topic.equals(entry.topic) && other.kind == LogEntry.Kind.BEGIN
					&& !other.id.isAfter(entry.id));
	}

	private static EventId later(EventId one, EventId other) {
		return one.isAfter(other) ? one : other;
	}

	private List<String> text(long cursor, String... patterns) {
		List<String> result = new ArrayList<>();
		EventId from = id(cursor);
		while (id(this.sequence).isAfter(from)) {
			Missed missed = this.histories.between(from, id(this.sequence), patterns(patterns), 100);
			missed.events()
				.forEach((event) -> result.add(event.id().sequence() + (event.isEnd() ? " end" : ": " + data(event))));
			from = missed.cursor();
		}
		return result;
	}

	/**
	 * Return the data of an event as a client reads it.
	 */
	private static String data(Frame frame) {
		return new String(frame.toByteArray(), StandardCharsets.UTF_8).lines()
			.filter((line) -> line.startsWith("data: "))
			.map((line) -> line.substring(6))
			.collect(Collectors.joining("\n"));
	}

	private AnswerState state(String topic) {
		return this.histories.answerState(Topic.of(topic));
	}

	private Beginning beginning(String... patterns) {
		return this.histories.beginning(patterns(patterns));
	}

	private Gap gap(long cursor, String... patterns) {
		return this.histories.gapAfter(id(cursor), patterns(patterns));
	}

	private boolean isComplete(long cursor, String topic) {
		return this.histories.isComplete(id(cursor), patterns(topic));
	}

	private void begin(String topic) {
		append(LogEntry.begin(Topic.of(topic)));
	}

	private void piece(String topic, String text) {
		append(LogEntry.piece(Topic.of(topic), text));
	}

	private StoredEvent event(String topic, String data) {
		return append(new LogEntry(LogEntry.Kind.EVENT, Topic.of(topic), null, null, data, null));
	}

	private void end(String topic) {
		append(LogEntry.end(Topic.of(topic)));
	}

	private StoredEvent append(LogEntry entry) {
		EventId id = id(++this.sequence);
		Frame frame = (entry.kind() == LogEntry.Kind.BEGIN || entry.kind() == LogEntry.Kind.END) ? Frame.of("")
				: EventStreamEncoder.event(id.toString(), null, entry.data());
		this.entries.add(new Entry(id, entry.topic(), entry.kind(), entry.data()));
		return this.histories.add(id, entry, frame, this.now);
	}

	private EventId id(long sequence) {
		return this.ids.apply(sequence);
	}

	private static List<TopicPattern> patterns(String... patterns) {
		return Arrays.stream(patterns).map(TopicPattern::of).toList();
	}

	private TopicHistories histories(long maxBytes, int maxTopics, AnswerLimits limits) {
		return new TopicHistories(id(0), policies(), maxBytes, maxTopics, new ResumeLimits(1000, 50), limits,
				Long.MAX_VALUE, EventId::toString, () -> this.now);
	}

	private static TopicPolicies policies() {
		return new TopicPolicies(policy(OverflowPolicy.RESUME),
				Map.of(TopicPattern.of("latest"), policy(OverflowPolicy.LATEST)));
	}

	private static TopicPolicy policy(OverflowPolicy overflow) {
		return new TopicPolicy(5, Long.MAX_VALUE, Duration.ofMinutes(1), overflow);
	}

	private record Entry(EventId id, Topic topic, LogEntry.Kind kind, String text) {

		boolean isSilent() {
			return this.kind == LogEntry.Kind.BEGIN || this.kind == LogEntry.Kind.END;
		}

	}

}
