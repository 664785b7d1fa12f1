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

import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.delivery.StreamTransport;
import io.github.springsse.webmvc.transport.StreamExchange;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/**
 * An exchange whose stream cannot be opened, which counts how often that is told.
 */
public final class FailingExchange implements StreamTransport.Listener {

	private final AtomicInteger disconnected = new AtomicInteger();

	@Override
	public void onWritable() {
	}

	@Override
	public void onDisconnected() {
		this.disconnected.incrementAndGet();
	}

	public int disconnected() {
		return this.disconnected.get();
	}

	public StreamExchange exchange() {
		return new StreamExchange(new MockHttpServletRequest(), new MockHttpServletResponse(), this, (transport) -> {
			throw new IllegalStateException("not really");
		}, (release) -> {
		});
	}

}
