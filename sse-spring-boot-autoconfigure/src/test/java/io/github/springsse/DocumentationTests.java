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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the links of the documentation have a target, and that the tests and types
 * that it names exist.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Path README = ROOT.resolve("README.md");

	private static final Path DOCS = ROOT.resolve("sse-spring-boot-autoconfigure/docs");

	private static final Pattern FENCED_CODE = Pattern.compile("^( *)```.*?^\\1```",
			Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern INLINE_CODE = Pattern.compile("`([^`\n]+)`");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);

	private static final Pattern TEST = Pattern.compile("([A-Z]\\w+Tests)(?:#(\\w+))?");

	private static final Pattern TYPE = Pattern.compile("([A-Z][a-z]\\w*)(?:\\.([a-z]\\w*))?");

	private static final Map<Path, Set<String>> anchors = new HashMap<>();

	static Stream<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(DOCS)) {
			return Stream.concat(Stream.of(README, ROOT.resolve("sample-library-app/README.md")),
					docs.filter((file) -> file.toString().endsWith(".md")).sorted().toList().stream());
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void relativeLinksAndAnchorsResolve(Path page) {
		assertThat(links(page)).filteredOn((link) -> !resolves(page, link)).as("Broken links of " + page).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyPageIsLinkedFromTheReadme(Path page) {
		if (!page.equals(README)) {
			assertThat(links(README)).contains(ROOT.relativize(page).toString());
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void testsThatAreNamedExist(Path page) {
		List<String> missing = INLINE_CODE.matcher(withoutFencedCode(page))
			.results()
			.map((MatchResult code) -> code.group(1))
			.filter((code) -> TEST.matcher(code).matches())
			.filter((code) -> !isTest(code))
			.toList();
		assertThat(missing).isEmpty();
	}

	@Test
	void typesAndMethodsOfTheArchitectureExist() throws IOException {
		Map<String, String> sources = new HashMap<>();
		for (String directory : List.of("src/main/java", "src/test/java")) {
			try (Stream<Path> files = Files.walk(Path.of(directory))) {
				files.filter((file) -> file.toString().endsWith(".java"))
					.forEach((file) -> sources.put(file.getFileName().toString().replace(".java", ""), read(file)));
			}
		}
		List<MatchResult> names = INLINE_CODE.matcher(withoutFencedCode(DOCS.resolve("architecture.md")))
			.results()
			.map((code) -> TYPE.matcher(code.group(1)))
			.filter(Matcher::matches)
			.map(Matcher::toMatchResult)
			.filter((name) -> !name.group(1).equals("WebMvcConfigurer"))
			.toList();
		assertThat(names).hasSizeGreaterThan(50).allSatisfy((name) -> {
			assertThat(sources).containsKey(name.group(1));
			if (name.group(2) != null) {
				assertThat(sources.get(name.group(1))).as(name.group()).contains(" " + name.group(2) + "(");
			}
		});
	}

	@ParameterizedTest
	@MethodSource("pages")
	void pageHasOneTitle(Path page) {
		assertThat(withoutFencedCode(page).lines().filter((line) -> line.startsWith("# "))).hasSize(1);
	}

	private static List<String> links(Path page) {
		return LINK.matcher(INLINE_CODE.matcher(withoutFencedCode(page)).replaceAll("code"))
			.results()
			.map((MatchResult link) -> link.group(1))
			.filter((link) -> !link.contains("://"))
			.toList();
	}

	private static boolean resolves(Path page, String link) {
		URI uri = URI.create(link);
		Path target = uri.getPath().isEmpty() ? page : page.resolveSibling(uri.getPath()).normalize();
		return Files.exists(target) && (uri.getFragment() == null || anchors(target).contains(uri.getFragment()));
	}

	/**
	 * The anchors that GitHub generates for headings.
	 */
	private static Set<String> anchors(Path page) {
		return anchors.computeIfAbsent(page, (key) -> {
			Set<String> result = new HashSet<>();
			HEADING.matcher(withoutFencedCode(page))
				.results()
				.map((heading) -> heading.group(1)
					.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
					.toLowerCase(Locale.ROOT)
					.replaceAll("[^\\p{L}\\p{N} _-]", "")
					.replace(' ', '-'))
				.forEach((anchor) -> {
					String unique = anchor;
					for (int i = 1; !result.add(unique); i++) {
						unique = anchor + "-" + i;
					}
				});
			return result;
		});
	}

	private static boolean isTest(String name) {
		String[] parts = name.split("#");
		List<Path> found = new ArrayList<>();
		for (String directory : List.of("sse-spring-boot-autoconfigure/src", "sse-spring-boot-starter/src",
				"sample-library-app/src")) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(directory))) {
				found.addAll(files.filter((file) -> file.endsWith(parts[0] + ".java")).collect(Collectors.toList()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return !found.isEmpty() && (parts.length == 1
				|| found.stream().anyMatch((file) -> read(file).contains("void " + parts[1] + "(")));
	}

	private static String withoutFencedCode(Path page) {
		return FENCED_CODE.matcher(read(page)).replaceAll("");
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
