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

package io.github.springsse.answer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.springsse.PublishingGate;
import io.github.springsse.SourceBusyException;
import io.github.springsse.SourceEndedException;
import io.github.springsse.SourcePublisher;
import io.github.springsse.SourcesStoppedException;
import io.github.springsse.SseAnswerEndedEvent;
import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseSourceFormat.Failure;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.LogEntryWriter;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.log.SourceLeases.Lease;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the elements of sources to topics. Thread-safe.
 * <p>
 * <em>Invariant:</em> a publication is live from before its beginning is appended until
 * after its end is appended and its lease is released. No publication begins after
 * {@link #stop}, so ending the live ones ends all.
 */
public final class AnswerEngine implements SourcePublisher, AutoCloseable {

	private static final Log logger = LogFactory.getLog(AnswerEngine.class);

	/**
	 * The time to append the last entries of interrupted sources, whatever the
	 * configuration.
	 */
	private static final Duration LAST_ENTRIES = Duration.ofSeconds(2);

	/** The time for listeners to handle the last ends. */
	private static final Duration LAST_NOTICES = Duration.ofSeconds(2);

	private final EventLog log;

	private final SourceLeases leases;

	private final LogEntryWriter writer;

	private final AnswerSettings settings;

	private final Supplier<SseSourceFormat> format;

	private final List<CallerContext> contexts;

	private final Predicate<Topic> presence;

	private final Predicate<Topic> ended;

	private final AnswerTimer timer;

	private final AnswerThreads threads;

	private final FailureWarnings warnings;

	private final AnswerStatistics statistics = new AnswerStatistics();

	private final ConcurrentMap<Topic, Answer> live = new ConcurrentHashMap<>();

	/** The publications whose lease is being acquired. */
	private final Set<Answer> starting = ConcurrentHashMap.newKeySet();

	private final @Nullable CancelCommands commands;

	private final @Nullable EndNotices notices;

	private volatile boolean accepting = true;

	private AnswerEngine(Builder builder, AnswerTimer timer) {
		this.log = builder.log;
		this.leases = (builder.log instanceof SourceLeases shared) ? shared : new InMemorySourceLeases(builder.log);
		this.writer = builder.writer;
		this.settings = builder.settings;
		this.format = builder.format;
		this.contexts = builder.contexts;
		this.presence = builder.presence;
		this.ended = builder.ended;
		this.timer = timer;
		this.threads = new AnswerThreads(builder.virtualThreads);
		this.warnings = new FailureWarnings(timer::now);
		this.commands = (builder.followsCommands && builder.log instanceof SourceLeases)
				? new CancelCommands(builder.log, this::cancelHere) : null;
		this.notices = (builder.listener != null) ? new EndNotices(this.threads, builder.listener) : null;
		this.leases.setEnding(new EndingOfLost());
	}

	@Override
	public SsePublication publish(Topic topic, Object source, SsePublishOptions options, PublishingGate gate) {
		Source checked = Sources.of(source);
		Answer answer;
		try {
			checkAccepting(topic);
			answer = newAnswer(topic, checked, options);
		}
		catch (RuntimeException | Error ex) {
			// NOTE: releases resources of the source, such as a stream
			checked.cancel();
			throw ex;
		}
		try {
			if (!gate.holdBack(new HeldBack(answer))) {
				answer.start();
			}
			return answer;
		}
		catch (RuntimeException | Error ex) {
			answer.end(SseAnswerOutcome.CANCELLED, null);
			throw ex;
		}
	}

	private Answer newAnswer(Topic topic, Source source, SsePublishOptions options) {
		Duration abandonAfter = options.getAbandonAfter();
		SseSourceFormat format = options.getFormat();
		return new Answer(this, topic, source, options, (format != null) ? format : this.format.get(),
				nanos((abandonAfter != null) ? abandonAfter : this.settings.abandonAfter()),
				CapturedContexts.of(this.contexts));
	}

	private void checkAccepting(Topic topic) {
		if (!this.accepting) {
			throw new SourcesStoppedException(topic);
		}
	}

	/**
	 * Acquire the lease of a topic.
	 * @return the lease
	 */
	Lease acquire(Answer answer) {
		Topic topic = answer.target();
		checkAccepting(topic);
		if (this.commands != null) {
			this.commands.begin();
		}
		Lease lease = null;
		this.starting.add(answer);
		try {
			lease = this.leases.acquire(topic, answer.claim());
			if (lease == null) {
				throw new SourceBusyException(topic);
			}
			if (this.notices != null) {
				this.notices.begin();
			}
			// NOTE: checked while holding the lease, since no other source can end the
			// topic now
			if (!answer.startsAgain() && this.ended.test(topic)) {
				throw new SourceEndedException(topic);
			}
			answer.setSince(lease.since());
			this.live.put(topic, answer);
			answer.obeyCommands();
			// NOTE: checked again, because it could otherwise begin while the live ones
			// are ended
			checkAccepting(topic);
			return lease;
		}
		catch (RuntimeException | Error ex) {
			if (lease != null) {
				release(answer, lease);
				if (this.notices != null) {
					this.notices.done();
				}
			}
			else if (this.commands != null) {
				this.commands.end();
			}
			throw ex;
		}
		finally {
			this.starting.remove(answer);
		}
	}

	void release(Answer answer, Lease lease) {
		this.live.remove(answer.target(), answer);
		try {
			lease.close();
		}
		catch (RuntimeException ex) {
			logger.debug("The lease of topic '" + answer.target() + "' could not be released", ex);
		}
		if (this.commands != null) {
			this.threads.source(this.commands::end);
		}
	}

	/**
	 * Notify the listener and the contexts of the end of an answer that had its lease.
	 */
	void ended(SseAnswerEndedEvent event, CapturedContexts contexts) {
		if (this.notices != null) {
			this.notices.tell(event, contexts);
		}
		else {
			contexts.end(event);
		}
	}

	@Override
	public void cancel(Topic topic) {
		Answer answer = this.live.get(topic);
		if (answer != null) {
			answer.cancel();
		}
		else if (this.leases.isLeased(topic)) {
			this.log.append(LogEntry.cancel(topic));
		}
	}

	/**
	 * Cancel the source of a topic if it is on this node, and if it existed when a cancel
	 * command or an end of the topic was appended. The end that a source appended itself
	 * has no effect, because the source has ended. Does not block.
	 * @param id the id of the command or end
	 * @param topic the topic
	 */
	public void cancelHere(EventId id, Topic topic) {
		// NOTE: first those that may become live in a moment
		for (Answer answer : this.starting) {
			if (answer.target().equals(topic)) {
				answer.noteCommand(id);
			}
		}
		Answer answer = this.live.get(topic);
		if (answer != null && id.isAfter(answer.since())) {
			answer.cancelByLog();
		}
	}

	Abandonment watch(Answer answer, long after) {
		return new Abandonment(this.timer, this.threads, () -> this.presence.test(answer.target()),
				() -> answer.end(SseAnswerOutcome.ABANDONED, null), after);
	}

	/**
	 * Add the entries that end a topic. NOTE: if the format fails, the topic ends all the
	 * same.
	 */
	void addEnding(Deque<LogEntry> entries, Topic topic, SseSourceFormat format, SseAnswerOutcome outcome,
			@Nullable Throwable cause) {
		Failure failure = outcome.failure();
		boolean cut = false;
		Deque<LogEntry> events = new ArrayDeque<>(1);
		try {
			List<SseEvent> told = (failure != null) ? format.failure(failure, cause)
					: (outcome == SseAnswerOutcome.COMPLETED) ? format.end() : List.of();
			cut = failure != null && format.cutsAfterFailure();
			told.forEach((event) -> events.add(this.writer.event(topic, event)));
			entries.addAll(events);
		}
		catch (RuntimeException | Error ex) {
			this.warnings.warn(SseAnswerOutcome.FAILED, topic, "has ended, but " + format.getClass().getName()
					+ " failed to report it: clients receive only the end", ex);
		}
		entries.add(LogEntry.end(topic, cut));
	}

	List<LogEntry> endingOfLost(Topic topic, SseSourceFormat format) {
		Deque<LogEntry> result = new ArrayDeque<>(2);
		addEnding(result, topic, format, SseAnswerOutcome.INTERRUPTED, null);
		return List.copyOf(result);
	}

	/**
	 * Accept publications again, after {@link #stop}.
	 */
	public void accept() {
		this.accepting = true;
	}

	/**
	 * Return whether publications may begin.
	 * @return {@code false} after {@link #stop}
	 */
	public boolean isAccepting() {
		return this.accepting;
	}

	/**
	 * Reject new publications, wait for the live ones, and interrupt those that have not
	 * ended in time. Returns when the ends are in the log and the listener has handled
	 * them, or when a short timeout for this has expired.
	 * @param timeout the longest time to wait for sources
	 */
	public void stop(Duration timeout) {
		boolean first = this.accepting;
		this.accepting = false;
		if (endAll(timeout) && first) {
			awaitNotices();
		}
	}

	private boolean endAll(Duration timeout) {
		if (this.live.isEmpty()) {
			return true;
		}
		logger.debug("Waiting for running sources: " + this.live.size());
		if (await(List.copyOf(this.live.values()), timeout)) {
			return true;
		}
		Collection<Answer> rest = List.copyOf(this.live.values());
		logger.info("Interrupting sources that did not end within " + timeout.toMillis() + " ms: " + rest.size());
		rest.forEach((answer) -> answer.end(SseAnswerOutcome.INTERRUPTED, null));
		if (!await(rest, LAST_ENTRIES)) {
			logger.warn("The ends of some topics could not be appended: " + this.live.size());
			return false;
		}
		return true;
	}

	private void awaitNotices() {
		try {
			if (this.notices != null && !this.notices.await(LAST_NOTICES.toNanos())) {
				logger.warn("A listener did not handle the ends of sources within " + LAST_NOTICES.toMillis() + " ms");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static boolean await(Collection<Answer> answers, Duration timeout) {
		List<CompletableFuture<State>> completions = answers.stream().map(Answer::completion).toList();
		try {
			CompletableFuture.allOf(completions.toArray(CompletableFuture[]::new))
				.get(nanos(timeout), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Interrupt live publications, and end the threads.
	 */
	@Override
	public void close() {
		stop(Duration.ZERO);
		this.timer.close();
		this.threads.close();
	}

	/**
	 * Return the number of live publications.
	 * @return the current number
	 */
	public int running() {
		return this.live.size();
	}

	/**
	 * Return the counters.
	 * @return the counters
	 */
	public AnswerStatistics statistics() {
		return this.statistics;
	}

	AnswerSettings settings() {
		return this.settings;
	}

	LogEntryWriter writer() {
		return this.writer;
	}

	AnswerTimer timer() {
		return this.timer;
	}

	AnswerThreads threads() {
		return this.threads;
	}

	FailureWarnings warnings() {
		return this.warnings;
	}

	/**
	 * NOTE: more than a year has no practical meaning, and clocks cannot count
	 * arbitrarily long times.
	 */
	static long nanos(Duration duration) {
		Duration longest = Duration.ofDays(365);
		return (duration.compareTo(longest) < 0) ? duration.toNanos() : longest.toNanos();
	}

	/**
	 * Create a builder.
	 * @param log the log; if it implements {@link SourceLeases}, its leases are used
	 * @param writer writes events
	 * @return a builder
	 */
	public static Builder of(EventLog log, LogEntryWriter writer) {
		return new Builder(log, writer);
	}

	/**
	 * A source that begins after the commit of its transaction.
	 */
	private record HeldBack(Answer answer) implements PublishingGate.Publication {

		@Override
		public String topic() {
			return this.answer.topic();
		}

		@Override
		public @Nullable SseEvent event() {
			return null;
		}

		@Override
		public void write() {
		}

		@Override
		public void send() {
			this.answer.start();
		}

		@Override
		public void discard() {
			this.answer.end(SseAnswerOutcome.CANCELLED, null);
		}

	}

	/**
	 * Ends topics whose node died.
	 */
	private final class EndingOfLost implements SourceLeases.Ending {

		@Override
		public List<LogEntry> of(Topic topic) {
			return endingOfLost(topic, AnswerEngine.this.format.get());
		}

		@Override
		public void appended(Topic topic) {
			EndNotices notices = AnswerEngine.this.notices;
			if (notices != null) {
				notices.begin();
				notices.tell(new SseAnswerEndedEvent(topic.toString(), SseAnswerOutcome.INTERRUPTED, null),
						CapturedContexts.of(List.of()));
			}
		}

	}

	/**
	 * Builds an engine.
	 */
	public static final class Builder {

		private final EventLog log;

		private final LogEntryWriter writer;

		private AnswerSettings settings = new AnswerSettings(20_000, 4 * 1024 * 1024, Duration.ZERO);

		private Supplier<SseSourceFormat> format = () -> new DefaultSourceFormat("failed");

		private List<CallerContext> contexts = List.of();

		private Predicate<Topic> presence = (topic) -> true;

		private @Nullable Consumer<SseAnswerEndedEvent> listener;

		private Predicate<Topic> ended = (topic) -> false;

		private boolean virtualThreads;

		private boolean followsCommands = true;

		private Builder(EventLog log, LogEntryWriter writer) {
			this.log = log;
			this.writer = writer;
		}

		/**
		 * Set the limits and times.
		 * @param settings the settings
		 * @return this
		 */
		public Builder settings(AnswerSettings settings) {
			this.settings = settings;
			return this;
		}

		/**
		 * Set the format for publications without one in their options.
		 * @param format supplies the format
		 * @return this
		 */
		public Builder format(Supplier<SseSourceFormat> format) {
			this.format = format;
			return this;
		}

		/**
		 * Set the contexts that are propagated from the publishing thread.
		 * @param contexts the contexts
		 * @return this
		 */
		public Builder contexts(List<CallerContext> contexts) {
			this.contexts = List.copyOf(contexts);
			return this;
		}

		/**
		 * Set the check whether a stream on any node is subscribed to a topic.
		 * @param presence the check, which may block
		 * @return this
		 */
		public Builder presence(Predicate<Topic> presence) {
			this.presence = presence;
			return this;
		}

		/**
		 * Set the listener that is notified when a publication has ended.
		 * @param listener the listener, which may block
		 * @return this
		 */
		public Builder listener(Consumer<SseAnswerEndedEvent> listener) {
			this.listener = listener;
			return this;
		}

		/**
		 * Set the check whether a topic has ended, to the knowledge of this node.
		 * @param ended the check, which must not block
		 * @return this
		 */
		public Builder ended(Predicate<Topic> ended) {
			this.ended = ended;
			return this;
		}

		/**
		 * Use virtual threads, which require Java 21.
		 * @param virtualThreads whether threads are virtual
		 * @return this
		 */
		public Builder virtualThreads(boolean virtualThreads) {
			this.virtualThreads = virtualThreads;
			return this;
		}

		/**
		 * Set whether the engine follows a shared log for commands while it has sources.
		 * Otherwise, another component must call {@link AnswerEngine#cancelHere}.
		 * @param followsCommands whether it follows the log; the default is {@code true}
		 * @return this
		 */
		public Builder followsCommands(boolean followsCommands) {
			this.followsCommands = followsCommands;
			return this;
		}

		/**
		 * Build the engine.
		 * @return the engine
		 */
		public AnswerEngine build() {
			return build(new TimerThread());
		}

		AnswerEngine build(AnswerTimer timer) {
			return new AnswerEngine(this, timer);
		}

	}

}
