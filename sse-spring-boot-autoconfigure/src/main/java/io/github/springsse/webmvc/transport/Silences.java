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
 * How long clients have not answered, from one reading of the {@link SocketTable} to the
 * next. A client answers at the latest when the kernel's count of attempts falls, or its
 * timer begins anew without another attempt: from then on it is silent for a new time. So
 * what is taken for silence is never longer than what is. For one thread.
 */
final class Silences implements SocketTable.Rows {

	/**
	 * How often a client must have been asked: packets get lost, and the kernel may wait
	 * for two minutes until it asks again.
	 */
	private static final int MIN_ATTEMPTS = 3;

	private final long longest;

	private final Map<SocketPair, Silence> silences = new HashMap<>();

	private final List<SocketPair> exceeded = new ArrayList<>();

	private long reading;

	private long now;

	/**
	 * Create an empty record.
	 * @param longest the longest silence allowed, in nanoseconds
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
	 * End a reading. A row may be left out of one, as the kernel does not hold the table
	 * still.
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
