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
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.springsse.testsupport.CodeBlock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the properties of the documentation's YAML exist, those of Spring Boot too,
 * and that their values can be bound.
 */
class DocumentedPropertiesTests {

	private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(.+)>");

	private static final String LEVEL = "logging.level";

	/** Names and types. */
	private static final Map<String, String> metadata = readMetadata();

	@ParameterizedTest
	@MethodSource("blocks")
	void propertiesExistAndCanBeBound(CodeBlock block) throws IOException {
		assertThat(errors(block)).isEmpty();
	}

	static Stream<CodeBlock> blocks() {
		return CodeBlock.all()
			.stream()
			// Its YAML is that of a proxy
			.filter((block) -> !block.page().endsWith("/proxies.md"))
			.filter((block) -> block.language().equals("yaml") || block.language().equals("properties"));
	}

	@Test
	void errorHasPageAndLine() throws IOException {
		assertThat(errors("sse:\n  heartbeat:\n    intervall: 5s\n"))
			.containsExactly("page.md:13: no property is called sse.heartbeat.intervall");
		assertThat(errors("spring.data.redis.uri: redis://localhost\n"))
			.containsExactly("page.md:11: no property is called spring.data.redis.uri");
		assertThat(errors("sse:\n  heartbeat.interval: soon\n")).singleElement()
			.asString()
			.startsWith("page.md:12: sse.heartbeat.interval");
		assertThat(errors("sse.topics:\n  \"[a/**]\": {overflow: newest}\n")).singleElement()
			.asString()
			.startsWith("page.md:12: sse.topics");
		assertThat(errors("sse.topics:\n  \"[a/**]\": {overflows: latest}\n")).singleElement()
			.asString()
			.startsWith("page.md:12: sse.topics");
		assertThat(errors("logging.level:\n  io.github.springsse.Nobody: debug\n"))
			.containsExactly("page.md:12: no package or class is called io.github.springsse.Nobody");
		assertThat(errors("sse:\n  topics: {\n")).singleElement().asString().startsWith("page.md:1");
	}

	private static List<String> errors(String yaml) throws IOException {
		return errors(new CodeBlock("page.md", 11, "yaml", yaml));
	}

	private static List<String> errors(CodeBlock block) throws IOException {
		PropertySourceLoader loader = block.language().equals("yaml") ? new YamlPropertySourceLoader()
				: new PropertiesPropertySourceLoader();
		List<String> errors = new ArrayList<>();
		try {
			for (PropertySource<?> source : loader.load("block", new ByteArrayResource(block.text().getBytes()))) {
				for (String key : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
					String error = error(source, key);
					if (error != null) {
						errors.add(block.position(line(source, key)) + ": " + error);
					}
				}
			}
		}
		catch (MarkedYAMLException ex) {
			errors.add(block.position(ex.getProblemMark().getLine()) + ": " + ex.getProblem());
		}
		return errors;
	}

	private static @Nullable String error(PropertySource<?> source, String key) {
		String name = metadata.containsKey(key) ? key
				: metadata.keySet()
					.stream()
					.filter((map) -> MAP.matcher(metadata.get(map)).matches()
							&& (key.startsWith(map + ".") || key.startsWith(map + "[")))
					.findFirst()
					.orElse(null);
		if (name == null) {
			return "no property is called " + key;
		}
		String logger = key.substring(name.length()).replaceFirst("^\\.", "");
		if (name.equals(LEVEL) && logger.startsWith("io.github.springsse") && !isPackageOrClass(logger)) {
			return "no package or class is called " + logger;
		}
		try {
			new Binder(ConfigurationPropertySources.from(source)).bind(name, bindable(name),
					new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
			return null;
		}
		catch (BindException ex) {
			return key + ": " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage();
		}
	}

	private static Bindable<?> bindable(String name) {
		if (name.equals(LEVEL)) {
			return Bindable.mapOf(String.class, LogLevel.class);
		}
		Matcher map = MAP.matcher(metadata.get(name));
		return map.matches() ? Bindable.mapOf(String.class, type(map.group(1))) : Bindable.of(type(metadata.get(name)));
	}

	private static Class<?> type(String name) {
		return ClassUtils.resolveClassName(name.replaceFirst("<.*", ""), null);
	}

	private static boolean isPackageOrClass(String name) {
		return ClassUtils.isPresent(name, null)
				|| ClassUtils.getDefaultClassLoader().getResource(name.replace('.', '/') + "/") != null;
	}

	private static int line(PropertySource<?> source, String key) {
		return (OriginLookup.getOrigin(source, key) instanceof TextResourceOrigin origin)
				? origin.getLocation().getLine() + 1 : 1;
	}

	/**
	 * The metadata of everything on the class path, without properties that are
	 * deprecated.
	 */
	private static Map<String, String> readMetadata() {
		Map<String, String> result = new TreeMap<>();
		try {
			List<URL> files = Collections
				.list(ClassUtils.getDefaultClassLoader().getResources("META-INF/spring-configuration-metadata.json"));
			for (URL file : files) {
				try (InputStream content = file.openStream()) {
					for (JsonNode property : new JsonMapper().readTree(content).path("properties")) {
						if (!property.has("deprecation")) {
							result.put(property.path("name").asString(), property.path("type").asString(""));
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return result;
	}

}
