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

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A sink that all streams are subscribed to. An event is written as JSON once. A client
 * that does not read has a queue as long as that of the starter, which closes the stream
 * when it is full: so nobody waits for it.
 */
@RestController
@EnableAutoConfiguration
class WebFluxServer implements ControlPort.Audience {

	private final Sinks.Many<ServerSentEvent<String>> sink = Sinks.many().multicast().directBestEffort();

	private final AtomicInteger count = new AtomicInteger();

	private final JsonMapper jsonMapper;

	WebFluxServer(JsonMapper jsonMapper) {
		this.jsonMapper = jsonMapper;
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> events() {
		return this.sink.asFlux()
			.doOnSubscribe((subscription) -> this.count.incrementAndGet())
			.doFinally((signal) -> this.count.decrementAndGet())
			.onBackpressureBuffer(1000);
	}

	@GetMapping(path = "/answers/{id}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> answer(@RequestParam int pieces, @RequestParam int rate) {
		return Pieces.events(pieces, rate, this.count);
	}

	@Override
	public void publish(String topic, ControlPort.Tick tick) {
		this.sink.emitNext(ServerSentEvent.<String>builder()
			.id(Long.toString(tick.number()))
			.event("tick")
			.data(this.jsonMapper.writeValueAsString(tick))
			.build(), Sinks.EmitFailureHandler.FAIL_FAST);
	}

	@Override
	public int count() {
		return this.count.get();
	}

}
