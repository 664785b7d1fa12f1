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

import java.util.function.Consumer;

import io.github.springsse.EventDataWriter;
import org.jspecify.annotations.Nullable;

/**
 * Joins the pieces of a text that arrive within a period, and keeps characters whole that
 * a source has divided between two pieces.
 * <p>
 * <em>Threads:</em> not thread-safe. The timer calls {@code wakeUp}, whose receiver then
 * calls {@link #flushIfDue}.
 * <p>
 * <em>Invariants:</em> the output has the characters of the input in their order. Joined
 * text does not exceed the maximum size of an event, nor {@value #MAX_BYTES} bytes. The
 * timer runs while text waits for the end of the period.
 */
final class PieceJoiner {

	/** The size above which pieces are not joined. */
	static final int MAX_BYTES = 16 * 1024;

	private final AnswerTimer timer;

	private final long period;

	private final long maxBytes;

	private final Runnable wakeUp;

	private final Consumer<String> output;

	/** The last character of the input if it may belong to the next piece. */
	private String cut = "";

	private final StringBuilder text = new StringBuilder(0);

	private long bytes;

	private AnswerTimer.@Nullable Task task;

	private long due;

	/**
	 * Create an instance.
	 * @param timer the timer
	 * @param period the longest time in nanoseconds that a piece waits, 0 to join none
	 * @param maxEventBytes the maximum size of the data of an event
	 * @param wakeUp called by the timer at the end of the period
	 * @param output receives the joined text
	 */
	PieceJoiner(AnswerTimer timer, long period, long maxEventBytes, Runnable wakeUp, Consumer<String> output) {
		this.timer = timer;
		this.period = period;
		this.maxBytes = Math.min(MAX_BYTES, maxEventBytes);
		this.wakeUp = wakeUp;
		this.output = output;
	}

	/**
	 * Add a piece.
	 * @param given the piece
	 */
	void add(String given) {
		String piece = wholeCharacters(this.cut.isEmpty() ? given : this.cut + given);
		if (piece.isEmpty() && !this.cut.isEmpty()) {
			return;
		}
		if (this.period == 0) {
			this.output.accept(piece);
			return;
		}
		join(piece);
		if (this.bytes >= this.maxBytes) {
			flush();
		}
		else if (this.task == null) {
			this.due = this.timer.now() + this.period;
			this.task = this.timer.schedule(this.wakeUp, this.period);
		}
	}

	/**
	 * Cut off the last character if it may be the first half of a surrogate pair, which
	 * cannot be written without the other half, or of a CRLF, which would become two line
	 * ends.
	 */
	private String wholeCharacters(String given) {
		char last = given.isEmpty() ? ' ' : given.charAt(given.length() - 1);
		int whole = (Character.isHighSurrogate(last) || last == '\r') ? given.length() - 1 : given.length();
		this.cut = given.substring(whole);
		return given.substring(0, whole);
	}

	private void join(String piece) {
		long size = EventDataWriter.sizeInUtf8(piece);
		if (!this.text.isEmpty() && this.bytes + size > this.maxBytes) {
			flush();
		}
		this.text.append(piece);
		this.bytes += size;
	}

	/**
	 * Pass the joined text on if its period is over.
	 */
	void flushIfDue() {
		if (this.task != null && this.timer.now() - this.due >= 0) {
			flush();
		}
	}

	/**
	 * Pass all text on, because no piece follows directly.
	 */
	void flushAll() {
		if (!this.cut.isEmpty()) {
			String rest = this.cut;
			this.cut = "";
			join(rest);
		}
		flush();
	}

	private void flush() {
		stop();
		if (!this.text.isEmpty()) {
			this.output.accept(takeText());
		}
	}

	private String takeText() {
		String result = this.text.toString();
		this.text.setLength(0);
		this.bytes = 0;
		return result;
	}

	/**
	 * Remove the text that has not been passed on.
	 * @return the text
	 */
	String takeRest() {
		String rest = takeText() + this.cut;
		this.cut = "";
		return rest;
	}

	/**
	 * Stop the timer.
	 */
	void stop() {
		if (this.task != null) {
			this.task.cancel();
			this.task = null;
		}
	}

}
