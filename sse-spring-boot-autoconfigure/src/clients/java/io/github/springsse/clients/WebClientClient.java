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
import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Spring's {@code WebClient}, which does not come back by itself: with the loop that its
 * users write.
 *
 * @param <T> what data are decoded to
 */
final class WebClientClient<T> implements ForeignClient {

	private final WebClient client = WebClient.builder().clientConnector(new JdkClientHttpConnector()).build();

	private final ParameterizedTypeReference<ServerSentEvent<T>> type;

	private final Function<T, String> text;

	private volatile @Nullable String lastEventId;

	private volatile Duration retry = Duration.ofSeconds(1);

	private volatile @Nullable Disposable running;

	private volatile boolean closed;

	WebClientClient(ParameterizedTypeReference<ServerSentEvent<T>> type, Function<T, String> text) {
		this.type = type;
		this.text = text;
	}

	@Override
	public void open(URI uri, ForeignClientUser user) {
		this.running = this.client.get()
			.uri(uri)
			.headers(this::resume)
			.exchangeToFlux((response) -> events(response, user))
			.doOnNext((event) -> received(event, user))
			.subscribe((event) -> {
			}, (ex) -> {
				user.failed(ex.toString());
				again(uri, user);
			}, () -> {
				user.ended();
				again(uri, user);
			});
	}

	private void resume(HttpHeaders headers) {
		if (this.lastEventId != null) {
			headers.set("Last-Event-ID", this.lastEventId);
		}
	}

	private Flux<ServerSentEvent<T>> events(ClientResponse response, ForeignClientUser user) {
		if (response.statusCode() == HttpStatus.NO_CONTENT) {
			this.closed = true;
			user.stopped();
			return Flux.empty();
		}
		user.opened();
		return response.bodyToFlux(this.type);
	}

	private void received(ServerSentEvent<T> event, ForeignClientUser user) {
		if (event.id() != null) {
			this.lastEventId = event.id();
		}
		if (event.retry() != null) {
			this.retry = event.retry();
		}
		T data = event.data();
		user.event(event.event(), (data != null) ? this.text.apply(data) : null, event.id());
	}

	private void again(URI uri, ForeignClientUser user) {
		if (!this.closed) {
			this.running = Mono.delay(this.retry).subscribe((tick) -> open(uri, user));
		}
	}

	@Override
	public void close() {
		this.closed = true;
		Disposable running = this.running;
		if (running != null) {
			running.dispose();
		}
	}

}
