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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that uses the starter.
 */
@RestController
@EnableAutoConfiguration
class StarterServer implements ControlPort.Audience {

	private static final String MEGABYTE = "x".repeat(1_000_000);

	private final SseOperations sse;

	private final SseEmitterRegistry registry;

	private final AtomicInteger runs = new AtomicInteger();

	StarterServer(SseOperations sse, SseEmitterRegistry registry) {
		this.sse = sse;
		this.registry = registry;
	}

	@GetMapping("/events")
	@SseTopic("ticks")
	void events() {
	}

	/** A snapshot that is there already. */
	@GetMapping("/ready")
	@SseTopic("ticks")
	String ready() {
		this.runs.incrementAndGet();
		return MEGABYTE;
	}

	/** A snapshot that takes a while, as from a database. */
	@GetMapping("/each")
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

	@GetMapping("/topics")
	SseStream topics(@RequestParam String[] topic) {
		return this.registry.subscribe(topic);
	}

	/** A streamed answer, whose pieces are joined when it has ended. */
	@GetMapping("/answers/{id}")
	@SseTopic("answers/{id}")
	Supplier<Flux<String>> answer(@PathVariable String id, @RequestParam int pieces, @RequestParam int rate) {
		return () -> Pieces.of(pieces, rate);
	}

	/** A stream that receives nothing. */
	@GetMapping("/idle/{id}")
	@SseTopic("idle/{id}")
	void idle() {
	}

	@Override
	public void publish(String topic, ControlPort.Tick tick) {
		this.sse.publish(topic, SseEvent.of("tick", tick));
	}

	@Override
	public void publish(String data) {
		this.sse.publish("ticks", SseEvent.of("tick", data));
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
