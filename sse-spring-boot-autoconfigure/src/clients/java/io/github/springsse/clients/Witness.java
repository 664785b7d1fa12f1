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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A user that keeps what it is told.
 */
final class Witness implements ForeignClientUser {

	private static final JsonMapper json = new JsonMapper();

	private final List<Event> events = new CopyOnWriteArrayList<>();

	/** In words, for those who look for what has gone wrong. */
	private final List<String> all = new CopyOnWriteArrayList<>();

	private volatile boolean stopped;

	@Override
	public void opened() {
		this.all.add("opened");
	}

	@Override
	public void event(@Nullable String name, @Nullable String data, @Nullable String id) {
		Event event = new Event(name, data, id);
		this.events.add(event);
		this.all.add(event.toString());
	}

	@Override
	public void ended() {
		this.all.add("ended");
	}

	@Override
	public void failed(String message) {
		this.all.add("failed: " + message);
	}

	@Override
	public void stopped() {
		this.stopped = true;
		this.all.add("stopped");
	}

	/**
	 * All events, and what the client takes for some.
	 * @return the events
	 */
	List<Event> events() {
		return this.events;
	}

	/**
	 * The events of a name.
	 * @param name the name
	 * @return the events
	 */
	List<Event> events(String name) {
		return this.events.stream().filter((event) -> name.equals(event.name())).toList();
	}

	/**
	 * The numbers that events have in their data.
	 * @return the numbers
	 */
	List<Integer> numbers() {
		return this.events.stream()
			.filter((event) -> !event.isEmpty() && !"gap".equals(event.name()))
			.map(Event::content)
			.map((content) -> content.path("n").asInt(-1))
			.toList();
	}

	/**
	 * The data of all events that have some, one after the other.
	 * @return the text
	 */
	String text() {
		return this.events.stream()
			.filter((event) -> !event.isEmpty() && !"gap".equals(event.name()))
			.map(Event::data)
			.collect(Collectors.joining());
	}

	boolean isStopped() {
		return this.stopped;
	}

	@Override
	public String toString() {
		return String.join(System.lineSeparator(), this.all);
	}

	/**
	 * What is taken for an event.
	 *
	 * @param name the name
	 * @param data the data
	 * @param id the id, or the last that there was
	 */
	record Event(@Nullable String name, @Nullable String data, @Nullable String id) {

		boolean isEmpty() {
			return this.data == null || this.data.isEmpty();
		}

		JsonNode content() {
			return json.readTree(this.data);
		}

	}

}
