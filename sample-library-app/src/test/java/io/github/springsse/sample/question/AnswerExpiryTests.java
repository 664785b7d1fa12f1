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

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.LibraryClient;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an answer after {@code sse.answers.keep}: the library alone has it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sse.answers.keep=1s", "library.answer.pace=1ms" })
class AnswerExpiryTests {

	@Autowired
	private MeterRegistry meters;

	@LocalServerPort
	private int port;

	@Test
	void answerThatIsNoLongerKeptIsReadFromTheLibrary() throws Exception {
		LibraryClient member = new LibraryClient(this.port).signIn(9);
		String path = member.postForm("/me/questions", "text=Who+has+Emma")
			.headers()
			.firstValue("Location")
			.orElseThrow();
		String end;
		try (EventReader feed = member.events(path + "/answer")) {
			end = feed.awaitEnd();
		}
		Awaitility.await().until(() -> {
			try (EventReader feed = member.events(path + "/answer")) {
				return feed.status() == 204;
			}
		});
		try (EventReader feed = member.events(path + "/answer", end)) {
			assertThat(feed.status()).isEqualTo(204);
		}
		assertThat(member.json(member.get(path)).get("answer").asString()).startsWith("“Emma” is by Jane Austen");
		assertThat(this.meters.counter("library.answers").count()).isEqualTo(1);
	}

}
