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

package io.github.springsse.testsupport;

import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EventLog} that has another one do everything. Subclasses change what a test
 * is about.
 */
public class DelegatingEventLog implements EventLog {

	protected final EventLog delegate;

	protected DelegatingEventLog(EventLog delegate) {
		this.delegate = delegate;
	}

	@Override
	public @Nullable EventId append(LogEntry entry) {
		return this.delegate.append(entry);
	}

	@Override
	public EventId head() {
		return this.delegate.head();
	}

	@Override
	public String format(EventId id) {
		return this.delegate.format(id);
	}

	@Override
	public @Nullable EventId parse(String text) {
		return this.delegate.parse(text);
	}

	@Override
	public Subscription follow(EventId cursor, Follower follower) {
		return this.delegate.follow(cursor, follower);
	}

}
