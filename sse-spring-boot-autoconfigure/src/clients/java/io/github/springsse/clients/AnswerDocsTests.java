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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code that the documentation shows is the code that is tested.
 */
class AnswerDocsTests {

	private static final Pattern BLOCK = Pattern.compile("```java\n(.+?)```", Pattern.DOTALL);

	private static final Pattern COMMENT_OR_SPACE = Pattern.compile("/\\*.*?\\*/|\\s+", Pattern.DOTALL);

	@Test
	void codeOfTheDocumentationIsTested() throws IOException {
		List<String> blocks = BLOCK.matcher(Files.readString(Path.of("docs", "answers-clients.md")))
			.results()
			.map((MatchResult result) -> result.group(1))
			.toList();
		assertThat(blocks).hasSizeGreaterThan(5);
		try (Stream<Path> files = Files.list(Path.of("src/clients/java/io/github/springsse/clients"))) {
			List<String> sources = files.map(AnswerDocsTests::read).map(AnswerDocsTests::bare).toList();
			assertThat(blocks).allSatisfy((block) -> assertThat(sources)
				.anySatisfy((source) -> assertThat(source.contains(bare(block))).as(block).isTrue()));
		}
	}

	private static String bare(String code) {
		return COMMENT_OR_SPACE.matcher(code).replaceAll("");
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
