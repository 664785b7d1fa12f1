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
	private Path directory;

	@Test
	void libraryIsAsItWasAfterARestart() {
		long borrowed;
		try (ConfigurableApplicationContext context = start()) {
			Lending lending = context.getBean(Lending.class);
			assertThat(lending.openLoans()).hasSize(12);
			lending.openLoans().stream().map(LoanView::id).forEach(lending::giveBack);
			borrowed = lending.borrowCopy("north", 11, 3).id();
		}
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.getBean(Lending.class).openLoans()).extracting(LoanView::id).containsExactly(borrowed);
		}
	}

	private ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(LibraryApplication.class).profiles("file")
			.run("--server.port=0",
					"--spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("library") + ";MODE=PostgreSQL");
	}

}
