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

import java.nio.file.Path;

import io.github.springsse.sample.LibraryApplication;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the page in a browser, while the library is closed and opened again.
 */
@EnabledIf(value = "io.github.springsse.sample.page.Browser#isInstalled",
		disabledReason = "Chromium and chromedriver are not installed")
@Tag("long")
class RestartBrowserTests {

	@TempDir
	private Path directory;

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void pageIsRightAgainAfterARestart() {
		start(0);
		int port = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		try (Browser browser = new Browser()) {
			LibraryPage page = LibraryPage.open(browser.driver(), "http://localhost:" + port)
				.awaitConnection("open")
				.awaitLoans();
			page.await((self) -> !self.findAll(".score").isEmpty() && self.booksLent("north") == 3);
			LoanView before = lending().borrowCopy("north", 21, 3);
			page.await((self) -> self.copiesOnLoan().contains("21"));

			page.click("import-start");
			page.await((self) -> self.importedTitles().size() > 5);

			this.context.close();
			page.awaitConnection("connecting");
			start(port);
			lending().giveBack(before.id());
			lending().borrowCopy("north", 41, 4);
			page.awaitConnection("open");
			page.await((self) -> self.copiesOnLoan().contains("41"));
			assertThat(page.copiesOnLoan()).isEqualTo(LibraryPageBrowserTests.copiesOnLoan(lending()));
			page.await((self) -> self.booksLent("north") == 5);

			lending().borrowCopy("north", 21, 5);
			page.await((self) -> self.copiesOnLoan().contains("21"));
			assertThat(page.copiesOnLoan()).isEqualTo(LibraryPageBrowserTests.copiesOnLoan(lending()));

			page.await((self) -> self.find("#import-text").getText().startsWith("The import was interrupted"));
			page.click("import-start");
			page.await(
					(self) -> self.find("#import-text").getText().matches("[1-9]\\d* new, [1-9]\\d* already there."));
		}
	}

	private Lending lending() {
		return this.context.getBean(Lending.class);
	}

	private void start(int port) {
		this.context = new SpringApplicationBuilder(LibraryApplication.class).profiles("file")
			.run("--server.port=" + port,
					"--spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("library") + ";MODE=PostgreSQL");
	}

}
