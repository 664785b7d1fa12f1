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

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.springsse.EventLog;
import io.github.springsse.InvalidSseDataException;
import io.github.springsse.LogEntry;
import io.github.springsse.PublishingGate;
import io.github.springsse.SourceBusyException;
import io.github.springsse.SourcePublisher;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Publishes sources on one node, with demand that has no bounds.
 */
public final class SimpleSourcePublisher implements SourcePublisher {

	private final EventLog log;

	private final SsePayloadEncoder encoder;

	private final Set<Topic> busy = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	});

	public SimpleSourcePublisher(EventLog log, SsePayloadEncoder encoder) {
		this.log = log;
		this.encoder = encoder;
	}

	@Override
	public SsePublication publish(Topic topic, Object source, SsePublishOptions options, PublishingGate gate) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, source);
		if (adapter == null) {
			throw new InvalidSseDataException(source.getClass() + " is no source", "Publish a Flux");
		}
		if (!this.busy.add(topic)) {
			throw new SourceBusyException(topic);
		}
		this.log.append(LogEntry.begin(topic));
		SecurityContext context = SecurityContextHolder.getContext();
		Running running = new Running(topic);
		this.threads.execute(() -> {
			SecurityContextHolder.setContext(context);
			Flux.from(adapter.toPublisher(source))
				.subscribe((element) -> append(topic, element, options),
						(failure) -> fail(topic, options.getFormat(), failure, running),
						() -> end(topic, options.getFormat(), running));
		});
		return running;
	}

	private void append(Topic topic, Object element, SsePublishOptions options) {
		SseEvent event = (element instanceof SseEvent own) ? own : SseEvent.of(element).withHints(options.getHints());
		Object data = event.getData();
		this.log.append(LogEntry.event(topic, event,
				(data instanceof String text) ? text : this.encoder.encode(data, event.getHints())));
	}

	private void fail(Topic topic, @Nullable SseSourceFormat format, Throwable failure, Running running) {
		List<SseEvent> events = (format != null) ? format.failure(SseSourceFormat.Failure.FAILED, failure)
				: List.of(SseEvent.of("failed", "{\"kind\":\"failed\"}"));
		events.forEach((event) -> append(topic, event, SsePublishOptions.DEFAULT));
		end(topic, SsePublication.State.FAILED, running);
	}

	private void end(Topic topic, @Nullable SseSourceFormat format, Running running) {
		if (format != null) {
			format.end().forEach((event) -> append(topic, event, SsePublishOptions.DEFAULT));
		}
		end(topic, SsePublication.State.COMPLETED, running);
	}

	private void end(Topic topic, SsePublication.State state, Running running) {
		this.log.append(LogEntry.end(topic));
		this.busy.remove(topic);
		running.completion.complete(state);
	}

	@Override
	public void cancel(Topic topic) {
		throw new UnsupportedOperationException();
	}

	private record Running(Topic of, CompletableFuture<State> completion) implements SsePublication {

		Running(Topic topic) {
			this(topic, new CompletableFuture<>());
		}

		@Override
		public String topic() {
			return this.of.toString();
		}

		@Override
		public State state() {
			return this.completion.getNow(State.RUNNING);
		}

		@Override
		public boolean cancel() {
			throw new UnsupportedOperationException();
		}

	}

}
