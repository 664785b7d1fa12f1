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

package io.github.springsse.webmvc.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long clients have not answered, from one reading of the
 * {@link SocketTable} to the next. A client has answered if the kernel's number of
 * attempts has decreased, or if the timer has restarted without another attempt: a new
 * silence begins then. So the measured silence is never longer than the actual one. For
 * one thread.
 */
final class Silences implements SocketTable.Rows {

	/**
	 * The minimum number of attempts before a client counts as silent: packets get lost,
	 * and the kernel may wait for two minutes before the next attempt.
	 */
	private static final int MIN_ATTEMPTS = 3;

	private final long longest;

	private final Map<SocketPair, Silence> silences = new HashMap<>();

	private final List<SocketPair> exceeded = new ArrayList<>();

	private long reading;

	private long now;

	/**
	 * Create an instance without silences.
	 * @param longest the maximum silence in nanoseconds
	 */
	Silences(long longest) {
		this.longest = longest;
	}

	/**
	 * Begin a reading.
	 * @param now the time in nanoseconds
	 */
	void begin(long now) {
		this.reading++;
		this.now = now;
		this.exceeded.clear();
	}

	@Override
	public void unanswered(SocketPair pair, long attempts, long untilNext) {
		Silence silence = this.silences.get(pair);
		if (silence == null || !silence.goesOn(attempts, untilNext)) {
			silence = new Silence(this.now);
			this.silences.put(pair, silence);
		}
		silence.attempts = attempts;
		silence.untilNext = untilNext;
		silence.reading = this.reading;
		if (attempts >= MIN_ATTEMPTS && this.now - silence.since >= this.longest) {
			this.exceeded.add(pair);
		}
	}

	/**
	 * End a reading. A single reading may lack a row, as the kernel changes the table
	 * meanwhile.
	 * @return the clients that were silent for too long, valid until the next reading
	 */
	List<SocketPair> end() {
		this.silences.values().removeIf((silence) -> silence.reading < this.reading - 1);
		return this.exceeded;
	}

	private static final class Silence {

		private final long since;

		private long attempts;

		private long untilNext;

		private long reading;

		Silence(long since) {
			this.since = since;
		}

		private boolean goesOn(long attempts, long untilNext) {
			return attempts > this.attempts || (attempts == this.attempts && untilNext <= this.untilNext);
		}

	}

}
