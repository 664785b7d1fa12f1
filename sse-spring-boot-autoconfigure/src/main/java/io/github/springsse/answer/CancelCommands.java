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

import java.util.function.BiConsumer;

import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Follows a shared log for commands to cancel the sources of this node, and for the ends
 * of their topics. Only used if no other component does so, and only active while there
 * are sources.
 * <p>
 * <em>Invariant:</em> the log is followed while there were more calls of {@link #begin}
 * than of {@link #end}. {@code begin} returns when the log is being followed.
 */
final class CancelCommands {

	private final EventLog log;

	private final BiConsumer<EventId, Topic> cancel;

	private int count;

	private EventLog.@Nullable Subscription subscription;

	/**
	 * Create an instance.
	 * @param log the log
	 * @param cancel cancels the source of a topic; it must not block
	 */
	CancelCommands(EventLog log, BiConsumer<EventId, Topic> cancel) {
		this.log = log;
		this.cancel = cancel;
	}

	synchronized void begin() {
		if (this.subscription == null) {
			this.subscription = this.log.follow(this.log.head(), this::onEntry);
		}
		this.count++;
	}

	synchronized void end() {
		this.count--;
		if (this.count == 0 && this.subscription != null) {
			this.subscription.close();
			this.subscription = null;
		}
	}

	private void onEntry(EventId id, LogEntry entry) {
		if (entry.kind() == LogEntry.Kind.CANCEL || entry.kind() == LogEntry.Kind.END) {
			this.cancel.accept(id, entry.topic());
		}
	}

}
