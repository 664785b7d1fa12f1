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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseOperations;
import io.github.springsse.SseTopic;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application of the starter that has snapshots, shared and not.
 */
@RestController
@EnableAutoConfiguration
class SnapshotServer implements ControlPort.Audience {

	private final SseOperations sse;

	private final SseEmitterRegistry registry;

	private final Map<Integer, String> ready = new ConcurrentHashMap<>();

	private final AtomicLong runs = new AtomicLong();

	SnapshotServer(SseOperations sse, SseEmitterRegistry registry) {
		this.sse = sse;
		this.registry = registry;
	}

	/** A snapshot that is there already. */
	@GetMapping("/ready")
	@SseTopic("ticks")
	String ready(@RequestParam int size) {
		this.runs.incrementAndGet();
		return this.ready.computeIfAbsent(size, "x"::repeat);
	}

	/** A snapshot that takes a while, as from a database. */
	@GetMapping("/snapshot")
	@SseTopic("ticks")
	String snapshot(@RequestParam int size, @RequestParam long millis) throws InterruptedException {
		this.runs.incrementAndGet();
		Thread.sleep(millis);
		return "x".repeat(size);
	}

	/** The same, shared by the requests that wait for it. */
	@GetMapping("/shared")
	@SseTopic(value = "ticks", snapshot = SseTopic.Sharing.SHARED)
	String shared(@RequestParam int size, @RequestParam long millis) throws InterruptedException {
		return snapshot(size, millis);
	}

	/** The same, also for requests of the next second. */
	@GetMapping("/shared-1s")
	@SseTopic(value = "ticks", snapshot = SseTopic.Sharing.SHARED, snapshotMaxAge = "1s")
	String sharedForSecond(@RequestParam int size, @RequestParam long millis) throws InterruptedException {
		return snapshot(size, millis);
	}

	@Override
	public void publish(String topic, ControlPort.Tick tick) {
		this.sse.publish("ticks", tick);
	}

	@Override
	public long runs() {
		return this.runs.get();
	}

	@Override
	public int count() {
		return this.registry.count();
	}

}
