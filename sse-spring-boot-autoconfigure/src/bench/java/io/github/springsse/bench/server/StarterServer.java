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

package io.github.springsse.bench.server;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.autoconfigure.SseProperties;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that uses the starter.
 */
@RestController
@EnableAutoConfiguration
class StarterServer implements Audience {

	/** The default, with a heap that is not small. */
	private static final DataSize HISTORY = DataSize.ofMegabytes(64);

	private final SseOperations sse;

	private final SseEmitterRegistry registry;

	private final SseProperties properties;

	StarterServer(SseOperations sse, SseEmitterRegistry registry, SseProperties properties) {
		this.sse = sse;
		this.registry = registry;
		this.properties = properties;
	}

	@GetMapping("/events")
	@SseTopic("ticks")
	void events() {
	}

	/**
	 * A snapshot that takes a while, as from a database.
	 */
	@GetMapping("/snapshot")
	@SseTopic("ticks")
	String snapshot(@RequestParam int size, @RequestParam long millis) throws InterruptedException {
		Thread.sleep(millis);
		return "x".repeat(size);
	}

	@GetMapping("/topics")
	SseStream topics(@RequestParam String[] topic) {
		return this.registry.subscribe(topic);
	}

	@Override
	public void publish(Tick tick) {
		publish("ticks", tick);
	}

	@Override
	public void publish(String topic, Tick tick) {
		this.sse.publish(topic, SseEvent.of("tick", tick));
	}

	@Override
	public void publish(String data) {
		this.sse.publish("ticks", SseEvent.of("tick", data));
	}

	@Override
	public int count() {
		return this.registry.count();
	}

	@Override
	public long bound() {
		DataSize history = this.properties.getReplay().getMaxSize();
		return ((history != null) ? history : HISTORY).toBytes()
				+ count() * this.properties.getStream().getQueue().getMaxSize().toBytes();
	}

}
