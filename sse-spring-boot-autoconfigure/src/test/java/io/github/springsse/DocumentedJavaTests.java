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

package io.github.springsse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.springsse.testsupport.CodeBlock;
import io.github.springsse.testsupport.JavaBlocks;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles the Java code of the documentation.
 */
class DocumentedJavaTests {

	/**
	 * Its code uses Spring AI. The tests of the profile "clients", which have Spring AI,
	 * compile and run it.
	 */
	private static final String SPRING_AI_PAGE = "sse-spring-boot-autoconfigure/docs/answers-clients.md";

	@AutoClose
	private static JavaBlocks compiler;

	private static Map<CodeBlock, List<String>> errors;

	@BeforeAll
	static void compile(@TempDir Path output) {
		compiler = new JavaBlocks(output);
		errors = compiler.compile(blockCompiles().filter((block) -> !block.page().equals(SPRING_AI_PAGE)).toList());
	}

	@ParameterizedTest
	@MethodSource
	void blockCompiles(CodeBlock block) {
		assertThat(block.page().equals(SPRING_AI_PAGE) ? compiler.parse(block) : errors.get(block)).isEmpty();
	}

	static Stream<CodeBlock> blockCompiles() {
		return CodeBlock.all().stream().filter((block) -> block.language().equals("java"));
	}

	@Test
	void errorHasPageAndLine() {
		CodeBlock types = new CodeBlock("types.md", 11, "java", """
				class Shelf {
					int size = "many";
				}
				""");
		CodeBlock members = new CodeBlock("members.md", 11, "java", """
				@Bean
				Loan loan(Loans loans) {
					return null;
				}
				""");
		CodeBlock statements = new CodeBlock("statements.md", 11, "java", """
				String topic = "news";
				this.sse.complete(topic, topic);
				""");
		CodeBlock noJava = new CodeBlock("none.md", 11, "java", """
				String topic = "news";
				Loan loan = ...;
				""");
		CodeBlock correct = new CodeBlock("correct.md", 11, "java", "int size = 1;");
		Map<CodeBlock, List<String>> found = compiler.compile(List.of(types, members, statements, noJava, correct));
		assertThat(found.get(types))
			.containsExactly("types.md:12: incompatible types: java.lang.String cannot be converted to int");
		assertThat(found.get(members)).singleElement().asString().startsWith("members.md:12: cannot find symbol");
		assertThat(found.get(statements)).singleElement()
			.asString()
			.startsWith("statements.md:12: method complete in interface");
		assertThat(found.get(noJava)).first().asString().startsWith("none.md:12: illegal start of expression");
		assertThat(found.get(correct)).isEmpty();
	}

	@Test
	void allPagesAreRead() {
		assertThat(blockCompiles().map(CodeBlock::page)).contains("README.md", SPRING_AI_PAGE).hasSizeGreaterThan(40);
	}

}
