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

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * An application that keeps its emitters in a list and sends to one after the other, as
 * tutorials have it. It streams answers as Spring MVC does.
 */
@RestController
@EnableAutoConfiguration
class PlainServer implements ControlPort.Audience {

	private final List<SseEmitter> emitters = new CopyOnWriteArrayList<>();

	private final AtomicInteger answers = new AtomicInteger();

	private final AtomicInteger runs = new AtomicInteger();

	@GetMapping("/events")
	SseEmitter events() {
		SseEmitter emitter = new SseEmitter(0L);
		this.emitters.add(emitter);
		emitter.onCompletion(() -> this.emitters.remove(emitter));
		return emitter;
	}

	@GetMapping("/each")
	SseEmitter snapshot(@RequestParam int size, @RequestParam long millis) throws InterruptedException, IOException {
		this.runs.incrementAndGet();
		SseEmitter emitter = events();
		Thread.sleep(millis);
		emitter.send(SseEmitter.event().name("snapshot").data("x".repeat(size)));
		return emitter;
	}

	@GetMapping(path = "/answers/{id}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> answer(@RequestParam int pieces, @RequestParam int rate) {
		return Pieces.events(pieces, rate, this.answers);
	}

	@Override
	public void publish(String topic, ControlPort.Tick tick) {
		for (SseEmitter emitter : this.emitters) {
			try {
				emitter.send(SseEmitter.event().id(Long.toString(tick.number())).name("tick").data(tick));
			}
			catch (IOException | IllegalStateException ex) {
				this.emitters.remove(emitter);
			}
		}
	}

	@Override
	public long runs() {
		return this.runs.get();
	}

	@Override
	public int count() {
		return this.emitters.size() + this.answers.get();
	}

}
