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

package io.github.springsse.webmvc;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SourceBusyException;
import io.github.springsse.SourceEndedException;
import io.github.springsse.SourcesStoppedException;
import io.github.springsse.SseData;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.history.AnswerState;
import io.github.springsse.history.Beginning;
import io.github.springsse.history.Gap;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import io.github.springsse.log.SourceEndedInLogException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * Determines where a stream of an {@link AnswerMethod} begins, and starts the source of a
 * topic for the first request. Thread-safe.
 * <p>
 * <em>Invariant:</em> among the requests of this node for an unknown topic, one at a time
 * publishes a source, and no other request publishes one afterwards: when the next
 * request looks, either the history of this node has the beginning of the source, or the
 * topic is still busy. Between nodes, {@code SourceLeases} ensure this. The same holds
 * for a topic whose source was interrupted and may be started again.
 * <p>
 * A stream loses no event of a source that begins, or even ends, before the stream is
 * opened: the stream begins at the newest beginning in the history or, if the history has
 * none, at the cursor that was taken before the history was read.
 */
final class Answers {

	private static final Log logger = LogFactory.getLog(Answers.class);

	/** The longest time to wait until the beginning of a source reaches this node. */
	private static final long LONGEST_WAY = TimeUnit.SECONDS.toNanos(2);

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

	private final Delivery delivery;

	private final Supplier<SseOperations> operations;

	/**
	 * The topics whose source is being published; a future completes when that is done.
	 */
	private final ConcurrentMap<Topic, CompletableFuture<Void>> starting = new ConcurrentHashMap<>();

	/**
	 * Create an instance.
	 * @param delivery provides the history
	 * @param operations publish sources
	 */
	Answers(Delivery delivery, Supplier<SseOperations> operations) {
		this.delivery = delivery;
		this.operations = operations;
	}

	/**
	 * Determine where a stream begins, and start the source if this is the first request
	 * for its topic.
	 * @param method the method
	 * @param returned the return value of the method
	 * @param stream the stream, with the cursor that was taken before the method ran
	 * @param request the request
	 * @return where the stream begins
	 * @throws StreamRefusedException if the source cannot be started now
	 */
	StreamStart start(AnswerMethod method, @Nullable Object returned, DeliveredStream stream,
			HttpServletRequest request) {
		List<TopicPattern> patterns = stream.getPatterns();
		StreamStart start = StreamStart.of(request, patterns, stream.getCursor(), this.delivery);
		if (start.kind() == StreamStart.Kind.EARLY) {
			throw new StreamRefusedException(RefusalReason.STARTING);
		}
		Topic topic = method.isOneTopic() ? patterns.get(0).asTopic() : null;
		if (topic == null) {
			return start.isOfThisLog() ? start : fromBeginning(histories().beginning(patterns), start);
		}
		if (method.source() == null) {
			boolean snapshotPossible = SseData.isSnapshotPossible(returned);
			return start.isOfThisLog() ? resume(method, topic, start, snapshotPossible, stream.isDataOnly())
					: ofTopic(method, topic, start, snapshotPossible, stream.isDataOnly());
		}
		Object source = method.source().source(returned);
		boolean restarts = source != null && method.options().isRestartInterrupted()
				&& !HttpMethod.HEAD.matches(request.getMethod());
		if (!start.isOfThisLog()) {
			return checked(ofSource(method, source, topic, start, request), restarts, topic);
		}
		StreamStart current = start;
		if (source != null && restarts) {
			if (isRestart(method, topic) && !start.cursor().isAfter(this.delivery.position())) {
				publish(topic, source, method, start);
			}
			current = StreamStart.of(request, patterns, stream.getCursor(), this.delivery);
		}
		return checked(resume(method, topic, current, false, stream.isDataOnly()), restarts, topic);
	}

	/**
	 * Refuse the request, rather than tell the client to stop reconnecting, if the source
	 * was interrupted or started again since its state was read.
	 */
	private StreamStart checked(StreamStart start, boolean restarts, Topic topic) {
		boolean last = start.kind() == StreamStart.Kind.ENDED || start.kind() == StreamStart.Kind.GONE;
		if (restarts && last && !histories().isOver(start.cursor(), topic)) {
			throw new StreamRefusedException(RefusalReason.STARTING);
		}
		return start;
	}

	private boolean isRestart(AnswerMethod method, Topic topic) {
		return method.options().isRestartInterrupted() && histories().isInterrupted(topic);
	}

	private StreamStart ofSource(AnswerMethod method, @Nullable Object source, Topic topic, StreamStart start,
			HttpServletRequest request) {
		if (source != null && !HttpMethod.HEAD.matches(request.getMethod())) {
			StreamStart unread = publish(topic, source, method, start);
			if (unread != null) {
				return unread;
			}
		}
		return switch ((source != null) ? state(topic) : currentState(topic)) {
			case RUNNING -> fromBeginning(histories().beginning(patterns(topic)), start);
			case COMPLETE -> (source != null || !method.noContentWhenEnded())
					? fromBeginning(histories().beginning(patterns(topic)), start) : StreamStart.gone(start.cursor());
			case GONE -> StreamStart.gone(start.cursor());
			case UNKNOWN -> (source != null) ? start : StreamStart.gone(start.cursor());
		};
	}

