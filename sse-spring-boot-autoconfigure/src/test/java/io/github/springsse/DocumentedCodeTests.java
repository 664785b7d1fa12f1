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

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;

import io.github.springsse.testsupport.CodeBlock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Parses the JavaScript, XML and JSON of the documentation, and tests that there is no
 * language that no test checks.
 */
class DocumentedCodeTests {

	/** Languages of blocks, and the test that checks them. */
	private static final Map<String, Set<String>> LANGUAGES = Map.of( //
			"DocumentedCodeTests", Set.of("javascript", "js", "json", "xml"), //
			"DocumentedJavaTests", Set.of("java"), //
			"DocumentedPropertiesTests", Set.of("properties", "yaml"), //
			"ProxyTests", Set.of("apache", "caddy", "haproxy", "http", "ini", "lighttpd", "nginx", "squid", "vcl"), //
			"none, as it is the text of a stream", Set.of(""));

	/** The line of an error of Node.js, after the name of the file. */
	private static final Pattern NODE_ERROR = Pattern.compile("block\\.mjs:(\\d+)\\R(?s:.*?)^(\\w*Error: .*)$",
			Pattern.MULTILINE);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource("blocks")
	void languageIsChecked(CodeBlock block) {
		assertThat(LANGUAGES.values().stream().flatMap(Set::stream))
			.as("%s: no test checks this language, see the map in this class", block)
			.contains(block.language());
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void syntaxIsRight(CodeBlock block) throws Exception {
		assertThat(error(block)).isNull();
	}

	static Stream<CodeBlock> blocks() {
		return CodeBlock.all().stream();
	}

	@Test
	void errorHasPageAndLine() throws Exception {
		assertThat(error(new CodeBlock("page.md", 11, "xml", "<a>\n  <b>\n</a>\n"))).startsWith("page.md:13: ");
		assertThat(error(new CodeBlock("page.md", 11, "json", "{\n  \"a\": 1,\n}\n"))).startsWith("page.md:13: ");
		assertThat(error(new CodeBlock("page.md", 11, "js", "let a = 1;\nlet b = a ? 1;\n")))
			.startsWith("page.md:12: SyntaxError");
	}

	private @Nullable String error(CodeBlock block) throws Exception {
		return switch (block.language()) {
			case "javascript", "js" -> errorOfJavaScript(block);
			case "json" -> errorOfJson(block);
			case "xml" -> errorOfXml(block);
			default -> null;
		};
	}

	/**
	 * Code is that of a module, which may await promises outside of functions.
	 */
	private @Nullable String errorOfJavaScript(CodeBlock block) throws IOException, InterruptedException {
		Optional<Path> node = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.map((folder) -> Path.of(folder, "node"))
			.filter(Files::isExecutable)
			.findFirst();
		assumeTrue(node.isPresent(), "node is not on the PATH");
		Path file = Files.writeString(this.directory.resolve("block.mjs"), block.text());
		Process process = new ProcessBuilder(node.orElseThrow().toString(), "--check", file.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		if (process.waitFor() == 0) {
			return null;
		}
		Matcher error = NODE_ERROR.matcher(output);
		return error.find() ? block.position(Integer.parseInt(error.group(1))) + ": " + error.group(2)
				: block + ": " + output;
	}

	private static @Nullable String errorOfJson(CodeBlock block) {
		try {
			new JsonMapper().readTree(block.text());
			return null;
		}
		catch (JacksonException ex) {
			return block.position(ex.getLocation().getLineNr()) + ": " + ex.getOriginalMessage();
		}
	}

	private static @Nullable String errorOfXml(CodeBlock block) throws Exception {
		DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
		parser.setErrorHandler(null);
		try {
			parser.parse(new InputSource(new StringReader(block.text())));
			return null;
		}
		catch (SAXParseException ex) {
			return block.position(ex.getLineNumber()) + ": " + ex.getMessage();
		}
	}

}
