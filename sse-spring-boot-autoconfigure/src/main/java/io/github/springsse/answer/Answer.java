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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.springsse.EventDataWriter;
import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseAnswerEndedEvent;
import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadHints;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LeaseLostException;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases.Claim;
import io.github.springsse.log.SourceLeases.Lease;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The publication of a source: takes its elements, appends them to the log, and ends the
 * topic.
 * <p>
 * <em>Threads:</em> any thread may add elements to the inbox. One thread at a time takes
 * elements from the inbox and appends to the log. No other thread appends: other events,
 * such as a cancellation, are noted for this thread. It is a thread of the source while
 * appending does not wait, otherwise a thread that may wait. Other threads run code of
 * the source that may block.
 * <p>
 * <em>Invariants:</em> the first of several possible ends wins, and no element is
 * appended after it. The end is appended after everything else, exactly once if the log
 * is reachable. After the loss of the lease, nothing more is appended. The source is
 * cancelled once, unless it has ended by itself. The inbox never holds more elements than
 * were requested from the source. An element counts as processed when it is appended, or
 * waits to be joined.
 */
final class Answer implements SsePublication, Source.Receiver {

	private static final Log logger = LogFactory.getLog(Answer.class);

	private static final long RETRY = 1_000_000_000;

	private static final Object COMPLETED = new Object();

	private final AnswerEngine engine;

	private final Topic topic;

	private final Source source;

	private final SsePayloadHints hints;

	private final SseSourceFormat format;

	/** Whether other nodes do not know the format. */
	private final boolean ownFormat;

	private final boolean startsAgain;

	private final boolean restartsInterrupted;

	private final long abandonAfter;

	private final CapturedContexts contexts;