	/**
	 * Determine where the stream of a method without a source begins. The topic may have
	 * events even if its source is unknown.
	 */
	private StreamStart ofTopic(AnswerMethod method, Topic topic, StreamStart start, boolean snapshotPossible,
			boolean dataOnly) {
		AnswerState state = state(topic);
		if (state != AnswerState.RUNNING && (state != AnswerState.UNKNOWN || method.noContentWhenUnknown())) {
			state = currentState(topic);
		}
		Beginning beginning = histories().beginning(patterns(topic));
		boolean gap = beginning.gap() != null;
		boolean kept = Opening.isAnythingAfter(beginning.cursor(), patterns(topic), histories());
		return switch (state) {
			case RUNNING -> fromBeginning(beginning, start);
			case COMPLETE ->
				method.noContentWhenEnded() ? StreamStart.gone(start.cursor()) : fromBeginning(beginning, start);
			case GONE -> {
				boolean told = !gap || (!snapshotPossible && !dataOnly);
				yield (kept && told && !method.noContentWhenEnded()) ? fromBeginning(beginning, start)
						: StreamStart.gone(start.cursor());
			}
			case UNKNOWN -> {
				if (kept || (gap && !snapshotPossible && !method.noContentWhenUnknown())) {
					yield fromBeginning(beginning, start);
				}
				yield method.noContentWhenUnknown() ? StreamStart.gone(start.cursor()) : start;
			}
		};
	}

	private static List<TopicPattern> patterns(Topic topic) {
		return List.of(TopicPattern.of(topic.toString()));
	}

	/**
	 * Determine where the stream of a client with an id of this log begins. This method
	 * starts no source; the caller has already restarted an interrupted one. The id may
	 * be of an event that another node has sent and this node has not read yet.
	 */
	private StreamStart resume(AnswerMethod method, Topic topic, StreamStart start, boolean snapshotPossible,
			boolean dataOnly) {
		EventId seen = start.cursor();
		if (start.kind() == StreamStart.Kind.ENDED || seen.isAfter(this.delivery.position())) {
			return start;
		}
		Gap gap = start.gap();
		AnswerState state = state(topic);
		boolean kept = Opening.isAnythingAfter(seen, patterns(topic), histories());
		if (state == AnswerState.UNKNOWN && method.noContentWhenUnknown() && !kept) {
			return new StreamStart(StreamStart.Kind.ENDED, seen, null);
		}
		if (gap != null && gap.reason() == Gap.Reason.LIMIT) {
			return new StreamStart(StreamStart.Kind.RESUMED, seen, null);
		}
		if (gap != null && gap.reason() == Gap.Reason.INTERRUPTED && state != AnswerState.GONE
				&& method.source() != null) {
			return new StreamStart(StreamStart.Kind.BEGINNING, histories().beginning(patterns(topic)).cursor(), gap);
		}
		boolean partial = method.source() == null && kept && !snapshotPossible && !dataOnly;
		return (state == AnswerState.GONE && gap != null && !partial) ? StreamStart.gone(seen) : start;
	}

	/**
	 * Begin at the start of the topic. A client with an id of another generation of the
	 * log receives a gap, so that it replaces what it has.
	 */
	private static StreamStart fromBeginning(Beginning beginning, StreamStart start) {
		return new StreamStart(StreamStart.Kind.BEGINNING, beginning.cursor(),
				(start.gap() != null) ? start.gap() : beginning.gap());
	}

	/**
	 * Publish a source if its topic is unknown, or if the source is to be started again.
	 * For a client with an id of this log, only an interrupted source is started again.
	 * @return {@code null} if this node has read the beginning of the source; otherwise
	 * where the stream begins: after everything that this node has read, or
	 * {@linkplain StreamStart.Kind#GONE nowhere} if no event will follow
	 */
	private @Nullable StreamStart publish(Topic topic, Object source, AnswerMethod method, StreamStart start) {
		CompletableFuture<Void> own = new CompletableFuture<>();
		CompletableFuture<Void> other = this.starting.putIfAbsent(topic, own);
		while (other != null) {
			// NOTE: if the other request could not publish its source, this one publishes
			// its own
			other.join();
			other = this.starting.putIfAbsent(topic, own);
		}
		try {
			boolean again = method.startAgain() && !start.isOfThisLog();
			AnswerState state = again ? currentState(topic) : state(topic);
			boolean restart = isRestart(method, topic);
			boolean first = state == AnswerState.UNKNOWN && !start.isOfThisLog();
			if (state == AnswerState.RUNNING || !(first || again || restart)) {
				return null;
			}
			if (!this.delivery.isAccepting()) {
				throw new StreamRefusedException(RefusalReason.SHUTDOWN);
			}
			EventId before = histories().beginning(patterns(topic)).cursor();
			try {
				SsePublication publication = this.operations.get()
					.publishAll(topic.toString(), source, method.options().startAgain(again));
				awaitBeginning(topic, before, publication);
			}
			catch (SourceBusyException ex) {
				// another node or another caller has started a source of this topic
				if (currentState(topic) == AnswerState.UNKNOWN) {
					return withoutBeginning(topic, start);
				}
			}
			catch (SourceEndedException ex) {
				if (ex instanceof SourceEndedInLogException ended && isUnknownAfter(ended.getEnd(), topic)) {
					return StreamStart.gone(start.cursor());
				}
			}
			if (restart && !awaitBeginning(topic, before, null)) {
				// NOTE: otherwise the client would be told that the answer has ended
				throw new StreamRefusedException(RefusalReason.STARTING);
			}
			return hasBegun(topic, before) ? null : start;
		}
		catch (SourcesStoppedException ex) {
			throw new StreamRefusedException(RefusalReason.SHUTDOWN, "" + ex.getMessage());
		}
		catch (EventLogUnavailableException ex) {
			throw new StreamRefusedException(RefusalReason.STARTING, "" + ex.getMessage());
		}
		finally {
			this.starting.remove(topic, own);
			own.complete(null);
		}
	}

