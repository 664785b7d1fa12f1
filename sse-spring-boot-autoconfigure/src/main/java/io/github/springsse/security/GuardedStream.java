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

package io.github.springsse.security;

import java.security.Principal;
import java.util.List;
import java.util.function.Consumer;

import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.DeliveredStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that ends with the session, token or account of its client.
 */
final class GuardedStream {

	private final List<TopicPattern> patterns;

	private final String user;

	private final Consumer<EndReason> ending;

	/** Guarded by the lock of {@link WatchedSessions}. */
	@Nullable WatchedSession session;

	/** Guarded by the lock of {@link WatchedUsers}. */
	@Nullable WatchedUser watchedUser;

	/**
	 * Create a stream.
	 * @param patterns the topics and patterns of its subscriptions
	 * @param user the name of its user
	 * @param ending ends the stream; it may also be called before the stream is open and
	 * after it is closed
	 */
	GuardedStream(List<TopicPattern> patterns, String user, Consumer<EndReason> ending) {
		this.patterns = patterns;
		this.user = user;
		this.ending = ending;
	}

	/**
	 * Create a stream.
	 * @param stream the stream
	 * @param user its user
	 * @param event the name of the event that is sent before the end
	 */
	static GuardedStream of(DeliveredStream stream, Principal user, String event) {
		return new GuardedStream(stream.getPatterns(), user.getName(), (reason) -> stream.expire(event, reason.text()));
	}

	List<TopicPattern> patterns() {
		return this.patterns;
	}

	String user() {
		return this.user;
	}

	/**
	 * End the stream. For any thread.
	 */
	void end(EndReason reason) {
		this.ending.accept(reason);
	}

}
