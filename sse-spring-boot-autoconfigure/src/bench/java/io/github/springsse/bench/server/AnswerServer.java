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

import java.util.function.Supplier;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseTopic;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that streams answers with the starter.
 */
@RestController
@EnableAutoConfiguration
class AnswerServer implements Audience {

	private final SseEmitterRegistry registry;

	AnswerServer(SseEmitterRegistry registry) {
		this.registry = registry;
	}

	@GetMapping("/answers/{id}")
	@SseTopic("answers/{id}")
	Supplier<Flux<String>> answer(@PathVariable String id, @RequestParam int pieces, @RequestParam int rate) {
		return () -> PlainAnswerServer.pieces(pieces, rate);
	}

	/**
	 * Pieces that are kept as they were sent.
	 */
	@GetMapping("/frames/{id}")
	@SseTopic("frames/{id}")
	Supplier<Flux<SseEvent>> frames(@PathVariable String id, @RequestParam int pieces, @RequestParam int rate) {
		return () -> PlainAnswerServer.pieces(pieces, rate).map(SseEvent::of);
	}

	/**
	 * A stream that receives nothing.
	 */
	@GetMapping("/idle/{id}")
	@SseTopic("idle/{id}")
	void idle() {
	}

	@Override
	public int count() {
		return this.registry.count();
	}

}
