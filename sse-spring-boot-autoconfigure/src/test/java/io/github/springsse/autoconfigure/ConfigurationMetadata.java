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

	private final JsonNode root;

	private ConfigurationMetadata(JsonNode root) {
		this.root = root;
	}

	static ConfigurationMetadata read() {
		return new ConfigurationMetadata(new JsonMapper()
			.readTree(Path.of(classes()).resolve("META-INF/spring-configuration-metadata.json").toFile()));
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
		return stream(this.root.path("properties"))
			.map((property) -> new Property(property.path("name").asString(), property.path("type").asString(""),
					property.path("description").asString(""), property.path("defaultValue").asString(""),
					hints(property.path("name").asString())))
			.toList();
	}

	/**
	 * The values that are offered.
	 * @param name the name of the property, or of its keys
	 */
	List<Hint> hints(String name) {
		return stream(this.root.path("hints")).filter((hint) -> hint.path("name").asString().equals(name))
			.flatMap((hint) -> stream(hint.path("values")))
			.map((value) -> new Hint(value.path("value").asString(), value.path("description").asString("")))
			.toList();
	}

	record Property(String name, String type, String description, String defaultValue, List<Hint> hints) {

		/**
		 * The row of a table in Markdown.
		 */
		String toRow() {
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
