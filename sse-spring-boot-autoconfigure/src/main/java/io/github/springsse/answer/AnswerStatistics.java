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

import java.util.concurrent.atomic.LongAdder;

import io.github.springsse.SseAnswerOutcome;

/**
 * Counters of the publications of sources. Thread-safe.
 */
public final class AnswerStatistics {

	private final LongAdder[] ended = new LongAdder[SseAnswerOutcome.values().length];

	private final LongAdder[] nanos = new LongAdder[SseAnswerOutcome.values().length];

	private final LongAdder pieces = new LongAdder();

	AnswerStatistics() {
		for (int i = 0; i < this.ended.length; i++) {
			this.ended[i] = new LongAdder();
			this.nanos[i] = new LongAdder();
		}
	}

	void countEnded(SseAnswerOutcome outcome, long nanos) {
		this.ended[outcome.ordinal()].increment();
		this.nanos[outcome.ordinal()].add(nanos);
	}

	void countPiece() {
		this.pieces.increment();
	}

	/**
	 * Return the number of publications that have ended.
	 * @param outcome how they ended
	 * @return the number
	 */
	public long ended(SseAnswerOutcome outcome) {
		return this.ended[outcome.ordinal()].sum();
	}

	/**
	 * Return the total duration of the publications that have ended.
	 * @param outcome how they ended
	 * @return the sum in nanoseconds
	 */
	public long nanos(SseAnswerOutcome outcome) {
		return this.nanos[outcome.ordinal()].sum();
	}

	/**
	 * Return the number of pieces of text that sources produced.
	 * @return the number, before pieces are joined
	 */
	public long pieces() {
		return this.pieces.sum();
	}

}
