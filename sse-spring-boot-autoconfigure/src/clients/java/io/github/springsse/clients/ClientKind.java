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

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Clients of other projects, and in what they differ from a browser.
 */
enum ClientKind {

	EVENTSOURCE_2("eventsource-2", Trait.ACCEPTS_NO_GZIP),

	EVENTSOURCE_3("eventsource-3"),

	EVENTSOURCE_4("eventsource-4"),

	EVENTSOURCE_CLIENT("eventsource-client", Trait.HEARS_ALL),

	EVENTSOURCE_PARSER("eventsource-parser", Trait.HEARS_ALL),

	MICROSOFT_FETCH_EVENT_SOURCE("microsoft-fetch-event-source", Trait.HEARS_ALL, Trait.STOPS_AT_THE_END),

	FORTAINE_FETCH_EVENT_SOURCE("fortaine-fetch-event-source", Trait.HEARS_ALL, Trait.STOPS_AT_THE_END),

	LAUNCHDARKLY_EVENTSOURCE("launchdarkly-eventsource", Trait.ACCEPTS_NO_GZIP),

	UNDICI("undici"),

	EVENT_SOURCE_POLYFILL("event-source-polyfill", Trait.ASKS_ON),

	SSE_JS("sse.js", Trait.ASKS_ON),

	OKHTTP_SSE(OkHttpSseClient::new, Trait.HEARS_ALL),

	OKHTTP_EVENTSOURCE(OkHttpEventSourceClient::new, Trait.HEARS_ALL, Trait.ASKS_ON),

	WEB_CLIENT_MAP(ClientKind::webClientOfMaps, Trait.ACCEPTS_NO_GZIP, Trait.HEARS_ALL, Trait.TAKES_THE_END_FOR_AN_EVENT),

	WEB_CLIENT_RECORD(ClientKind::webClientOfRecords, Trait.ACCEPTS_NO_GZIP, Trait.HEARS_ALL, Trait.TAKES_THE_END_FOR_AN_EVENT),

	WEB_CLIENT_STRING(ClientKind::webClientOfStrings, Trait.ACCEPTS_NO_GZIP, Trait.HEARS_ALL, Trait.TAKES_THE_END_FOR_AN_EVENT),

	JERSEY(JerseyClient::new, Trait.ACCEPTS_NO_GZIP, Trait.HEARS_ALL, Trait.TAKES_THE_END_FOR_AN_EVENT, Trait.ASKS_ON);

	private static final JsonMapper json = new JsonMapper();

	private final Supplier<ForeignClient> factory;

	private final Set<Trait> traits;

	ClientKind(String name, Trait... traits) {
		this(() -> new NodeClient(name), traits);
	}

	ClientKind(Supplier<ForeignClient> factory, Trait... traits) {
		this.factory = factory;
		this.traits = Set.of(traits);
	}

	ForeignClient create() {
		return this.factory.get();
	}

	boolean is(Trait trait) {
		return this.traits.contains(trait);
	}

	private static ForeignClient webClientOfMaps() {
		return new WebClientClient<>(new ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>>() {
		}, json::writeValueAsString);
	}

	private static ForeignClient webClientOfRecords() {
		return new WebClientClient<>(new ParameterizedTypeReference<ServerSentEvent<Numbered>>() {
		}, json::writeValueAsString);
	}

	private static ForeignClient webClientOfStrings() {
		return new WebClientClient<>(new ParameterizedTypeReference<ServerSentEvent<String>>() {
		}, (text) -> text);
	}

	/**
	 * In what a client differs from a browser.
	 */
	enum Trait {

		/** It does not accept compressed responses unless it is configured to. */
		ACCEPTS_NO_GZIP,

		/** One callback gets the events of all names. */
		HEARS_ALL,

		/** It does not come back after a response that has ended in good order. */
		STOPS_AT_THE_END,

		/** It comes back for ever when it is answered 204. */
		ASKS_ON,

		/** Lines without an empty one after them are an event if the response ends. */
		TAKES_THE_END_FOR_AN_EVENT

	}

	/**
	 * What data may be decoded to: what has no number cannot.
	 *
	 * @param n a number, which is not there in a gap
	 */
	record Numbered(int n) {

	}

}