	/**
	 * Wait until this node has read the beginning of a source. A shared log delivers it
	 * with a delay.
	 * @param publication the publication that begins: waiting ends if it waits for its
	 * turn; {@code null} if another request has published the source
	 * @return whether this node has read the beginning
	 */
	private boolean awaitBeginning(Topic topic, EventId before, @Nullable SsePublication publication) {
		long start = System.nanoTime();
		while (!hasBegun(topic, before) && (publication == null || publication.state() != SsePublication.State.WAITING)
				&& System.nanoTime() - start < LONGEST_WAY && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(this, PAUSE);
		}
		return hasBegun(topic, before);
	}

	/**
	 * Whether this node has read the end of a topic and no longer knows the topic.
	 */
	private boolean isUnknownAfter(EventId end, Topic topic) {
		return !end.isAfter(this.delivery.position()) && state(topic) == AnswerState.UNKNOWN;
	}

	/**
	 * Return the state of a topic after this node has read everything that sources on any
	 * node have appended to the topic until now. So the state includes what a client has
	 * received from another node, and what the method has just published. If the log is
	 * unreachable, return the state that this node knows.
	 */
	private AnswerState currentState(Topic topic) {
		hasReadAll(topic);
		return state(topic);
	}

	/**
	 * Wait until this node has read everything that sources have appended to a topic
	 * until now.
	 * @return {@code false} if this node has not read it in time, or if the log knows of
	 * no source of the topic
	 */
	private boolean hasReadAll(Topic topic) {
		try {
			EventId newest = this.delivery.newestOfSource(topic);
			long start = System.nanoTime();
			while (newest != null && newest.isAfter(this.delivery.position()) && System.nanoTime() - start < LONGEST_WAY
					&& !Thread.currentThread().isInterrupted()) {
				LockSupport.parkNanos(this, PAUSE);
			}
			return newest != null && !newest.isAfter(this.delivery.position());
		}
		catch (EventLogUnavailableException ex) {
			logger.debug("Cannot query the log for the newest event of a source of topic '" + topic + "'", ex);
			return false;
		}
	}

	/**
	 * Return where a stream begins if its topic has a source that this node does not
	 * know: either the source has not begun yet, or its beginning is no longer kept.
	 */
	private StreamStart withoutBeginning(Topic topic, StreamStart start) {
		Beginning beginning = histories().beginning(patterns(topic));
		if (beginning.gap() != null) {
			return fromBeginning(beginning, start);
		}
		Gap gap = Gap.somewhere(List.of(topic.toString()), Gap.Reason.EVICTED);
		return (hasReadAll(topic) && state(topic) == AnswerState.UNKNOWN)
				? fromBeginning(new Beginning(beginning.cursor(), gap), start) : start;
	}

	private boolean hasBegun(Topic topic, EventId before) {
		return state(topic) != AnswerState.UNKNOWN && !histories().beginning(patterns(topic)).cursor().equals(before);
	}

	/**
	 * Return the last event of a topic that has ended, read separately, since in a longer
	 * read the history may join earlier events with it.
	 * @return the event, or {@code null} if none is kept
	 */
	@Nullable StoredEvent lastEvent(List<TopicPattern> patterns) {
		StoredEvent joined = lastEvent(histories().beginning(patterns).cursor(), patterns);
		return (joined != null) ? lastEvent(before(joined.id()), patterns) : null;
	}

	private @Nullable StoredEvent lastEvent(EventId cursor, List<TopicPattern> patterns) {
		return histories().between(cursor, EventId.MAX, patterns, Integer.MAX_VALUE)
			.events()
			.stream()
			.filter((event) -> !event.isEnd() && !event.isBegin())
			.reduce((before, event) -> event)
			.orElse(null);
	}

	private static EventId before(EventId id) {
		return (id.sequence() > 0) ? new EventId(id.epoch(), id.sequence() - 1)
				: new EventId(id.epoch() - 1, Long.MAX_VALUE);
	}

	private AnswerState state(Topic topic) {
		return histories().answerState(topic);
	}

	private TopicHistories histories() {
		return this.delivery.histories();
	}

}
