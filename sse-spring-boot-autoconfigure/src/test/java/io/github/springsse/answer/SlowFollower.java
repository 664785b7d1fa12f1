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

import java.util.concurrent.Semaphore;

import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;

/**
 * A follower that has room for as many entries as a test permits.
 */
final class SlowFollower implements EventLog.Follower {

	final Semaphore room;

	SlowFollower(int room) {
		this.room = new Semaphore(room);
	}

	@Override
	public void awaitRoom(LogEntry entry) {
		this.room.acquireUninterruptibly();
	}

	@Override
	public boolean hasRoom() {
		return false;
	}

	@Override
	public void onEntry(EventId id, LogEntry entry) {
	}

}
