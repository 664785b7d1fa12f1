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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Checks that keys of {@code sse.topics} have brackets if they need them. From a key
 * without brackets, binding removes most special characters, and it ends the key at the
 * first dot, so that the values would silently apply to another topic.
 */
final class TopicKeys {

	/** A key without brackets, and a property of {@link TopicProperties}. */
	private static final Pattern NAME = Pattern.compile("sse\\.topics\\.(?!\\[)(?<key>.+)\\.(?<property>[^.]+)",
			Pattern.CASE_INSENSITIVE);

	/** Keys that binding does not change. */
	private static final Pattern KEPT = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_-]*");

	private TopicKeys() {
	}

	/**
	 * Check all keys.
	 * @throws InvalidConfigurationPropertyValueException if one needs brackets and has
	 * none
	 */
	static void check(ConfigurableEnvironment environment) {
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				for (String name : enumerable.getPropertyNames()) {
					check(name, source);
				}
			}
		}
	}

	private static void check(String name, PropertySource<?> source) {
		Matcher matcher = NAME.matcher(name);
		if (matcher.matches() && !KEPT.matcher(matcher.group("key")).matches()) {
			String key = matcher.group("key");
			throw new InvalidConfigurationPropertyValueException(name, source.getProperty(name),
					"The topic '" + key
							+ "' needs brackets, since without them it is read as another topic. Write sse.topics["
							+ key + "]." + matcher.group("property") + ", or in YAML the key \"[" + key + "]\"");
		}
	}

}
