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

package io.github.springsse.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the README does not lie about the configuration.
 */
class ReadmeTests {

	@Test
	void tableOfConfigurationAgreesWithTheMetadata() throws IOException {
		ConfigurationMetadata metadata = ConfigurationMetadata.read();
		Map<String, String> expected = metadata.properties()
			.stream()
			.collect(Collectors.toMap(ConfigurationMetadata.Property::name,
					ConfigurationMetadata.Property::defaultValue, (one, other) -> one, TreeMap::new));
		assertThat(table(Path.of("..", "README.md")))
			.as("Keys and defaults in the table under \"Configuration\" of README.md, which could be\n\n%s",
					metadata.toTable())
			.containsExactlyInAnyOrderEntriesOf(expected);
	}

	/**
	 * Keys and defaults of the table that begins with the columns Key and Default.
	 */
	private static Map<String, String> table(Path file) throws IOException {
		Map<String, String> result = new LinkedHashMap<>();
		boolean inTable = false;
		for (String line : Files.readAllLines(file)) {
			String[] cells = Arrays.stream(line.split("\\|")).map(ReadmeTests::normalized).toArray(String[]::new);
			if (!line.startsWith("|") || cells.length < 4) {
				inTable = false;
			}
			else if (cells[1].equals("Key") && cells[2].equals("Default")) {
				inTable = true;
			}
			else if (inTable && !cells[1].startsWith("-")) {
				result.put(cells[1], cells[2]);
			}
		}
		return result;
	}

	private static String normalized(String cell) {
		return cell.replace("`", "").strip();
	}

}
