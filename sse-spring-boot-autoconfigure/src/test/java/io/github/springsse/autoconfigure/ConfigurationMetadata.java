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

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The metadata of the configuration properties, as the annotation processor wrote it.
 */
final class ConfigurationMetadata {

	private final List<Property> properties;

	private ConfigurationMetadata(List<Property> properties) {
		this.properties = properties;
	}

	static ConfigurationMetadata read() {
		JsonNode root = new JsonMapper()
			.readTree(Path.of(classes()).resolve("META-INF/spring-configuration-metadata.json").toFile());
		return new ConfigurationMetadata(stream(root.path("properties"))
			.map((property) -> new Property(property.path("name").asString(), property.path("type").asString(""),
					property.path("description").asString(""), property.path("defaultValue").asString(""),
					stream(root.path("hints")).filter((hint) -> hint.path("name").equals(property.path("name")))
						.flatMap((hint) -> stream(hint.path("values")))
						.map((value) -> new Hint(value.path("value").asString(),
								value.path("description").asString("")))
						.toList()))
			.toList());
	}

	private static URI classes() {
		try {
			return SseProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Stream<JsonNode> stream(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

	List<Property> properties() {
		return this.properties;
	}

	/**
	 * The properties as a table in Markdown.
	 */
	String toTable() {
		return this.properties.stream()
			.sorted(Comparator.comparing(Property::name))
			.map(Property::toRow)
			.collect(Collectors.joining("\n", "| Key | Default | Meaning |\n| --- | --- | --- |\n", "\n"));
	}

	record Property(String name, String type, String description, String defaultValue, List<Hint> hints) {

		private String toRow() {
			String value = this.defaultValue.isEmpty() ? "" : "`" + this.defaultValue + "`";
			String values = this.hints.isEmpty() ? ""
					: this.hints.stream()
						.map((hint) -> "`" + hint.value() + "`")
						.collect(Collectors.joining(", ", " ", "."));
			return "| `" + this.name + "` | " + value + " | " + this.description + values + " |";
		}

	}

	record Hint(String value, String description) {

	}

}
