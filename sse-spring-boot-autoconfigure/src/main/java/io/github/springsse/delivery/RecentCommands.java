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

package io.github.springsse.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;

/**
 * The most recent commands of the log, for streams that were not open yet when these
 * commands were executed, since the methods of their requests were still running.
 * Thread-safe.
 */
final class RecentCommands {

	static final int MAX = 1000;

	private final ReentrantLock lock = new ReentrantLock();

	/** The commands, newest first; guarded by the lock. */
	private final Deque<Command> commands = new ArrayDeque<>();

	void add(EventId id, LogEntry entry) {
		this.lock.lock();
		try {
			this.commands.addFirst(new Command(id, entry));
			if (this.commands.size() > MAX) {
				this.commands.removeLast();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the commands after a cursor, newest first.
	 */
	List<LogEntry> after(EventId cursor) {
		List<LogEntry> result = new ArrayList<>();
		this.lock.lock();
		try {
			Iterator<Command> newestFirst = this.commands.iterator();
			while (newestFirst.hasNext()) {
				Command command = newestFirst.next();
				if (!command.id().isAfter(cursor)) {
					break;
				}
				result.add(command.entry());
			}
		}
		finally {
			this.lock.unlock();
		}
		return result;
	}

	private record Command(EventId id, LogEntry entry) {

	}

}
