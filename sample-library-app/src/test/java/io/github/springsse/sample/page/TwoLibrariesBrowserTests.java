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

package io.github.springsse.sample.page;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.support.RedisLibraries;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the page in a browser, in front of two libraries behind nginx.
 */
@EnabledIf(value = "io.github.springsse.sample.page.Browser#isInstalled",
		disabledReason = "Chromium and chromedriver are not installed")
@Tag("long")
@TestMethodOrder(OrderAnnotation.class)
class TwoLibrariesBrowserTests {

	private static final String FEED = "branches/*/loans";

	@RegisterExtension
	private static final Browser browser = new Browser();

	@TempDir
	private static Path database;

	private static RedisLibraries libraries;

	@TempDir
	private Path directory;

	private Map<ConfigurableApplicationContext, Double> answersBefore;

	@BeforeAll
	static void start() throws IOException {
		libraries = new RedisLibraries(database, "--sse.shutdown.reconnect-within=2s", "--sse.shutdown.timeout=2s",
				"--library.answer.pace=60ms");
	}

	/**
	 * A test that closes a library leaves the other to the next test: each takes seconds
	 * to start.
	 */
	@BeforeEach
	void restart() {
		libraries.restart();
		this.answersBefore = Map.of(libraries.one(), count(libraries.one()), libraries.two(), count(libraries.two()));
	}

	@AfterAll
	static void stop() throws IOException {
		libraries.close();
	}

	@Test
	@EnabledIf(value = "io.github.springsse.sample.page.Nginx#isInstalled", disabledReason = "nginx is not installed")
	void pageGoesOnAtTheOtherLibraryWhenItsOwnStops() throws IOException {
		try (Nginx nginx = new Nginx(this.directory, RedisLibraries.port(libraries.one()),
				RedisLibraries.port(libraries.two()))) {
			LibraryPage page = LibraryPage.open(browser.driver(), "http://127.0.0.1:" + nginx.port() + "/")
				.awaitConnection("open")
				.awaitLoans();
			boolean first = hasStream(libraries.one(), FEED);
			ConfigurableApplicationContext own = first ? libraries.one() : libraries.two();
			ConfigurableApplicationContext other = other(own);
			assertThat(hasStream(other, FEED)).isFalse();
			List<String> borrowed = new ArrayList<>();
			borrowed.add(borrowAt(own));
			borrowed.add(borrowAt(other));
			page.await((self) -> self.activity().size() == 2);

			CompletableFuture<Void> stopped = CompletableFuture.runAsync(own::close, new SimpleAsyncTaskExecutor());
			// From before the page has lost its own library until after it has found the
			// other
			Awaitility.await().pollInterval(Duration.ofMillis(250)).until(() -> {
				borrowed.add(borrowAt(other));
				return hasStream(other, FEED);
			});
			stopped.join();
			borrowed.add(borrowAt(other));
			page.awaitConnection("open");
			page.await((self) -> self.activity().size() >= borrowed.size());

			Collections.reverse(borrowed);
			assertThat(page.activity()).isEqualTo(borrowed);
			assertThat(page.copiesOnLoan())
				.isEqualTo(LibraryPageBrowserTests.copiesOnLoan(other.getBean(Lending.class)));
		}
	}

	/**
	 * Runs last, because it adds books, and the answers of the other tests list all books
	 * of a branch.
	 */
	@Test
	@Order(Integer.MAX_VALUE)
	@EnabledIf(value = "io.github.springsse.sample.page.Nginx#isInstalled", disabledReason = "nginx is not installed")
	void importIsWatchedAndMemberKnownWhicheverLibraryAnswers() throws IOException {
		try (Nginx nginx = new Nginx(this.directory, RedisLibraries.port(libraries.one()),
				RedisLibraries.port(libraries.two()))) {
			LibraryPage page = LibraryPage.open(browser.driver(), "http://127.0.0.1:" + nginx.port() + "/")
				.awaitConnection("open");
			page.signIn("Jorge Valdeluna");
			for (int i = 0; i < 4; i++) {
				page.type("Message " + i);
				page.click("say-button");
				String message = "Jorge Valdeluna: Message " + i;
				page.await((self) -> self.messages().contains(message) && self.find("#say-button").isEnabled());
			}
			page.click("import-start");
			page.await((self) -> self.importedTitles().size() > 5);
			page.reload();
			page.await((self) -> self.find("#import-text").getText().matches("[1-9]\\d* new, 0 already there."));
			assertThat(page.find("#card-name").getText()).isEqualTo("Jorge Valdeluna");
		}
	}

