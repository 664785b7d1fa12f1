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

import java.time.Duration;
import java.time.Instant;

import io.github.springsse.sample.support.LibraryClient;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an answer in a browser, while it is written: whatever happens to a page, it
 * has every word once and in order, and the answer was written once.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "library.answer.pace=50ms", "sse.security.check-interval=1s" })
@EnabledIf(value = "io.github.springsse.sample.page.Browser#isInstalled",
		disabledReason = "Chromium and chromedriver are not installed")
@Tag("long")
class AskBrowserTests {

	// Of about 200 words, for which ten seconds are needed
	private static final String QUESTION = "What is at the harbour?";

	@RegisterExtension
	private static final Browser browser = new Browser();

	@Autowired
	private MeterRegistry meters;

	@LocalServerPort
	private int port;

	private double answersBefore;

	@BeforeEach
	void countAnswers() {
		this.answersBefore = answers();
	}

	@Test
	void pageThatIsLoadedAgainInTheMiddleHasTheWholeAnswer() {
		LibraryPage page = ask(this.port);
		page.awaitWords(20);
		page.reload();
		page.awaitWords(40);
		page.reload();
		assertWholeAnswer(page);
		page.reload();
		page.awaitAnswer("complete");
		assertThat(page.answer()).isEqualTo(stored(page).get("answer").asString());
		assertThat(page.find("#connection").getDomAttribute("data-state")).isEqualTo("none");
	}

	@Test
	void secondTabHasTheWholeAnswer() {
		LibraryPage one = ask(this.port);
		one.awaitWords(20);
		LibraryPage other = open(this.port, one.url().replaceFirst(".*(/ask)", "$1"));
		other.awaitWords(21);
		assertThat(one.find("#conversation").getDomAttribute("data-state")).isEqualTo("writing");
		assertWholeAnswer(one);
		assertWholeAnswer(other);
	}

	@Test
	void pageWhoseNetworkWasOffHasTheWholeAnswer() {
		try (Network network = new Network(this.port)) {
			LibraryPage page = ask(network.port());
			page.awaitWords(20);
			LibraryPage other = open(this.port, page.url().replaceFirst(".*(/ask)", "$1"));
			network.off();
			page.awaitConnection("connecting");
			int words = page.words();
			other.awaitWords(words + 60);
			assertThat(page.words()).isEqualTo(words);
			network.on();
			page.awaitConnection("open");
			assertWholeAnswer(page);
			assertWholeAnswer(other);
		}
	}

	@Test
	void stopIsSeenInBothTabsAtOnce() {
		LibraryPage one = ask(this.port);
		LibraryPage other = open(this.port, one.url().replaceFirst(".*(/ask)", "$1"));
		one.awaitWords(20);
		other.awaitWords(20);
		one.noteWhenThereIs("#connection:not([data-state=open])");
		other.noteWhenThereIs("#connection:not([data-state=open])");
		Instant pressed = Instant.now();
		one.click("stop");
		for (LibraryPage page : new LibraryPage[] { one, other }) {
			assertThat(Duration.between(pressed, page.awaitNoted())).isLessThan(Duration.ofSeconds(1));
		}
		String text = other.answer();
		one.awaitAnswer("stopped");
		other.awaitAnswer("stopped");
		JsonNode stored = stored(one);
		assertThat(stored.get("complete").asBoolean()).isFalse();
		assertThat(stored.get("answer").asString()).startsWith(text);
		assertThat(one.answer()).isEqualTo(stored.get("answer").asString());
		assertThat(other.answer()).isEqualTo(one.answer());
		assertThat(answers()).isEqualTo(1);
		one.reload();
		one.awaitAnswer("stopped");
	}

	@Test
	void answerIsWrittenOnWhenItsReaderHasSignedOut() {
		LibraryPage page = ask(this.port);
		page.awaitWords(20);
		assertThat(client().post("/sign-out").statusCode()).isEqualTo(204);
		page.await(LibraryPage::isSignedOut);
		String url = page.url();
		page.reload();
		page.fillIn("9", "0000");
		page.await((self) -> self.url().startsWith(url));
		assertWholeAnswer(page);
	}

	@Test
	void earlierQuestionsAreListed() {
		LibraryPage page = ask(this.port);
		page.awaitWords(3);
		assertThat(page.find("#earlier li").getText()).startsWith(QUESTION);
		String url = page.url();
		page.click("stop");
		page.awaitAnswer("stopped");
		page.go("http://localhost:" + this.port + "/ask.html");
		page.await((self) -> !self.findAll("#earlier a").isEmpty());
		page.find("#earlier a").click();
		page.awaitAnswer("stopped");
		assertThat(page.url()).isEqualTo(url);
	}

	@Test
	void questionOfAnotherIsNotFound() {
		LibraryPage page = ask(this.port);
		String url = page.url();
		browser.driver().manage().deleteAllCookies();
		page.reload();
		page.fillIn("12", "0000");
		page.await((self) -> self.message().startsWith("You have not asked a question"));
		assertThat(page.url()).startsWith(url);
		assertThat(page.find("#conversation").isDisplayed()).isFalse();
	}

	/**
	 * Sign in, and ask.
	 */
	private LibraryPage ask(int port) {
		return open(port, "/ask.html").ask("9", QUESTION);
	}

	private static LibraryPage open(int port, String path) {
		return LibraryPage.open(browser.driver(), "http://localhost:" + port + path);
	}

	/**
	 * The text has come by streams alone: the page has not replaced it at the end.
	 */
	private void assertWholeAnswer(LibraryPage page) {
		page.awaitAnswer("complete");
		JsonNode stored = stored(page);
		assertThat(stored.get("complete").asBoolean()).isTrue();
		assertThat(page.answer()).isEqualTo(stored.get("answer").asString());
		assertThat(page.isAnswerStreamed()).isTrue();
		assertThat(answers()).isEqualTo(1);
	}

	private JsonNode stored(LibraryPage page) {
		String id = page.url().replaceFirst(".*question=(\\d+).*", "$1");
		return client().json(client().get("/me/questions/" + id));
	}

	/**
	 * Return a client with the session of the browser.
	 */
	private LibraryClient client() {
		return new LibraryClient(this.port).withSession(browser.driver().manage().getCookieNamed("SESSION").getValue());
	}

	private double answers() {
		return this.meters.counter("library.answers").count() - this.answersBefore;
	}

}
