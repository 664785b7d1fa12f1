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

package io.github.springsse.clients;

import java.net.URI;
import java.util.Objects;

import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.background.BackgroundEventHandler;
import com.launchdarkly.eventsource.background.BackgroundEventSource;
import com.launchdarkly.logging.LDLogger;
import org.jspecify.annotations.Nullable;

/**
 * {@code com.launchdarkly:okhttp-eventsource} in the background.
 */
final class OkHttpEventSourceClient implements ForeignClient {

	private @Nullable BackgroundEventSource source;

	@Override
	public void open(URI uri, ForeignClientUser user) {
		this.source = new BackgroundEventSource.Builder(new BackgroundEventHandler() {

			@Override
			public void onOpen() {
				user.opened();
			}

			@Override
			public void onClosed() {
				user.ended();
			}

			@Override
			public void onMessage(String name, MessageEvent event) {
				user.event(name, event.getData(), event.getLastEventId());
			}

			@Override
			public void onComment(String comment) {
				// comments are for nobody
			}

			@Override
			public void onError(Throwable ex) {
				user.failed(ex.toString());
			}

		}, new EventSource.Builder(uri).logger(LDLogger.none())).build();
		this.source.start();
	}

	@Override
	public void close() {
		Objects.requireNonNull(this.source).close();
	}

}
