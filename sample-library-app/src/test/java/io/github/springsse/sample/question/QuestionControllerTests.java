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

package io.github.springsse.sample.question;

import java.net.http.HttpResponse;
import java.util.List;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QuestionController} and {@link Librarian}.
 */
@LibraryTest
class QuestionControllerTests {

	private static final long MEMBER = 14;

	private static final String QUESTION = "What is on the hillside?";

	@Autowired
	private MeterRegistry meters;

	@LocalServerPort
	private int port;

	private LibraryClient member;

	private double answersBefore;

	@BeforeEach
	void signIn() {
		this.member = new LibraryClient(this.port).signIn(MEMBER);
		this.answersBefore = answers();
	}

	@Test
	void answerIsWrittenWordByWordAndStoredBeforeItsEnd() throws Exception {
		String path = ask(QUESTION);
		assertThat(question(path).get("answer").isNull()).isTrue();
		List<Event> words;
		String end;
		try (EventReader feed = this.member.events(path + "/answer")) {
			words = feed.rest();
			end = feed.awaitEnd();
		}
		JsonNode question = question(path);
		assertThat(question.get("complete").asBoolean()).isTrue();
		assertThat(words).hasSizeGreaterThan(100).extracting(Event::name).containsOnly("message");
		assertThat(textOf(words)).isEqualTo(question.get("answer").asString()).startsWith("The branch Hillside has ");
		try (EventReader feed = this.member.events(path + "/answer", end)) {
			assertThat(feed.status()).isEqualTo(204);
		}
		assertThat(answers()).isEqualTo(1);
		assertThat(this.member.json(this.member.get("/me/questions")).get(0)).isEqualTo(question);
	}

	@Test
	void everyReaderGetsEveryWordOfAnAnswerThatIsWrittenOnce() throws Exception {
		String path = ask(QUESTION);
		try (EventReader first = this.member.events(path + "/answer")) {
			List<Event> begin = List.of(first.next(), first.next(), first.next());
			try (EventReader second = this.member.events(path + "/answer");
					EventReader resumed = this.member.events(path + "/answer", begin.get(1).id())) {
				String text = textOf(second.rest());
				assertThat(text).isEqualTo(question(path).get("answer").asString());
				assertThat(textOf(begin) + textOf(first.rest())).isEqualTo(text);
				assertThat(textOf(begin.subList(0, 2)) + textOf(resumed.rest())).isEqualTo(text);
			}
		}
		assertThat(answers()).isEqualTo(1);
	}

	@Test
	void answerThatHasEndedIsReadAsAWhole() throws Exception {
		String path = ask("What is overdue?");
		try (EventReader feed = this.member.events(path + "/answer")) {
			feed.awaitEnd();
		}
		try (EventReader feed = this.member.events(path + "/answer")) {
			assertThat(feed.next().data()).isEqualTo(question(path).get("answer").asString());
			feed.awaitEnd();
		}
		assertThat(answers()).isEqualTo(1);
	}

	@Test
	void answerThatIsStoppedEndsForEveryReaderAndIsStoredAsFarAsItIs() throws Exception {
		String path = ask(QUESTION);
		try (EventReader one = this.member.events(path + "/answer");
				EventReader other = this.member.events(path + "/answer")) {
			one.next();
			String begin = other.next().data() + other.next().data();
			assertThat(this.member.delete(path + "/answer").statusCode()).isEqualTo(204);
			String text = begin + textOf(other.rest());
			one.awaitEnd();
			Awaitility.await().until(() -> !question(path).get("answer").isNull());
			assertThat(question(path).get("complete").asBoolean()).isFalse();
			assertThat(question(path).get("answer").asString()).startsWith(text);
		}
		assertThat(this.member.delete(path + "/answer").statusCode()).isEqualTo(204);
		assertThat(answers()).isEqualTo(1);
	}

	@Test
	void nobodyElseReadsOrStopsAnAnswer() throws Exception {
		String path = ask(QUESTION);
		LibraryClient other = new LibraryClient(this.port).signIn(15);
		LibraryClient anybody = new LibraryClient(this.port);
		try (EventReader feed = this.member.events(path + "/answer")) {
			String id = feed.next().id();
			for (EventReader refused : List.of(other.events(path + "/answer"), other.events(path + "/answer", id))) {
				assertThat(refused.status()).isEqualTo(404);
				refused.close();
			}
			for (EventReader refused : List.of(anybody.events(path + "/answer"),
					anybody.events(path + "/answer", id))) {
				assertThat(refused.status()).isEqualTo(401);
				refused.close();
			}
			assertThat(other.get(path).statusCode()).isEqualTo(404);
			assertThat(other.delete(path + "/answer").statusCode()).isEqualTo(204);
			feed.rest();
			assertThat(question(path).get("complete").asBoolean()).isTrue();
		}
		assertThat(other.json(other.get("/me/questions"))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "'text=+', text is missing", "'', text is missing", "'text=%s', text is longer than 200 characters" })
	void questionThatIsNoneIsRefused(String form, String detail) {
		HttpResponse<String> response = this.member.postForm("/me/questions", form.formatted("x".repeat(201)));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(this.member.json(response).get("detail").asString()).isEqualTo(detail);
	}

	private String ask(String text) {
		HttpResponse<String> response = this.member.postForm("/me/questions", "text=" + text.replace(' ', '+'));
		assertThat(response.statusCode()).isEqualTo(201);
		return response.headers().firstValue("Location").orElseThrow();
	}

	private JsonNode question(String path) {
		return this.member.json(this.member.get(path));
	}

	/**
	 * Return how many answers were begun in this test.
	 */
	private double answers() {
		return this.meters.counter("library.answers").count() - this.answersBefore;
	}

	private static String textOf(List<Event> words) {
		StringBuilder text = new StringBuilder();
		words.forEach((word) -> text.append(word.data()));
		return text.toString();
	}

}
