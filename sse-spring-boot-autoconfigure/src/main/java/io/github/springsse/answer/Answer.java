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
 * The publication of a source.
 * <p>
 * <em>Threads:</em> what a source gives is put into an inbox by any thread. The inbox is
 * emptied by one thread at a time, which appends to the log, and is the only one that
 * does: what else happens, such as a cancellation, is noted for it. That is the thread of
 * the source itself while appends return at once, else one that may wait. Code of the
 * source that may block is run by other threads.
 * <p>
 * <em>Invariants:</em> how it ends is decided once, by whoever is first, and nothing that
 * the source gives is appended after that. An end is appended after everything else, once
 * if the log can be reached. Where the lease is lost, nothing more is appended. The
 * source is cancelled once, unless it has ended by itself. The inbox has no more elements
 * than the source was asked for. An element counts as taken when it is appended, or waits
 * to be joined.
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

	/** Whether the format is one that other nodes do not know of. */
	private final boolean ownFormat;

	private final boolean startsAgain;

	private final boolean restartsInterrupted;

	private final long join;

	private final long abandonAfter;

	private final CapturedContexts contexts;

	private final Queue<Object> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HELD);

	private final AtomicReference<@Nullable End> end = new AtomicReference<>();

	/** How often there was something to do since it was last looked for. */
	private final AtomicInteger signals = new AtomicInteger();

	private final CompletableFuture<State> completion = new CompletableFuture<>();

	/** The last state, when the end is in the log. */
	private volatile @Nullable State last;

	/** Written before the phase is {@code BEGUN}, and so what follows. */
	private @Nullable Lease lease;

	private long startedAt;

	/** The newest command that was read while the lease was being taken. */
	private volatile EventId command = EventId.MIN;

	/** Written before this is among the live ones. */
	private EventId since = EventId.MIN;

	private @Nullable Abandonment abandonment;

	/** From here, only for the thread that empties the inbox. */
	private final Pieces pieces;

	/** The last character of a piece, where the next piece may belong to it. */
	private String cut = "";

	private AnswerTimer.@Nullable Task flushTask;

	private long flushAt;

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
		this.join = AnswerEngine.nanos(options.getJoin());
		this.format = format;
		this.ownFormat = options.getFormat() != null;
		this.startsAgain = options.isStartAgain();
		this.restartsInterrupted = options.isRestartInterrupted();
		this.abandonAfter = abandonAfter;
		this.contexts = contexts;
		this.pieces = new Pieces(engine.writer().maxEventBytes());
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
	 * End this since the log says so: by a command, or by an end that this has not
	 * appended. If the lease is lost as well, that is why.
	 */
	void cancelByLog() {
		end(new End(SseAnswerOutcome.CANCELLED, null, true));
	}

	/**
	 * Decide how this ends, unless that is decided.
	 * @return whether this has decided it
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
	 * Take the lease, and begin. May wait for the log.
	 * @throws RuntimeException if there is no lease to be had: this has ended then
	 */
	void start() {
		if (!this.phase.compareAndSet(Phase.HELD, Phase.STARTING)) {
			return;
		}
		try {
			this.lease = this.engine.acquire(this);
			this.startedAt = this.engine.timer().now();
			this.lease.append(LogEntry.begin(this.topic));
			if (logger.isDebugEnabled()) {
				logger.debug("The source of topic '" + this.topic + "' begins");
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

	Topic target() {
		return this.topic;
	}

	boolean startsAgain() {
		return this.startsAgain;
	}

	/**
	 * Return how the lease is taken. How an interruption is told goes with it, since the
	 * node that has to tell it may not know the format.
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
	 * Note a command while the lease is being taken, so that it is not known yet whether
	 * it is for this. Called by the thread of the log, in the order of the ids.
	 */
	void noteCommand(EventId id) {
		this.command = id;
	}

	/**
	 * Do what was noted, if it is for this.
	 */
	void obeyCommands() {
		if (this.command.isAfter(this.since)) {
			cancelByLog();
		}
	}

	/**
	 * Return where the log was when this got its lease.
	 */
	EventId since() {
		return this.since;
	}

	private void subscribe() {
		if (this.end.get() != null) {
			// NOTE: it is cancelled, or was
			return;
		}
		try {
			this.contexts.run(() -> this.source.start(this));
		}
		catch (RuntimeException | Error ex) {
			// NOTE: it may have been subscribed to, and is cancelled then
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
	 * Look at the inbox, as long as that takes no waiting.
	 */
	private void signalQuickly() {
		if (this.signals.getAndIncrement() == 0) {
			work(true);
		}
	}

	/**
	 * Have the inbox, and what was noted, looked at by a thread that may wait.
	 */
	private void signal() {
		if (this.signals.getAndIncrement() == 0) {
			this.engine.threads().append(() -> work(false));
		}
	}

	/**
	 * Look at the inbox, and at what was noted.
	 * @param quick whether this thread must not wait: another one goes on where it would
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
	 * Empty the inbox, and finish if the end is decided.
	 * @return {@code false} if something is left to do for a thread that may wait
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
				if (this.flushTask != null && this.engine.timer().now() - this.flushAt >= 0) {
					flush();
				}
			}
			catch (RuntimeException | Error ex) {
				this.end.compareAndSet(null, endAfter(ex));
			}
			if (item == null && this.end.get() == null) {
				return true;
			}
		}
		if (quick) {
			// NOTE: a format of the application tells the end, and may do anything
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
		// NOTE: clients that take each frame for data would choke on joined ones
		if (item instanceof String piece && !this.format.isDataOnly()) {
			take(piece);
		}
		else {
			joinCut();
			flush();
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

	private void take(String given) {
		this.engine.statistics().countPiece();
		String text = this.cut.isEmpty() ? given : this.cut + given;
		int whole = isCutApart(text) ? text.length() - 1 : text.length();
		this.cut = text.substring(whole);
		if (whole == 0 && !this.cut.isEmpty()) {
			return;
		}
		String piece = text.substring(0, whole);
		if (this.join == 0) {
			append(this.engine.writer().piece(this.topic, piece));
			return;
		}
		long size = EventDataWriter.sizeInUtf8(piece);
		if (!this.pieces.hasRoomFor(size)) {
			flush();
		}
		this.pieces.add(piece, size);
		if (this.pieces.isFull()) {
			flush();
		}
		else if (this.flushTask == null) {
			this.flushAt = this.engine.timer().now() + this.join;
			this.flushTask = this.engine.timer().schedule(this::signalQuickly, this.join);
		}
	}

	/**
	 * Tell whether the last character may be the first half of one that cannot be written
	 * without the other half, or of the end of a line, which would become two.
	 */
	private static boolean isCutApart(String text) {
		char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
		return Character.isHighSurrogate(last) || last == '\r';
	}

	/**
	 * Have what was left of the last piece told, since no other comes next.
	 */
	private void joinCut() {
		if (!this.cut.isEmpty()) {
			long size = EventDataWriter.sizeInUtf8(this.cut);
			if (!this.pieces.hasRoomFor(size)) {
				flush();
			}
			this.pieces.add(this.cut, size);
			this.cut = "";
		}
	}

	private void flush() {
		if (this.flushTask != null) {
			this.flushTask.cancel();
			this.flushTask = null;
		}
		if (!this.pieces.isEmpty()) {
			append(this.engine.writer().piece(this.topic, this.pieces.take()));
		}
	}

	private void append(LogEntry entry) {
		long size = EventDataWriter.sizeInUtf8(entry.data());
		AnswerSettings settings = this.engine.settings();
		if (this.events == settings.maxEvents()) {
			throw new AnswerTooLargeException("has given more than sse.answers.max-events: " + settings.maxEvents());
		}
		if (this.bytes + size > settings.maxBytes()) {
			throw new AnswerTooLargeException(
					"has given more than sse.answers.max-size: " + settings.maxBytes() + " bytes");
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
			this.engine.threads().source(() -> this.contexts.run(() -> this.source.request(count)));
		}
		else {
			this.contexts.run(() -> this.source.request(count));
		}
	}

	/**
	 * Append the end, give the lease back, and cancel the source. Where the log cannot be
	 * reached, the source is cancelled, and the rest is tried again.
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
			warn(SseAnswerOutcome.INTERRUPTED, "has lost its topic", ex);
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
	 * Append what is left to append.
	 * @return {@code false} if the log could not be reached
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
				warn(SseAnswerOutcome.FAILED, "has ended, but a part of its end could not be appended", ex);
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
		this.pieces.add(this.cut, 0);
		this.cut = "";
		if (!this.pieces.isEmpty()) {
			result.add(LogEntry.piece(this.topic, this.pieces.take()));
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
		if (this.flushTask != null) {
			this.flushTask.cancel();
			this.flushTask = null;
		}
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
			// NOTE: who waits for it may block
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
					logger.debug("The source of topic '" + this.topic + "' was interrupted by the end of this node");
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

		/** Nothing has begun, as before the commit. */
		HELD,

		/** The lease is being taken. */
		STARTING,

		/** The inbox may be emptied. */
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
