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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.autoconfigure.ConfigurationMetadata.Hint;
import io.github.springsse.autoconfigure.ConfigurationMetadata.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the page about the configuration has exactly the properties that exist, and
 * that no page and no README names another.
 */
class ConfigurationPageTests {

	/** What may be the name of a property or of a meter, as inline code. */
	private static final Pattern NAME = Pattern.compile("`(sse(?:\\.[a-z<>-]+)+)(?:\\.\\*)?(?:[=:][^`]*)?`");

	private static final String HEAD = "| Key | Default | Meaning |";

	/**
	 * What there is for each entry of {@code sse.topics}: of the values of a map, there
	 * is no metadata.
	 */
	private static final List<Property> TOPIC_PROPERTIES = List.of(ofTopic("events",
			"Maximum number of events that are kept for each topic, `sse.replay.events-per-topic` if not set.", ""),
			ofTopic("max-age",
					"Time for which an event is kept. If not set, `sse.replay.max-age`, or 365 days if the topic keeps only the newest event of each key.",
					""),
			ofTopic("overflow", "What happens when the send queue of a client is full.", "resume",
					OverflowPolicy.values()),
			ofTopic("size",
					"Maximum heap memory for the events that are kept for each topic, `sse.replay.size-per-topic` if not set.",
					""));

	@Test
	void tableOfConfigurationAgreesWithTheMetadata() throws IOException {
		List<String> expected = Stream.of(ConfigurationMetadata.read().properties(), TOPIC_PROPERTIES)
			.flatMap(List::stream)
			.sorted(Comparator.comparing(Property::name))
			.map(Property::toRow)
			.toList();
		assertThat(table(Path.of("docs", "configuration.md")))
			.as("Table \"All properties\" of docs/configuration.md, which is to be\n\n%s\n| --- | --- | --- |\n%s\n",
					HEAD, String.join("\n", expected))
			.containsExactlyElementsOf(expected);
	}

	@Test
	void rowsOfTopicsAreThoseThatThereAre() {
		assertThat(TOPIC_PROPERTIES).extracting(Property::name)
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(TopicProperties.class.getDeclaredFields())
				.map((field) -> ofTopic(DataObjectPropertyName.toDashedForm(field.getName()), "", "").name())
				.toList());
	}

	@ParameterizedTest
	@MethodSource("pages")
	void propertiesAndMetersThatAreNamedExist(Path page) throws IOException {
		Set<String> known = Stream.of(ConfigurationMetadata.read().properties().stream().map(Property::name),
				TOPIC_PROPERTIES.stream().map(Property::name),
				NAME.matcher(Files.readString(Path.of("docs", "metrics.md"))).results().map((name) -> name.group(1)))
			.flatMap((names) -> names)
			.collect(Collectors.toSet());
		assertThat(NAME.matcher(Files.readString(page)).results().map((name) -> name.group(1))).allSatisfy(
				(name) -> assertThat(known).anyMatch((other) -> other.equals(name) || other.startsWith(name + ".")));
	}

	static Stream<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(Path.of("docs"))) {
			return Stream
				.concat(Stream.of(Path.of("..", "README.md"), Path.of("..", "sample-library-app", "README.md")),
						docs.sorted().toList().stream())
				.filter((page) -> page.toString().endsWith(".md") && !page.endsWith("changelog.md"));
		}
	}

	private static Property ofTopic(String name, String description, String defaultValue, Enum<?>... values) {
		return new Property("sse.topics.<pattern>." + name, "", description, defaultValue, Arrays.stream(values)
			.map((value) -> new Hint(DataObjectPropertyName.toDashedForm(value.name().toLowerCase(Locale.ROOT)), ""))
			.toList());
	}

	/**
	 * The rows of the table.
	 */
	private static List<String> table(Path file) throws IOException {
		return Files.readAllLines(file)
			.stream()
			.dropWhile((line) -> !line.equals(HEAD))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.toList();
	}

}
