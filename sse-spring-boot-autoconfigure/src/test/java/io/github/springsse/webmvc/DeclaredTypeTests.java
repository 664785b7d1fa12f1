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

package io.github.springsse.webmvc;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonView;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePublish;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.util.Streamable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that data is written by the type that the method declares, and with its view, as
 * Spring MVC writes what the same method returns.
 */
class DeclaredTypeTests {

	private static final TestServers servers = new TestServers(Application.class, "sse.heartbeat.interval=0");

	private final TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "list", "array", "map", "animal", "object", "generic", "page", "spring-page", "streamable",
			"view", "view-of-list" })
	void snapshotsAreAsSpringWritesThem(String path) throws Exception {
		HttpResponse<String> plain = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.server.uri("/plain/" + path)).build(),
					HttpResponse.BodyHandlers.ofString());
		assertThat(plain.statusCode()).isEqualTo(200);
		assertThat(snapshot("/feed/" + path)).containsExactly(plain.body());
	}

	@ParameterizedTest
	@ValueSource(strings = { "supplier", "optional", "supplier-of-optional", "stream", "iterator" })
	void typesAreTakenOutOfWhatTheValueIsTakenOutOf(String path) {
		assertThat(snapshot("/feed/" + path)).containsExactly("[{\"kind\":\"cat\",\"lives\":9}]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "view-of-event|{\"name\":\"Tom\"}", "view-of-supplier|{\"name\":\"Tom\"}",
			"view-of-stream|{\"name\":\"Tom\"}", "view-of-later-stream|{\"name\":\"Tom\"}" })
	void viewsAreThoseOfTheMethod(String path, String data) {
		assertThat(snapshot("/feed/" + path)).containsExactly(data);
	}

	@Test
	void viewsAreForEachEventOfASnapshot() {
		try (EventStreamClient client = EventStreamClient.open(this.server.uri("/feed/view-of-events"))) {
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("{\"name\":\"Tom\"}", "text");
		}
	}

	@Test
	void whatIsPublishedIsWrittenByTheDeclaredTypeAndView() {
		Zoo zoo = this.server.bean(Zoo.class);
		try (EventStreamClient client = EventStreamClient.open(this.server.uri("/zoo"))) {
			EventStreamClient.await().until(() -> this.server.registry().count("zoo") > 0);
			zoo.list();
			zoo.later();
			zoo.laterList();
			zoo.inherited();
			zoo.view();
			zoo.viewOfEvent();
			this.server.sse().publish("zoo", List.of(new Cat(9)));
			client.awaitEvents(7);
			assertThat(client.data()).containsExactly("[{\"kind\":\"cat\",\"lives\":9}]",
					"[{\"kind\":\"cat\",\"lives\":8}]", "[{\"kind\":\"cat\",\"lives\":6}]",
					"[{\"kind\":\"cat\",\"lives\":7}]", "{\"name\":\"Tom\"}", "{\"name\":\"Tom\"}", "[{\"lives\":9}]");
		}
	}

	private List<String> snapshot(String path) {
		try (EventStreamClient client = EventStreamClient.open(this.server.uri(path))) {
			client.awaitEvents(1);
			return client.data();
		}
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes(@JsonSubTypes.Type(value = Cat.class, name = "cat"))
	interface Animal {

	}

	record Cat(int lives) implements Animal {

	}

	record Page<T>(List<T> content) {

	}

	interface Summary {

	}

	interface Details extends Summary {

	}

	record Owner(@JsonView(Summary.class) String name, @JsonView(Details.class) String address) {

	}

	static class Base<T> {

		private final T value;

		Base(T value) {
			this.value = value;
		}

		@GetMapping("/plain/generic")
		List<T> plainGeneric() {
			return List.of(this.value);
		}

		@GetMapping("/feed/generic")
		@SseTopic("feed")
		List<T> generic() {
			return List.of(this.value);
		}

	}

	@RestController
	static class GenericController extends Base<Animal> {

		GenericController() {
			super(new Cat(9));
		}

	}

	@RestController
	@RequestMapping("/plain")
	static class PlainController {

		@GetMapping("/list")
		List<Animal> list() {
			return List.of(new Cat(9));
		}

		@GetMapping("/array")
		Animal[] array() {
			return new Animal[] { new Cat(9) };
		}

		@GetMapping("/map")
		Map<String, Animal> map() {
			return Map.of("a", new Cat(9));
		}

		@GetMapping("/animal")
		Animal animal() {
			return new Cat(9);
		}

		@GetMapping("/object")
		Object object() {
			return List.of(new Cat(9));
		}

		@GetMapping("/page")
		Page<Animal> page() {
			return new Page<>(List.of(new Cat(9)));
		}

		@GetMapping("/spring-page")
		org.springframework.data.domain.Page<Animal> springPage() {
			return new PageImpl<>(List.of(new Cat(9)), PageRequest.of(2, 1), 7);
		}

		@GetMapping("/streamable")
		Streamable<Animal> streamable() {
			return Streamable.of(() -> Stream.of(new Cat(9)));
		}

		@GetMapping("/view")
		@JsonView(Summary.class)
		Owner view() {
			return new Owner("Tom", "secret");
		}

		@GetMapping("/view-of-list")
		@JsonView(Details.class)
		List<Owner> viewOfList() {
			return List.of(new Owner("Tom", "known"));
		}

	}

	@RestController
	@RequestMapping("/feed")
	static class FeedController {

		private final PlainController plain = new PlainController();

		private final SseEmitterRegistry registry;

		FeedController(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/list")
		@SseTopic("feed")
		List<Animal> list() {
			return this.plain.list();
		}

		@GetMapping("/array")
		@SseTopic("feed")
		Animal[] array() {
			return this.plain.array();
		}

		@GetMapping("/map")
		@SseTopic("feed")
		Map<String, Animal> map() {
			return this.plain.map();
		}

		@GetMapping("/animal")
		@SseTopic("feed")
		Animal animal() {
			return this.plain.animal();
		}

		@GetMapping("/object")
		@SseTopic("feed")
		Object object() {
			return this.plain.object();
		}

		@GetMapping("/page")
		@SseTopic("feed")
		Page<Animal> page() {
			return this.plain.page();
		}

		@GetMapping("/spring-page")
		@SseTopic("feed")
		org.springframework.data.domain.Page<Animal> springPage() {
			return this.plain.springPage();
		}

		@GetMapping("/streamable")
		@SseTopic("feed")
		Streamable<Animal> streamable() {
			return this.plain.streamable();
		}

		@GetMapping("/view")
		@SseTopic("feed")
		@JsonView(Summary.class)
		Owner view() {
			return this.plain.view();
		}

		@GetMapping("/view-of-list")
		@SseTopic("feed")
		@JsonView(Details.class)
		List<Owner> viewOfList() {
			return this.plain.viewOfList();
		}

		@GetMapping("/supplier")
		@SseTopic("feed")
		Supplier<List<Animal>> supplier() {
			return this.plain::list;
		}

		@GetMapping("/optional")
		@SseTopic("feed")
		Optional<List<Animal>> optional() {
			return Optional.of(this.plain.list());
		}

		@GetMapping("/supplier-of-optional")
		@SseTopic("feed")
		Supplier<Optional<List<? extends Animal>>> supplierOfOptional() {
			return () -> Optional.of(this.plain.list());
		}

		@GetMapping("/stream")
		@SseTopic("feed")
		Stream<Animal> stream() {
			return this.plain.list().stream();
		}

		@GetMapping("/iterator")
		@SseTopic("feed")
		Iterator<Animal> iterator() {
			return this.plain.list().iterator();
		}

		@GetMapping("/view-of-event")
		@SseTopic("feed")
		@JsonView(Summary.class)
		SseEvent viewOfEvent() {
			return SseEvent.of("own", this.plain.view());
		}

		@GetMapping("/view-of-events")
		@SseTopic("feed")
		@JsonView(Summary.class)
		List<SseEvent> viewOfEvents() {
			return List.of(SseEvent.of("own", this.plain.view()), SseEvent.of("text"));
		}

		@GetMapping("/view-of-supplier")
		@SseTopic("feed")
		@JsonView(Summary.class)
		Supplier<Owner> viewOfSupplier() {
			return this.plain::view;
		}

		@GetMapping("/view-of-stream")
		@JsonView(Summary.class)
		SseStream viewOfStream() {
			return this.registry.subscribe(List.of("feed"), this.plain::view);
		}

		@GetMapping("/view-of-later-stream")
		@JsonView(Summary.class)
		CompletableFuture<SseStream> viewOfLaterStream() {
			return CompletableFuture.supplyAsync(this::viewOfStream, new SimpleAsyncTaskExecutor());
		}

	}

	static class Cage<T> {

		private final T animal;

		Cage(T animal) {
			this.animal = animal;
		}

		@SsePublish("zoo")
		List<T> inherited() {
			return List.of(this.animal);
		}

	}

	@RestController
	static class Zoo extends Cage<Animal> {

		Zoo() {
			super(new Cat(7));
		}

		@GetMapping("/zoo")
		@SseTopic("zoo")
		void feed() {
		}

		@SsePublish("zoo")
		List<Animal> list() {
			return List.of(new Cat(9));
		}

		@SsePublish("zoo")
		CompletableFuture<Optional<List<Animal>>> later() {
			return CompletableFuture.completedFuture(Optional.of(List.of(new Cat(8))));
		}

		@SsePublish("zoo")
		CompletableFuture<List<Animal>> laterList() {
			return CompletableFuture.completedFuture(List.of(new Cat(6)));
		}

		@SsePublish("zoo")
		@JsonView(Summary.class)
		Owner view() {
			return new Owner("Tom", "secret");
		}

		@SsePublish("zoo")
		@JsonView(Summary.class)
		SseEvent viewOfEvent() {
			return SseEvent.of("own", new Owner("Tom", "secret"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ PlainController.class, FeedController.class, GenericController.class, Zoo.class })
	static class Application {

	}

}
