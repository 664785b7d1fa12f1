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
import java.util.concurrent.TimeUnit;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.SseEventSource;
import org.jspecify.annotations.Nullable;

/**
 * Jakarta REST's {@code SseEventSource}, as Jersey has it.
 */
final class JerseyClient implements ForeignClient {

	private final Client client = ClientBuilder.newClient();

	private @Nullable SseEventSource source;

	@Override
	public void open(URI uri, ForeignClientUser user) {
		this.source = SseEventSource.target(this.client.target(uri)).reconnectingEvery(1, TimeUnit.SECONDS).build();
		this.source.register((event) -> user.event(event.getName(), event.readData(), event.getId()),
				(ex) -> user.failed(ex.toString()), user::stopped);
		this.source.open();
	}

	@Override
	public void close() {
		Objects.requireNonNull(this.source).close(0, TimeUnit.SECONDS);
		this.client.close();
	}

}
