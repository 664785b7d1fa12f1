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

package io.github.springsse.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced code block of the documentation.
 *
 * @param page the page, relative to the root of the project
 * @param line the line of the page with the first line of the code
 * @param language the language that follows the fence, empty if there is none
 * @param text the code, without the indentation of the fence
 */
public record CodeBlock(String page, int line, String language, String text) {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Path DOCS = ROOT.resolve("sse-spring-boot-autoconfigure/docs");

	private static final Pattern FENCE = Pattern.compile("( *)```(\\w*)");

	/**
	 * Return the code blocks of the README and of all pages of the documentation.
	 * @return the blocks
	 */
	public static List<CodeBlock> all() {
		try (Stream<Path> docs = Files.list(DOCS)) {
			return Stream
				.concat(Stream.of(ROOT.resolve("README.md")),
						docs.filter((file) -> file.toString().endsWith(".md")).sorted())
				.map(CodeBlock::of)
				.flatMap(Collection::stream)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the code blocks of a page.
	 * @param name the name of the page in the folder {@code docs}
	 * @return the blocks
	 */
	public static List<CodeBlock> ofPage(String name) {
		return of(DOCS.resolve(name));
	}

	private static List<CodeBlock> of(Path page) {
		String name = ROOT.relativize(page).toString();
		try {
			return of(name, Files.readAllLines(page));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<CodeBlock> of(String page, List<String> lines) {
		List<CodeBlock> blocks = new ArrayList<>();
		for (int i = 0; i < lines.size(); i++) {
			Matcher fence = FENCE.matcher(lines.get(i));
			if (fence.matches()) {
				String indentation = fence.group(1);
				int first = i + 1;
				StringBuilder text = new StringBuilder();
				for (i = first; !lines.get(i).equals(indentation + "```"); i++) {
					if (i == lines.size() - 1) {
						throw new IllegalStateException(page + ":" + first + ": this code block has no end");
					}
					String line = lines.get(i);
					text.append(line.startsWith(indentation) ? line.substring(indentation.length()) : line.strip())
						.append('\n');
				}
				blocks.add(new CodeBlock(page, first + 1, fence.group(2), text.toString()));
			}
		}
		return blocks;
	}

	/**
	 * Return the position of a line.
	 * @param lineOfBlock the line of the block, the first one is 1
	 * @return page and line, as compilers print them
	 */
	public String position(long lineOfBlock) {
		return this.page + ":" + (this.line + lineOfBlock - 1);
	}

	@Override
	public String toString() {
		return position(1);
	}

}
