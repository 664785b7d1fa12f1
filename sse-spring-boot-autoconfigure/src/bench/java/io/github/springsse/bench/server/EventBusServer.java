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

import java.util.List;
import java.util.UUID;

import ch.rasc.sse.eventbus.DataObjectConverter;
import ch.rasc.sse.eventbus.DefaultSubscriptionRegistry;
import ch.rasc.sse.eventbus.SseEvent;
import ch.rasc.sse.eventbus.SseEventBus;
import ch.rasc.sse.eventbus.config.SseEventBusConfigurer;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * An application that uses sse-eventbus, with its defaults. Its own configuration needs
 * Jackson 2, so the bus is made here, with a converter for the Jackson of the
 * application. It is told of clients that have gone, which by itself it would try to
 * reach for twenty seconds.
 */
@RestController
@EnableAutoConfiguration
class EventBusServer implements Audience {

	private final SseEventBus bus;

	EventBusServer(JsonMapper jsonMapper) {
		this.bus = new SseEventBus(new SseEventBusConfigurer() {
		}, new DefaultSubscriptionRegistry());
		this.bus.setDataObjectConverters(List.of(new Json(jsonMapper)));
	}

	/**
	 * Have the application end the threads of the bus.
	 * @return the bus
	 */
	@Bean(destroyMethod = "cleanUp")
	SseEventBus bus() {
		return this.bus;
	}

	@GetMapping("/events")
	SseEmitter events() {
		String client = UUID.randomUUID().toString();
		SseEmitter emitter = this.bus.createSseEmitter(client, 0L, "tick");
		emitter.onCompletion(() -> this.bus.unregisterClient(client));
		return emitter;
	}

	@Override
	public void publish(Tick tick) {
		this.bus.handleEvent(SseEvent.builder().event("tick").id(Long.toString(tick.number())).data(tick).build());
	}

	@Override
	public int count() {
		return this.bus.countSubscribers("tick");
	}

	private record Json(JsonMapper jsonMapper) implements DataObjectConverter {

		@Override
		public boolean supports(SseEvent event) {
			return true;
		}

		@Override
		public String convert(SseEvent event) {
			return this.jsonMapper.writeValueAsString(event.data());
		}

	}

}
