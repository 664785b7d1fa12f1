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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.jspecify.annotations.Nullable;

/**
 * {@code com.squareup.okhttp3:okhttp-sse}, which does not come back by itself: with the
 * loop that its users write.
 */
final class OkHttpSseClient implements ForeignClient {

	private static final long RETRY_MILLIS = 1000;

	private final OkHttpClient client = new OkHttpClient();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private volatile @Nullable String lastEventId;

	private volatile boolean closed;

	@Override
	public void open(URI uri, ForeignClientUser user) {
		Request.Builder request = new Request.Builder().url(uri.toString());
		if (this.lastEventId != null) {
			request.header("Last-Event-ID", this.lastEventId);
		}
		EventSources.createFactory(this.client).newEventSource(request.build(), new EventSourceListener() {

			@Override
			public void onOpen(EventSource source, Response response) {
				user.opened();
			}

			@Override
			public void onEvent(EventSource source, @Nullable String id, @Nullable String type, String data) {
				if (id != null) {
					OkHttpSseClient.this.lastEventId = id;
				}
				user.event((type != null) ? type : "message", data, id);
			}

			@Override
			public void onClosed(EventSource source) {
				user.ended();
				again(uri, user);
			}

			@Override
			public void onFailure(EventSource source, @Nullable Throwable ex, @Nullable Response response) {
				user.failed((ex != null) ? ex.toString() : String.valueOf(response));
				if (response != null && response.code() == 204) {
					user.stopped();
				}
				else {
					again(uri, user);
				}
			}

		});
	}

	private void again(URI uri, ForeignClientUser user) {
		if (!this.closed) {
			this.timer.schedule(() -> open(uri, user), RETRY_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.timer.shutdownNow();
		this.client.dispatcher().cancelAll();
		this.client.dispatcher().executorService().shutdown();
	}

}
