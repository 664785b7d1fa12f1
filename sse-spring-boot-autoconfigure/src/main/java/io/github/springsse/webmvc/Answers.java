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

import io.github.springsse.EventId;
import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SourceBusyException;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.log.AnswerState;
import io.github.springsse.log.Beginning;
import io.github.springsse.log.Gap;
import io.github.springsse.log.StoredEvent;
import io.github.springsse.log.TopicHistories;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Works out where streams begin that begin at the start of their topics, and starts the
 * source of a topic for the first request. Thread-safe.
 * <p>
 * <em>Invariant:</em> of the requests on this node for a topic that nothing is known of,
 * one at a time publishes a source, and it is the only one as soon as it has: when
 * another one looks, either the history of this node has the beginning, or the topic is
 * still busy. What the others of the cluster publish is for the leases of sources.
 * <p>
 * A stream loses nothing of a source that begins, or even ends, before it is opened: it
 * begins either where the history has the newest beginning, or, if the history has none,
 * at the cursor that was taken before that was looked at.
 */
final class Answers {

	/** How long the beginning of a source takes to reach this node, at the most. */
	private static final long LONGEST_WAY = TimeUnit.SECONDS.toNanos(2);

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

	private final Delivery delivery;

	private final Supplier<SseOperations> operations;

	/** The topics whose source is being published; completed when that is over. */
	private final ConcurrentMap<Topic, CompletableFuture<Void>> starting = new ConcurrentHashMap<>();

	/**
	 * Create an instance.
	 * @param delivery knows what is kept
	 * @param operations publish sources
	 */
	Answers(Delivery delivery, Supplier<SseOperations> operations) {
		this.delivery = delivery;
		this.operations = operations;
	}

	/**
	 * Work out where a stream begins, and start the source if this is the first request
	 * for it.
	 * @param method the method
	 * @param returned what it has returned
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
		if (start.isOfThisLog()) {
			return (topic != null) ? resume(method, topic, start) : start;
		}
		if (topic == null) {
			return fromBeginning(patterns, start);
		}
		Object source = (method.source() != null) ? method.source().source(returned) : null;
		if (source != null && !HttpMethod.HEAD.matches(request.getMethod())) {
			publish(topic, source, method);
		}
		return switch (state(topic)) {
			case RUNNING, COMPLETE -> fromBeginning(patterns, start);
			case GONE -> StreamStart.gone(start.cursor());
			case UNKNOWN ->
				(source == null && method.noContentWhenUnknown()) ? StreamStart.gone(start.cursor()) : start;
		};
	}

	/**
	 * An id never starts anything. It may be of an event that another node has sent, and
	 * this one has not read yet.
	 */
	private StreamStart resume(AnswerMethod method, Topic topic, StreamStart start) {
		if (start.kind() == StreamStart.Kind.ENDED || start.cursor().isAfter(this.delivery.position())) {
			return start;
		}
		AnswerState state = state(topic);
		if (state == AnswerState.GONE) {
			return StreamStart.gone(start.cursor());
		}
		if (state == AnswerState.UNKNOWN && method.noContentWhenUnknown()) {
			return new StreamStart(StreamStart.Kind.ENDED, start.cursor(), null);
		}
		Gap gap = start.gap();
		return (gap != null && gap.reason() == Gap.Reason.LIMIT)
				? new StreamStart(StreamStart.Kind.RESUMED, start.cursor(), null) : start;
	}

	/**
	 * A client with an id of another life of the log is told so: what it has is to be
	 * replaced. What is found to be gone when the history is read is told then.
	 */
	private StreamStart fromBeginning(List<TopicPattern> patterns, StreamStart start) {
		Beginning beginning = histories().beginning(patterns);
		Gap gap = start.gap();
		if (gap == null && beginning.gap() != null && histories().gapAfter(beginning.cursor(), patterns) == null) {
			gap = beginning.gap();
		}
		return new StreamStart(StreamStart.Kind.BEGINNING, beginning.cursor(), gap);
	}

	/**
	 * Publish a source if nothing is known of its topic.
	 */
	private void publish(Topic topic, Object source, AnswerMethod method) {
		CompletableFuture<Void> own = new CompletableFuture<>();
		CompletableFuture<Void> other = this.starting.putIfAbsent(topic, own);
		while (other != null) {
			// NOTE: if that one could not be published, this one is
			other.join();
			other = this.starting.putIfAbsent(topic, own);
		}
		try {
			if (state(topic) == AnswerState.UNKNOWN) {
				if (!this.delivery.isAccepting()) {
					throw new StreamRefusedException(RefusalReason.SHUTDOWN);
				}
				awaitBeginning(topic, this.operations.get().publishAll(topic.toString(), source, method.options()));
			}
		}
		catch (SourceBusyException ex) {
			// another node was the first
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
	 * Wait until this node has read the beginning of a source from a log that is
	 * elsewhere.
	 */
	private void awaitBeginning(Topic topic, SsePublication publication) {
		long start = System.nanoTime();
		while (state(topic) == AnswerState.UNKNOWN && publication.state() != SsePublication.State.WAITING
				&& System.nanoTime() - start < LONGEST_WAY && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(this, PAUSE);
		}
	}

	/**
	 * Return the last event of topics that have ended.
	 * @return the event, or {@code null} if none is kept
	 */
	@Nullable StoredEvent lastEvent(List<TopicPattern> patterns) {
		EventId cursor = histories().beginning(patterns).cursor();
		return histories().between(cursor, EventId.MAX, patterns, Integer.MAX_VALUE)
			.events()
			.stream()
			.filter((event) -> !event.isEnd() && !event.isBegin())
			.reduce((before, event) -> event)
			.orElse(null);
	}

	private AnswerState state(Topic topic) {
		return histories().answerState(topic);
	}

	private TopicHistories histories() {
		return this.delivery.histories();
	}

}
