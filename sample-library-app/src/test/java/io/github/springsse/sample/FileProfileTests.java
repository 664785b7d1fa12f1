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

package io.github.springsse.sample;

import java.nio.file.Path;

import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.LibraryClient;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the profile {@code file}: the library is filled once.
 */
class FileProfileTests {

	@TempDir
	private static Path directory;

	private static ConfigurableApplicationContext context;

	private static long borrowed;

	private static String question;

	@BeforeAll
	static void borrowAskAndRestart() throws Exception {
		try (ConfigurableApplicationContext before = start()) {
			Lending lending = before.getBean(Lending.class);
			assertThat(lending.openLoans()).hasSize(12);
			lending.openLoans().stream().map(LoanView::id).forEach(lending::giveBack);
			borrowed = lending.borrowCopy("north", 11, 3).id();
			LibraryClient member = member(before);
			question = member.postForm("/me/questions", "text=Emma").headers().firstValue("Location").orElseThrow();
			try (EventReader feed = member.events(question + "/answer")) {
				feed.rest();
			}
		}
		context = start();
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	@Test
	void libraryIsAsItWasAfterARestart() {
		assertThat(context.getBean(Lending.class).openLoans()).extracting(LoanView::id).containsExactly(borrowed);
	}

	@Test
	void answerThatIsStoredIsNotWrittenAgainAfterARestart() throws Exception {
		LibraryClient member = member(context);
		try (EventReader feed = member.events(question + "/answer")) {
			assertThat(feed.status()).isEqualTo(204);
		}
		assertThat(member.json(member.get(question)).get("answer").asString()).startsWith("“Emma” is by Jane Austen");
		assertThat(context.getBean(MeterRegistry.class).counter("library.answers").count()).isZero();
	}

	private static LibraryClient member(ConfigurableApplicationContext context) {
		int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		return new LibraryClient(port).signIn(9);
	}

	private static ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(LibraryApplication.class).profiles("file")
			.run("--server.port=0",
					"--spring.datasource.url=jdbc:h2:file:" + directory.resolve("library") + ";MODE=PostgreSQL");
	}

}