	private final Queue<Object> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HELD);

	private final AtomicReference<@Nullable End> end = new AtomicReference<>();

	/** The number of signals since the last check for work. */
	private final AtomicInteger signals = new AtomicInteger();

	private final CompletableFuture<State> completion = new CompletableFuture<>();

	/** The final state, set when the end is in the log. */
	private volatile @Nullable State last;

	/** Written before the phase becomes {@code BEGUN}, like the following fields. */
	private @Nullable Lease lease;

	private long startedAt;

	/** The latest command that was read while the lease was being acquired. */
	private volatile EventId command = EventId.MIN;

	/** Written before this publication becomes live. */
	private EventId since = EventId.MIN;

	private @Nullable Abandonment abandonment;

	/** The following fields belong to the thread that empties the inbox. */
	private final PieceJoiner pieces;

	private int taken;

	private int events;

	private long bytes;

	private @Nullable Deque<LogEntry> ending;

	private boolean sourceOver;

	Answer(AnswerEngine engine, Topic topic, Source source, SsePublishOptions options, SseSourceFormat format,
			long abandonAfter, CapturedContexts contexts) {
		this.engine = engine;
		this.topic = topic;
		this.source = source;
		this.hints = options.getHints();
		this.format = format;
		this.ownFormat = options.getFormat() != null;
		this.startsAgain = options.isStartAgain();
		this.restartsInterrupted = options.isRestartInterrupted();
		this.abandonAfter = abandonAfter;
		this.contexts = contexts;
		this.pieces = new PieceJoiner(engine.timer(), AnswerEngine.nanos(options.getJoin()),
				engine.writer().maxEventBytes(), this::signalQuickly,
				(text) -> append(engine.writer().piece(topic, text)));
	}

	@Override
	public String topic() {
		return this.topic.toString();
	}

	@Override
	public State state() {
		State last = this.last;
		if (last != null) {
			return last;
		}
		End end = this.end.get();
		if (end != null && end.outcome().state() == State.CANCELLED) {
			return State.CANCELLED;
		}
		return (this.phase.get() == Phase.HELD) ? State.WAITING : State.RUNNING;
	}

	@Override
	public CompletableFuture<State> completion() {
		return this.completion.copy();
	}

	@Override
	public boolean cancel() {
		return end(SseAnswerOutcome.CANCELLED, null);
	}

	@Override
	public String toString() {
		return "SsePublication[topic=" + this.topic + ", state=" + state() + "]";
	}

	/**
	 * End this publication because of the log: a command, or an end that this publication
	 * did not append. If the lease is lost too, its loss is the cause.
	 */
	void cancelByLog() {
		end(new End(SseAnswerOutcome.CANCELLED, null, true));
	}

	/**
	 * Set the end of this publication, unless it is already set.
	 * @return whether this call set the end
	 */
	boolean end(SseAnswerOutcome outcome, @Nullable Throwable cause) {
		return end(End.of(outcome, cause));
	}

	private boolean end(End end) {
		if (!this.end.compareAndSet(null, end)) {
			return false;
		}
		this.phase.compareAndSet(Phase.HELD, Phase.BEGUN);
		signal();
		return true;
	}

	/**
	 * Acquire the lease and begin. May wait for the log.
	 * @throws RuntimeException if the lease cannot be acquired; this publication has then
	 * ended
	 */
	void start() {
		if (!this.phase.compareAndSet(Phase.HELD, Phase.STARTING)) {
			return;
		}
		try {
			this.lease = this.engine.acquire(this);
			this.startedAt = this.engine.timer().now();
			beginContexts();
			this.lease.append(LogEntry.begin(this.topic));
			if (logger.isDebugEnabled()) {
				logger.debug("The source of topic '" + this.topic + "' has begun");
			}
			this.engine.threads().source(this::subscribe);
		}
		catch (RuntimeException | Error ex) {
			this.end.compareAndSet(null,
					End.of((this.lease != null) ? SseAnswerOutcome.INTERRUPTED : SseAnswerOutcome.FAILED, ex));
			throw ex;
		}
		finally {
			if (this.abandonAfter > 0 && this.end.get() == null) {
				this.abandonment = this.engine.watch(this, this.abandonAfter);
			}
			this.phase.set(Phase.BEGUN);
			signal();
		}
	}

	private void beginContexts() {
		try {
			this.contexts.begin(topic());
		}
		catch (RuntimeException | Error ex) {
			broken(ex);
		}
	}

	Topic target() {
		return this.topic;
	}

	boolean startsAgain() {
		return this.startsAgain;
	}

	/**
	 * Return the conditions of the lease. They include the events that report an
	 * interruption, because the node that may have to send them may not know the format.
	 */
	Claim claim() {
		return new Claim(this.startsAgain, endingOfLost(), this::lost);
	}

	private List<LogEntry> endingOfLost() {
		if (this.restartsInterrupted) {
			return List.of(LogEntry.interruptedEnd(this.topic));
		}
		return this.ownFormat ? this.engine.endingOfLost(this.topic, this.format) : List.of();
	}

	private void lost() {
		end(SseAnswerOutcome.INTERRUPTED, new LeaseLostException(this.topic));
	}

	void setSince(EventId since) {
		this.since = since;
	}

	/**
	 * Note a command while the lease is being acquired, when it is not known yet whether
	 * the command concerns this publication. Called by the thread of the log, in the
	 * order of the ids.
	 */
	void noteCommand(EventId id) {
		this.command = id;
	}

	/**
	 * Execute the noted command if it concerns this publication.
	 */
	void obeyCommands() {
		if (this.command.isAfter(this.since)) {
			cancelByLog();
		}
	}

	/**
	 * Return the position of the log when this publication acquired its lease.
	 */
	EventId since() {
		return this.since;
	}

	private void subscribe() {
		if (this.end.get() != null) {
			// NOTE: the publication has ended, and its end cancels the source
			return;
		}
		try {
			this.contexts.run(() -> this.source.start(this));
		}
		catch (RuntimeException | Error ex) {
			// NOTE: the source may already be subscribed to, and is then cancelled
			broken(ex);
		}
	}

	@Override
	public void next(Object element) {
		offer(element);
	}

	@Override
	public void completed() {
		offer(COMPLETED);
	}

	@Override
	public void failed(Throwable failure) {
		offer(new Failed(failure));
	}

	@Override
	public void broken(Throwable fault) {
		end(SseAnswerOutcome.FAILED, fault);
	}

	private void offer(Object item) {
		if (this.end.get() == null) {
			this.inbox.add(item);
			signalQuickly();
		}
	}

	/**
	 * Process the inbox, as long as this does not wait.
	 */
	private void signalQuickly() {
		if (this.signals.getAndIncrement() == 0) {
			work(true);
		}
	}

	/**
	 * Let a thread that may wait process the inbox and noted events.
	 */
	private void signal() {
		if (this.signals.getAndIncrement() == 0) {
			this.engine.threads().append(() -> work(false));
		}
	}

	/**
	 * Process the inbox and noted events.
	 * @param quick whether this thread must not wait; another thread then continues
	 */
	private void work(boolean quick) {
		int seen;
		do {
			seen = this.signals.get();
			if (this.phase.get() == Phase.BEGUN && !takeAll(quick)) {
				this.engine.threads().append(() -> work(false));
				return;
			}
		}
		while (this.signals.addAndGet(-seen) != 0);
	}

	private boolean hasRoom() {
		Lease lease = this.lease;
		return lease != null && lease.hasRoom();
	}

	/**
	 * Empty the inbox, and finish if the end is set.
	 * @return {@code false} if work remains for a thread that may wait
	 */
	private boolean takeAll(boolean quick) {
		if (this.last != null) {
			this.inbox.clear();
			return true;
		}
		for (End end = this.end.get(); end == null; end = this.end.get()) {
			if (quick && !hasRoom()) {
				return false;
			}
			Object item = this.inbox.poll();
			try {
				if (item != null) {
					take(item);
				}
				this.pieces.flushIfDue();
			}
			catch (RuntimeException | Error ex) {
				this.end.compareAndSet(null, endAfter(ex));
			}
			if (item == null && this.end.get() == null) {
				return true;
			}
		}
		if (quick) {
			// NOTE: a format of the application creates the end, and may block or fail
			return false;
		}
		finish(this.end.get());
		return true;
	}

	private static End endAfter(Throwable failure) {
		if (failure instanceof AnswerTooLargeException) {
			return End.of(SseAnswerOutcome.TOO_LARGE, failure);
		}
		boolean interrupted = failure instanceof LeaseLostException || failure instanceof EventLogUnavailableException;
		return End.of(interrupted ? SseAnswerOutcome.INTERRUPTED : SseAnswerOutcome.FAILED, failure);
	}

	private void take(Object item) {
		if (item == COMPLETED) {
			this.sourceOver = true;
			this.end.compareAndSet(null, End.of(SseAnswerOutcome.COMPLETED, null));
			return;
		}
		if (item instanceof Failed failed) {
			this.sourceOver = true;
			this.end.compareAndSet(null, End.of(SseAnswerOutcome.FAILED, failed.failure()));
			return;
		}
		// NOTE: clients that treat each frame as data could not parse joined ones
		if (item instanceof String piece && !this.format.isDataOnly()) {
			this.engine.statistics().countPiece();
			this.pieces.add(piece);
		}
		else {
			this.pieces.flushAll();
			append(this.engine.writer().event(this.topic, event(item)));
		}
		this.taken++;
		if (this.taken >= Source.WINDOW / 2) {
			request(this.taken);
			this.taken = 0;
		}
	}

	private SseEvent event(Object element) {
		if (element instanceof SseEvent event) {
			SsePayloadHints own = event.getHints();
			return (own.view() == null && this.hints.view() != null)
					? event.withHints(new SsePayloadHints(own.type(), this.hints.view())) : event;
		}
		return SseEvent.of(element).withHints(this.hints);
	}

	private void append(LogEntry entry) {
		long size = EventDataWriter.sizeInUtf8(entry.data());
		AnswerSettings settings = this.engine.settings();
		if (this.events == settings.maxEvents()) {
			throw new AnswerTooLargeException("exceeds sse.answers.max-events: " + settings.maxEvents());
		}
		if (this.bytes + size > settings.maxBytes()) {
			throw new AnswerTooLargeException("exceeds sse.answers.max-size: " + settings.maxBytes() + " bytes");
		}
		Lease lease = this.lease;
		if (lease != null) {
			lease.append(entry);
			this.events++;
			this.bytes += size;
		}
	}

	private void request(int count) {
		if (this.source.isSynchronous()) {
			this.engine.threads().source(() -> {
				try {
					this.contexts.run(() -> this.source.request(count));
				}
				catch (RuntimeException | Error ex) {
					broken(ex);
				}
			});
		}
		else {
			this.contexts.run(() -> this.source.request(count));
		}
	}

	/**
	 * Append the end, release the lease, and cancel the source. If the log is
	 * unreachable, the source is cancelled and the rest is retried later.
	 */
	private void finish(@Nullable End end) {
		if (end == null) {
			return;
		}
		SseAnswerOutcome outcome = end.outcome();
		stopTimers();
		try {
			if (!appendEnding(end)) {
				this.engine.timer().schedule(this::signal, RETRY);
				return;
			}
		}
		catch (LeaseLostException ex) {
			outcome = (outcome.state() == State.CANCELLED && !end.byLog()) ? outcome : SseAnswerOutcome.INTERRUPTED;
			warn(SseAnswerOutcome.INTERRUPTED, "has lost the lease of its topic", ex);
		}
		finally {
			if (this.lease == null || this.ending == null || this.ending.isEmpty()) {
				release();
			}
			cancelSource();
		}
		complete(end, outcome);
	}

	/**
	 * Append the remaining entries.
	 * @return {@code false} if the log is unreachable
	 */
	private boolean appendEnding(End end) {
		Lease lease = this.lease;
		if (lease == null) {
			return true;
		}
		Deque<LogEntry> rest = this.ending;
		if (rest == null) {
			rest = ending(end);
			this.ending = rest;
		}
		while (!rest.isEmpty()) {
			try {
				lease.append(rest.element());
			}
			catch (LeaseLostException ex) {
				rest.clear();
				throw ex;
			}
			catch (EventLogUnavailableException ex) {
				logger.debug("The end of topic '" + this.topic + "' waits for the log", ex);
				return false;
			}
			catch (RuntimeException ex) {
				warn(SseAnswerOutcome.FAILED, "has ended, but an entry of its end could not be appended", ex);
			}
			rest.remove();
		}
		return true;
	}

	private Deque<LogEntry> ending(End end) {
		Deque<LogEntry> result = new ArrayDeque<>(2);
		if (end.cause() instanceof LeaseLostException) {
			return result;
		}
		String rest = this.pieces.takeRest();
		if (!rest.isEmpty()) {
			result.add(LogEntry.piece(this.topic, rest));
		}
		if (this.restartsInterrupted && end.outcome() == SseAnswerOutcome.INTERRUPTED) {
			result.add(LogEntry.interruptedEnd(this.topic));
		}
		else {
			this.engine.addEnding(result, this.topic, this.format, end.outcome(),
					(end.outcome() == SseAnswerOutcome.FAILED) ? end.cause() : null);
		}
		return result;
	}

	private void stopTimers() {
		this.pieces.stop();
		if (this.abandonment != null) {
			this.abandonment.close();
		}
	}

	private void release() {
		this.inbox.clear();
		Lease lease = this.lease;
		if (lease != null) {
			this.engine.release(this, lease);
		}
	}

	private void cancelSource() {
		if (this.sourceOver) {
			return;
		}
		this.sourceOver = true;
		this.engine.threads().source(() -> {
			try {
				this.contexts.run(this.source::cancel);
			}
			catch (RuntimeException | Error ex) {
				warn(SseAnswerOutcome.CANCELLED, "could not be cancelled", ex);
				// NOTE: has an effect only if a context could not be opened
				this.source.cancel();
			}
		});
	}

	private void complete(End end, SseAnswerOutcome outcome) {
		if (this.lease != null) {
			this.engine.statistics().countEnded(outcome, this.engine.timer().now() - this.startedAt);
			tell(end, outcome);
			this.engine.ended(new SseAnswerEndedEvent(topic(), outcome, end.cause()), this.contexts);
		}
		State state = outcome.state();
		this.last = state;
		if (this.completion.getNumberOfDependents() == 0) {
			this.completion.complete(state);
		}
		else {
			// NOTE: dependent stages may block
			this.engine.threads().source(() -> this.completion.complete(state));
		}
	}

	private void tell(End end, SseAnswerOutcome outcome) {
		switch (outcome) {
			case FAILED -> warn(outcome, "has failed", end.cause());
			case TOO_LARGE ->
				warn(outcome, (end.cause() != null) ? "" + end.cause().getMessage() : "is too large", null);
			case INTERRUPTED -> {
				if (end.cause() != null) {
					warn(outcome, "was interrupted", end.cause());
				}
				else {
					logger
						.debug("The source of topic '" + this.topic + "' was interrupted by the shutdown of this node");
				}
			}
			default -> {
				if (logger.isDebugEnabled()) {
					logger.debug("The source of topic '" + this.topic + "' has ended: " + outcome);
				}
			}
		}
	}

	private void warn(SseAnswerOutcome outcome, String text, @Nullable Throwable cause) {
		this.engine.warnings().warn(outcome, this.topic, text, cause);
	}

	private enum Phase {

		/** Not started, for example before the commit. */
		HELD,

		/** The lease is being acquired. */
		STARTING,

		/** The inbox may be processed. */
		BEGUN

	}

	private record End(SseAnswerOutcome outcome, @Nullable Throwable cause, boolean byLog) {

		static End of(SseAnswerOutcome outcome, @Nullable Throwable cause) {
			return new End(outcome, cause, false);
		}

	}

	private record Failed(Throwable failure) {

	}

}
