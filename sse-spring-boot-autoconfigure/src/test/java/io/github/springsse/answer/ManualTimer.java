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

import java.util.ArrayList;
import java.util.List;

/**
 * A clock that a test advances.
 */
final class ManualTimer implements AnswerTimer {

	private final List<Scheduled> scheduled = new ArrayList<>();

	private long now = 1_000;

	@Override
	public synchronized long now() {
		return this.now;
	}

	@Override
	public synchronized Task schedule(Runnable task, long delay) {
		Scheduled entry = new Scheduled(task, this.now + delay);
		this.scheduled.add(entry);
		return () -> cancel(entry);
	}

	private synchronized void cancel(Scheduled entry) {
		this.scheduled.remove(entry);
	}

	synchronized int size() {
		return this.scheduled.size();
	}

	void advanceMillis(long millis) {
		List<Scheduled> due;
		synchronized (this) {
			this.now += millis * 1_000_000;
			due = this.scheduled.stream().filter((entry) -> entry.at() <= this.now).toList();
			this.scheduled.removeAll(due);
		}
		due.forEach((entry) -> entry.task().run());
	}

	@Override
	public void close() {
	}

	private record Scheduled(Runnable task, long at) {

	}

}