	@Test
	@EnabledIf(value = "io.github.springsse.sample.page.Nginx#isInstalled", disabledReason = "nginx is not installed")
	void answerIsReadToItsEndWhenTheLibraryThatDoesNotWriteItStops() throws IOException {
		try (Nginx nginx = new Nginx(this.directory, RedisLibraries.port(libraries.one()),
				RedisLibraries.port(libraries.two()))) {
			LibraryPage one = ask(nginx);
			ConfigurableApplicationContext writer = writer();
			LibraryPage other = openAtTheOther(one.url(), other(writer));
			double begun = answers(libraries.one()) + answers(libraries.two());
			other(writer).close();
			for (LibraryPage page : List.of(one, other)) {
				page.awaitAnswer("complete");
				assertThat(page.isAnswerStreamed()).isTrue();
				assertThat(page.answer()).startsWith("The branch Harbour has 30 books.").endsWith(".");
			}
			assertThat(one.answer()).isEqualTo(other.answer());
			assertThat(begun).isEqualTo(1);
			assertThat(answers(writer)).isEqualTo(1);
		}
	}

	@Test
	@EnabledIf(value = "io.github.springsse.sample.page.Nginx#isInstalled", disabledReason = "nginx is not installed")
	void pagesSayThatAnAnswerWasInterruptedWhenTheLibraryThatWritesItStops() throws IOException {
		try (Nginx nginx = new Nginx(this.directory, RedisLibraries.port(libraries.one()),
				RedisLibraries.port(libraries.two()))) {
			LibraryPage one = ask(nginx);
			ConfigurableApplicationContext writer = writer();
			LibraryPage other = openAtTheOther(one.url(), other(writer));
			writer.close();
			for (LibraryPage page : List.of(one, other)) {
				page.awaitAnswer("failed");
				assertThat(page.find("#answer-state").getText()).startsWith("The library was stopped");
			}
			one.await((page) -> page.answer().equals(other.answer()));
			assertThat(answers(other(writer))).isZero();
		}
	}

	private static LibraryPage ask(Nginx nginx) {
		return LibraryPage.open(browser.driver(), "http://127.0.0.1:" + nginx.port() + "/ask.html")
			.ask("9", "What is at the harbour?")
			.awaitWords(5);
	}

	/**
	 * Let somebody borrow something.
	 * @return what the page is to tell of it
	 */
	private static String borrowAt(ConfigurableApplicationContext library) {
		long copy = library.getBean(Catalogue.class).copies("south", true).get(0).id();
		return "borrowed " + library.getBean(Lending.class).borrowCopy("south", copy, 3).title();
	}

	/**
	 * Open a second page of an answer, at the library that does not write it.
	 */
	private static LibraryPage openAtTheOther(String url, ConfigurableApplicationContext other) {
		String answer = url.replaceFirst(".*question=(\\d+).*", "users/9/answers/$1");
		LibraryPage page = LibraryPage.open(browser.driver(), url).awaitWords(10);
		while (!hasStream(other, answer)) {
			// nginx takes them in turn
			page.reload();
			page.awaitWords(10);
		}
		return page;
	}

	private static ConfigurableApplicationContext other(ConfigurableApplicationContext library) {
		return (library == libraries.one()) ? libraries.two() : libraries.one();
	}

	/**
	 * Return the library that writes the answer.
	 */
	private ConfigurableApplicationContext writer() {
		return (answers(libraries.one()) == 1) ? libraries.one() : libraries.two();
	}

	/**
	 * Return how many answers a library has written since the test began.
	 */
	private double answers(ConfigurableApplicationContext library) {
		return count(library) - this.answersBefore.get(library);
	}

	private static double count(ConfigurableApplicationContext library) {
		return library.getBean(MeterRegistry.class).counter("library.answers").count();
	}

	private static boolean hasStream(ConfigurableApplicationContext library, String topic) {
		return library.getBean(SseEmitterRegistry.class)
			.streams()
			.stream()
			.anyMatch((stream) -> stream.getTopics().contains(topic));
	}

}
