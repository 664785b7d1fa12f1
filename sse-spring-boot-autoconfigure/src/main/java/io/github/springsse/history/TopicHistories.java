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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The events that this node keeps of each topic. Streams receive their missed events from
 * here.
 * <p>
 * Each topic is bounded in number, bytes and age by its {@link TopicPolicy}. All topics
 * together are bounded in bytes and in their number. The bytes are the approximate sizes
 * of events and topics on the heap. If all events together exceed the bound in bytes, the
 * oldest events of the largest topics (those of the largest power of two) are evicted, so
 * that a busy topic never displaces the history of a quiet one. If there are too many
 * topics, or the topics themselves need more than half of the bytes, those topics are
 * evicted that have been silent for the longest time.
 * <p>
 * In addition to the events of each topic, a ring holds all events in the order of the
 * log. The missed events of a stream of topics are merged from these topics. The missed
 * events of a stream with patterns are read from the ring: each event since the cursor is
 * examined once, so the cost does not depend on the number of topics. The pieces of
 * answers are not in the ring. They are stored compactly in their topics, and merged in
 * from the answers that have received pieces since the cursor.
 * <p>
 * <em>Threads:</em> the thread of the log adds, any thread reads. All of them hold the
 * lock meanwhile. A thread that reads events by patterns releases the lock after
 * {@link #LOOKS} events. A search for lost events examines at most as many topics as
 * {@link ResumeLimits} allows. The time to read the newest event of each key depends on
 * the number of topics that keep only these.
 */
public final class TopicHistories {

	/** The number of topics whose age is checked when an event is added. */
	private static final int AGED_AT_ONCE = 2;

	/** The maximum number of events that are examined under the lock at once. */
	private static final int LOOKS = 2048;

	/** The maximum number of bytes of pieces that are joined into one event. */
	private static final int MAX_TEXT = 64 * 1024;

	private final ReentrantLock lock = new ReentrantLock();

	private final TopicPolicies policies;

	private final long maxBytes;

	private final int maxTopics;

	private final LongSupplier clock;

	private final ResumeLimits limits;

	private final Map<Topic, TopicHistory> topics = new HashMap<>();

	private final long maxText;

	private final Function<EventId, String> ids;

	/** The id of the last entry before the first one that was added. */
	private final EventId start;

	private final AllTopics all;

	/** The topics that keep only the newest event of each key. */
	private final Set<TopicHistory> latestOnly = new LinkedHashSet<>();

	private final TopicsByRecency byRecency = new TopicsByRecency();

	private final TopicsBySize bySize = new TopicsBySize();

	/** The size of the events on the heap. */
	private long eventBytes;

	/** The size of the topics on the heap, without their events. */
	private long topicBytes;

	private int events;

	private long topicsAdded;

	private long topicBytesAdded;

	/** The newest entry of the forgotten topics, or the start. */
	private EventId forgotten;

	private Gap.Reason forgottenReason = Gap.Reason.EVICTED;

	/**
	 * Create an empty history.
	 * @param start the id of the last entry that will not be added
	 * @param policies the policy of each topic
	 * @param maxBytes the maximum size of all topics and their events on the heap
	 * @param maxTopics the maximum number of topics
	 * @param limits the limits of one stream that resumes
	 * @param answerLimits the limits of one answer
	 * @param eventBytes the maximum size of an event into which pieces are joined
	 * @param ids formats ids for clients; must not block
	 * @param clock the current time, as of {@link System#nanoTime()}
	 */
	public TopicHistories(EventId start, TopicPolicies policies, long maxBytes, int maxTopics, ResumeLimits limits,
			AnswerLimits answerLimits, long eventBytes, Function<EventId, String> ids, LongSupplier clock) {
		this.start = start;
		this.all = new AllTopics(answerLimits);
		this.maxText = Math.min(eventBytes, MAX_TEXT);
		this.ids = ids;
		this.forgotten = start;
		this.policies = policies;
		this.maxBytes = maxBytes;
		this.maxTopics = maxTopics;
		this.limits = limits;
		this.clock = clock;
	}

	/**
	 * Add an entry that is newer than all earlier ones.
	 * @param id the id of the entry
	 * @param entry the entry
	 * @param frame the encoded event
	 * @param arrivedAt when the entry reached this node, as of {@link System#nanoTime()}
	 * @return the event for the streams
	 */
	public StoredEvent add(EventId id, LogEntry entry, Frame frame, long arrivedAt) {
		return add(id, entry, frame, null, arrivedAt);
	}

	/**
	 * Add an entry that may be compressed and is newer than all earlier ones.
	 * @param id the id of the entry
	 * @param entry the entry
	 * @param frame the encoded event
	 * @param forms its compressed forms, {@code null} if it is not compressed
	 * @param arrivedAt when the entry reached this node, as of {@link System#nanoTime()}
	 * @return the event for the streams
	 */
	public StoredEvent add(EventId id, LogEntry entry, Frame frame, @Nullable EventForms forms, long arrivedAt) {
		this.lock.lock();
		try {
			TopicHistory history = this.topics.get(entry.topic());
			if (history == null) {
				history = new TopicHistory(entry.topic(), this.policies.of(entry.topic()), this.forgotten,
						this.forgottenReason, this.all);
				this.topics.put(entry.topic(), history);
				this.topicBytes += history.topicBytes();
				this.topicsAdded++;
				this.topicBytesAdded += history.topicBytes();
				if (history.policy().keepsLatestOnly()) {
					this.latestOnly.add(history);
				}
			}
			else {
				this.byRecency.remove(history);
			}
			this.byRecency.add(history);
			StoredEvent event = new StoredEvent(id, history.topic(), entry, frame, forms, history.overflow(),
					arrivedAt);
			TopicHistory changed = history;
			change(history, () -> changed.add(event, entry.data()));
			if (event.isBegin()) {
				this.latestOnly.remove(history);
			}
			age();
			makeRoom();
			return event;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void makeRoom() {
		forgetTopicsAboveBounds();
		while (this.eventBytes + this.topicBytes > this.maxBytes && this.events > 0) {
			TopicHistory largest = this.bySize.largest();
			change(largest, () -> largest.removeOldest(Gap.Reason.EVICTED));
			forgetTopicsAboveBounds();
		}
	}

	private void forgetTopicsAboveBounds() {
		TopicHistory silent = this.byRecency.leastRecent();
		while ((this.topics.size() > this.maxTopics || this.topicBytes > maxTopicBytes()) && silent != null) {
			forget(silent);
			silent = this.byRecency.leastRecent();
		}
	}

	private long maxTopicBytes() {
		return this.maxBytes / 2;
	}

	/**
	 * Forget all events, because entries of any topic may be missing.
	 * @param until the last entry that may be missing; all entries that are added from
	 * now on are after it
	 * @param reason the reason why entries are missing
	 */
	public void forgetAll(EventId until, Gap.Reason reason) {
		this.lock.lock();
		try {
			TopicHistory oldest = this.byRecency.leastRecent();
			while (oldest != null) {
				forget(oldest);
				oldest = this.byRecency.leastRecent();
			}
			this.forgotten = until;
			this.forgottenReason = reason;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the events between two cursors of all topics that match any of some
	 * patterns.
	 * @param cursor the id after which the events begin
	 * @param end the id of the last event to return
	 * @param patterns the patterns
	 * @param limit the maximum number of events to return, the oldest first
	 * @return the events, and whether there are more
	 */
	public Missed between(EventId cursor, EventId end, List<TopicPattern> patterns, int limit) {
		return locked(() -> {
			if (!areTopics(patterns)) {
				return scan(cursor, end, patterns, limit);
			}
			List<TopicHistory> candidates = changedSince(cursor, patterns);
			Gap gap = gap(cursor, patterns, candidates);
			MissedEvents missed = new MissedEvents(cursor, limit, this.maxText, this.ids);
			boolean complete = merge(cursor, end, candidates, missed);
			List<StoredEvent> events = missed.events();
			return new Missed(gap, events, complete ? end : missed.last(),
					candidates.size() + events.size() + missed.looksAtText());
		});
	}

	private static boolean areTopics(List<TopicPattern> patterns) {
		for (TopicPattern pattern : patterns) {
			if (pattern.asTopic() == null) {
				return false;
			}
		}
		return true;
	}

	private Missed scan(EventId cursor, EventId end, List<TopicPattern> patterns, int limit) {
		MissedEvents missed = new MissedEvents(cursor, limit, this.maxText, this.ids);
		Scanned scanned = scan(cursor, end, patterns, missed);
		Gap gap = gapOfPatterns(cursor, patterns);
		if (gap != null && gap.reason() == Gap.Reason.LIMIT) {
			return new Missed(Gap.of(patterns, end, cursor, Gap.Reason.LIMIT), List.of(), end, scanned.looks());
		}
		return new Missed(gap, missed.events(), scanned.reached(), scanned.looks() + missed.looksAtText());
	}

	/**
	 * Read the events after a cursor from the ring of all events, and the pieces between
	 * them. Events that expire meanwhile are a gap, which the caller looks for
	 * afterwards.
	 */
	private Scanned scan(EventId cursor, EventId end, List<TopicPattern> patterns, MissedEvents missed) {
		long now = this.clock.getAsLong();
		PieceWalks pieces = piecesAfter(cursor, patterns, now);
		EventId reached = cursor;
		StoredEvent event = this.all.events().firstAfter(cursor);
		int looks = 0;
		for (; event != null && !event.id().isAfter(end); looks++) {
			if (looks == LOOKS || missed.isFull() || !pieces.take(event.id(), missed)) {
				return new Scanned(later(reached, missed.last()), looks + pieces.looks());
			}
			TopicHistory history = event.history;
			if (history != null && isMatchedBy(history, patterns)) {
				if (history.isExpired(event, now)) {
					reached = event.id();
					change(history, () -> history.expire(now));
					event = this.all.events().firstAfter(reached);
					continue;
				}
				if (!missed.add(event)) {
					return new Scanned(later(reached, missed.last()), looks + pieces.looks());
				}
			}
			reached = event.id();
			event = this.all.events().next(event);
		}
		reached = pieces.take(end, missed) ? end : later(reached, missed.last());
		return new Scanned(reached, looks + pieces.looks());
	}

	private static EventId later(EventId one, EventId other) {
		return one.isAfter(other) ? one : other;
	}

	private PieceWalks piecesAfter(EventId cursor, List<TopicPattern> patterns, long now) {
		PieceWalks result = new PieceWalks();
		Answer answer = this.all.answers().mostRecent();
		while (answer != null && answer.pieces().newestId().isAfter(cursor)) {
			Answer next = answer.lessRecent;
			TopicHistory history = answer.history();
			if (isMatchedBy(history, patterns)) {
				change(history, () -> history.expire(now));
				result.add(answer, cursor);
			}
			answer = next;
		}
		return result;
	}

	/**
	 * Return the gap that prevents a stream from resuming after a cursor.
	 * @param cursor the cursor
	 * @param patterns the patterns
	 * @return the lost events, or all events if they are more than one stream may
	 * receive; {@code null} if the stream can resume
	 */
	public @Nullable Gap gapAfter(EventId cursor, List<TopicPattern> patterns) {
		boolean topics = areTopics(patterns);
		if (isBeyondLimit(cursor, patterns, topics)) {
			return Gap.of(patterns, locked(this::newest), cursor, Gap.Reason.LIMIT);
		}
		return locked(
				() -> topics ? gap(cursor, patterns, changedSince(cursor, patterns)) : gapOfPatterns(cursor, patterns));
	}

	private EventId newest() {
		TopicHistory history = this.byRecency.mostRecent();
		return (history != null) ? history.lastId() : this.forgotten;
	}

	/**
	 * Whether a stream has missed more events than it may receive. Usually even the
	 * events of all topics are within the limit; only if they are not, the matching
	 * events are counted.
	 */
	private boolean isBeyondLimit(EventId cursor, List<TopicPattern> patterns, boolean topics) {
		if (topics) {
			return locked(() -> isBeyondLimit(cursor, changedSince(cursor, patterns)));
		}
		EventId from = cursor;
		long count = 0;
		while (locked(atMostAfter(from)) > this.limits.events() - count) {
			MissedEvents part = new MissedEvents(from, LOOKS, this.maxText, null);
			EventId after = from;
			from = locked(() -> scan(after, EventId.MAX, patterns, part)).reached();
			count += part.count();
			if (count > this.limits.events()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * NOTE: answers have bounds of their own, and their joined pieces are few events.
	 */
	private boolean isBeyondLimit(EventId cursor, List<TopicHistory> topics) {
		long limit = this.limits.events();
		List<TopicHistory> others = topics.stream().filter((history) -> history.answer() == null).toList();
		if (others.stream().mapToLong((history) -> history.atMostAfter(cursor)).sum() <= limit) {
			return false;
		}
		MissedEvents missed = new MissedEvents(cursor, limit, this.maxText, null);
		return !merge(cursor, EventId.MAX, others, missed);
	}

	private Supplier<Long> atMostAfter(EventId cursor) {
		return () -> {
			StoredEvent first = this.all.events().firstAfter(cursor);
			long count = (first != null) ? this.all.events().slotsFrom(first) : 0L;
			Answer answer = this.all.answers().mostRecent();
			while (answer != null && answer.pieces().newestId().isAfter(cursor)) {
				count += answer.pieces().count();
				answer = answer.lessRecent;
			}
			return count;
		};
	}

	/**
	 * Return where a stream begins that receives all kept events of its topics. If a
	 * topic has an answer, the stream begins at the beginning of that answer. Events are
	 * reported as lost only if their loss is known; a later start of this node than of
	 * others is not a loss.
	 * @param patterns the patterns
	 * @return the beginning. If the stream would receive more events than one stream may,
	 * or their number is not known, it begins with the next event, and all earlier events
	 * are a gap
	 */
	public Beginning beginning(List<TopicPattern> patterns) {
		if (!areTopics(patterns)) {
			Gap gap = gapAfter(this.start, patterns);
			return (gap != null && gap.reason() == Gap.Reason.LIMIT)
					? new Beginning(Objects.requireNonNull(gap.until()), gap) : new Beginning(this.start, gap);
		}
		return locked(() -> beginningOfTopics(patterns));
	}

	private Beginning beginningOfTopics(List<TopicPattern> patterns) {
		EventId newest = newest();
		EventId cursor = newest;
		Map<String, EventId> lost = new TreeMap<>();
		Gap.Reason reason = Gap.Reason.EXPIRED;
		List<TopicHistory> known = new ArrayList<>();
		for (TopicPattern pattern : patterns) {
			TopicHistory history = this.topics.get(pattern.asTopic());
			EventId lostId = this.forgotten;
			Gap.Reason lostReason = this.forgottenReason;
			if (history != null) {
				expire(history);
				known.add(history);
				cursor = cursor.isAfter(history.beginning()) ? history.beginning() : cursor;
				lostId = history.lostOfAnswer();
				lostReason = history.lostReason();
			}
			if (lostId != null && lostId.isAfter(this.start)) {
				lost.put(pattern.toString(), lostId);
				reason = stronger(reason, lostReason);
			}
		}
		if (isBeyondLimit(cursor, known)) {
			return new Beginning(newest, Gap.of(patterns, newest, this.start, Gap.Reason.LIMIT));
		}
		return new Beginning(cursor, lost.isEmpty() ? null : new Gap(lost, null, reason));
	}

	/**
	 * Return the state of the answer of a topic.
	 * @param topic the topic
	 * @return the state
	 */
	public AnswerState answerState(Topic topic) {
		return locked(() -> {
			TopicHistory history = this.topics.get(topic);
			if (history == null) {
				return AnswerState.UNKNOWN;
			}
			expire(history);
			return history.answerState();
		});
	}

	/**
	 * Return the newest event of each key of the topics that keep only these events.
	 * @param end the id of the last event to return
	 * @param patterns the patterns
	 * @return the events, in order
	 */
	public List<StoredEvent> latest(EventId end, List<TopicPattern> patterns) {
		return locked(() -> {
			List<TopicHistory> candidates = this.latestOnly.stream()
				.filter((history) -> isMatchedBy(history, patterns))
				.toList();
			candidates.forEach(this::expire);
			MissedEvents latest = new MissedEvents(EventId.MIN, Integer.MAX_VALUE, this.maxText, this.ids);
			merge(EventId.MIN, end, candidates, latest);
			return latest.events();
		});
	}

	/**
	 * Return whether no more events can follow: every pattern is a topic that has ended.
	 * @param cursor the last event that the client has received
	 * @param patterns the patterns
	 * @return whether only ends of topics are after the cursor
	 */
	public boolean isComplete(EventId cursor, List<TopicPattern> patterns) {
		return locked(() -> patterns.stream().allMatch((pattern) -> {
			Topic topic = pattern.asTopic();
			TopicHistory history = (topic != null) ? this.topics.get(topic) : null;
			return history != null && history.isCompleteAt(cursor);
		}));
	}

	/**
	 * Return whether responses are cut off once all topics {@linkplain #isComplete have
	 * ended}.
	 * @param patterns the patterns
	 * @return whether one of the topics has ended in this way
	 */
	public boolean isCut(List<TopicPattern> patterns) {
		return locked(() -> patterns.stream().anyMatch((pattern) -> {
			Topic topic = pattern.asTopic();
			TopicHistory history = (topic != null) ? this.topics.get(topic) : null;
			return history != null && history.isCut();
		}));
	}

	/**
	 * Return whether a topic has ended because its source was interrupted, and the source
	 * may be started again.
	 * @param topic the topic
	 * @return whether the source may be started again
	 */
	public boolean isInterrupted(Topic topic) {
		return locked(() -> {
			TopicHistory history = this.topics.get(topic);
			return history != null && history.isInterrupted();
		});
	}

	/**
	 * Return whether a client can receive no more of the answer of a topic: its source
	 * has ended without an interruption after which it may be started again, and all kept
	 * events of it are known to the client.
	 * @param cursor the last event that the client has received
	 * @param topic the topic
	 * @return whether the answer is over, or is not known
	 */
	public boolean isOver(EventId cursor, Topic topic) {
		return locked(() -> {
			TopicHistory history = this.topics.get(topic);
			if (history == null || history.answer() == null) {
				return true;
			}
			expire(history);
			return !history.isInterrupted()
					&& (history.isCompleteAt(cursor) || history.answerState() == AnswerState.GONE);
		});
	}

	/**
	 * Return the id after which streams could still resume if more topics were used.
	 * @param more the number of additional topics, none of which is kept now
	 * @param moreBytes the size of these topics on the heap
	 * @return the id; streams whose topics are not kept would have a gap at every id
	 * before it
	 */
	public EventId forgottenAfter(long more, long moreBytes) {
		return locked(() -> {
			EventId result = this.forgotten;
			TopicHistory history = this.byRecency.leastRecent();
			long excess = this.topics.size() + more - this.maxTopics;
			long excessBytes = this.topicBytes + moreBytes - maxTopicBytes();
			while ((excess > 0 || excessBytes > 0) && history != null) {
				result = history.lastId();
				excess--;
				excessBytes -= history.topicBytes();
				history = history.moreRecent;
			}
			return result;
		});
	}

	/**
	 * Return the number of topics that were added so far. A topic that is used again
	 * after it was forgotten is counted again.
	 * @return the number of topics, including the forgotten ones
	 */
	public long topicsAdded() {
		return locked(() -> this.topicsAdded);
	}

	/**
	 * Return the size on the heap of all topics that were {@linkplain #topicsAdded()
	 * added}.
	 * @return the bytes, without those of events
	 */
	public long topicBytesAdded() {
		return locked(() -> this.topicBytesAdded);
	}

	/**
	 * Return the number of kept events.
	 * @return the number of events
	 */
	public int events() {
		return locked(() -> this.events);
	}

	/**
	 * Return the approximate size of topics and events on the heap.
	 * @return the bytes
	 */
	public long bytes() {
		return locked(() -> this.eventBytes + this.topicBytes);
	}

	/**
	 * Return the number of kept topics.
	 * @return the number of topics
	 */
	public int topics() {
		return locked(this.topics::size);
	}

	private List<TopicHistory> changedSince(EventId cursor, List<TopicPattern> topics) {
		List<TopicHistory> result = new ArrayList<>();
		for (TopicPattern topic : topics) {
			TopicHistory history = this.topics.get(topic.asTopic());
			if (history != null && history.lastId().isAfter(cursor)) {
				expire(history);
				result.add(history);
			}
		}
		return result;
	}

	private void expire(TopicHistory history) {
		change(history, () -> history.expire(this.clock.getAsLong()));
	}

	private static boolean isMatchedBy(TopicHistory history, List<TopicPattern> patterns) {
		for (TopicPattern pattern : patterns) {
			if (pattern.matches(history.topic())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the lost events after a cursor of the topics that match patterns. If there
	 * are too many topics to examine, the gap is of all patterns.
	 */
	private @Nullable Gap gapOfPatterns(EventId cursor, List<TopicPattern> patterns) {
		List<TopicHistory> lossy = new ArrayList<>();
		int looks = 0;
		for (TopicHistory history : this.all.losses().after(cursor)) {
			if (++looks > this.limits.topics()) {
				return Gap.of(patterns, newest(), cursor, Gap.Reason.LIMIT);
			}
			if (isMatchedBy(history, patterns)) {
				lossy.add(history);
			}
		}
		for (TopicPattern pattern : patterns) {
			// NOTE: no loss is recorded for a topic that was forgotten and used again
			TopicHistory history = (pattern.asTopic() != null) ? this.topics.get(pattern.asTopic()) : null;
			if (history != null && history.lostAfter(cursor) != null && !lossy.contains(history)) {
				lossy.add(history);
			}
		}
		return gap(cursor, patterns, lossy);
	}

	private @Nullable Gap gap(EventId cursor, List<TopicPattern> patterns, List<TopicHistory> candidates) {
		Map<String, EventId> lost = new TreeMap<>();
		Gap.Reason reason = Gap.Reason.EXPIRED;
		for (TopicHistory history : candidates) {
			EventId lostId = history.lostAfter(cursor);
			if (lostId != null) {
				lost.put(history.topic().toString(), lostId);
				reason = stronger(reason, history.lostReason());
			}
		}
		if (this.forgotten.isAfter(cursor)) {
			// NOTE: it is not known which topics were forgotten, only that they are not
			// kept
			for (TopicPattern pattern : patterns) {
				if (pattern.asTopic() == null || !this.topics.containsKey(pattern.asTopic())) {
					lost.put(pattern.toString(), this.forgotten);
					reason = stronger(reason, this.forgottenReason);
				}
			}
		}
		return lost.isEmpty() ? null : new Gap(lost, cursor, reason);
	}

	private static Gap.Reason stronger(Gap.Reason one, Gap.Reason other) {
		return (one == Gap.Reason.RESTARTED || other == Gap.Reason.EXPIRED) ? one : other;
	}

	/**
	 * Collect the events between two cursors.
	 * @return {@code false} if the target has no room for all of them
	 */
	private static boolean merge(EventId cursor, EventId end, List<TopicHistory> histories, MissedEvents target) {
		PriorityQueue<Walk> walks = new PriorityQueue<>(Math.max(1, histories.size()), Walk.BY_ID);
		PieceWalks pieces = new PieceWalks();
		for (TopicHistory history : histories) {
			StoredEvent first = history.firstAfter(cursor);
			if (first != null) {
				walks.add(new Walk(history, first));
			}
			if (history.answer() != null) {
				pieces.add(history.answer(), cursor);
			}
		}
		Walk walk = walks.poll();
		while (walk != null && !walk.event.id().isAfter(end)) {
			if (!pieces.take(walk.event.id(), target) || !target.add(walk.event)) {
				return false;
			}
			StoredEvent next = walk.history.next(walk.event);
			if (next != null) {
				walk.event = next;
				walks.add(walk);
			}
			walk = walks.poll();
		}
		return pieces.take(end, target);
	}

	/**
	 * Change a topic, and update the totals.
	 */
	private void change(TopicHistory history, Runnable change) {
		int eventsBefore = history.size();
		long bytesBefore = history.bytes();
		long topicBytesBefore = history.topicBytes();
		change.run();
		this.events += history.size() - eventsBefore;
		this.eventBytes += history.bytes() - bytesBefore;
		this.topicBytes += history.topicBytes() - topicBytesBefore;
		this.bySize.update(history, bytesBefore);
	}

	/**
	 * Remove the expired events of a few topics, in turn.
	 */
	private void age() {
		long now = this.clock.getAsLong();
		for (int i = 0; i < AGED_AT_ONCE; i++) {
			TopicHistory history = this.byRecency.nextInTurn();
			if (history != null) {
				change(history, () -> history.expire(now));
			}
		}
	}

	private void forget(TopicHistory history) {
		change(history, history::clear);
		this.byRecency.remove(history);
		this.topics.remove(history.topic());
		this.topicBytes -= history.topicBytes();
		this.latestOnly.remove(history);
		if (history.lastId().isAfter(this.forgotten)) {
			this.forgotten = history.lastId();
			this.forgottenReason = Gap.Reason.EVICTED;
		}
	}

	private <T extends @Nullable Object> T locked(Supplier<T> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The result of reading the ring of all events.
	 *
	 * @param reached the id up to which everything was read
	 * @param looks the number of events and answers that were examined
	 */
	private record Scanned(EventId reached, int looks) {

	}

}
