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

package io.github.springsse.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;

/**
 * A follower that blocks in its first entry until it is released.
 */
final class SlowFollower implements EventLog.Follower {

	final List<String> gaps = Collections.synchronizedList(new ArrayList<>());

	volatile String last = "";

	private final CountDownLatch latch;

	SlowFollower(CountDownLatch latch) {
		this.latch = latch;
	}

	@Override
	public void onEntry(EventId id, LogEntry entry) {
		try {
			this.latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.last = entry.data();
	}

	@Override
	public void onGap(EventId until, EventLog.Loss loss) {
		this.gaps.add(loss + " until " + until);
	}

}
