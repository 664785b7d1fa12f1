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

package io.github.springsse.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The arguments of a program: {@code name=value}, or a value alone.
 */
final class Options {

	private final Map<String, String> values = new TreeMap<>();

	private final List<String> words = new ArrayList<>();

	/**
	 * Read arguments.
	 * @param defaults all options that the program has
	 */
	Options(String[] arguments, String... defaults) {
		Arrays.asList(defaults).forEach(this::put);
		for (String argument : arguments) {
			if (!argument.contains("=")) {
				this.words.add(argument);
			}
			else if (!put(argument)) {
				throw new IllegalArgumentException(
						"'" + argument + "' is no option. These are the options: " + this.values);
			}
		}
	}

	/**
	 * Set a value.
	 * @return whether it was set before
	 */
	private boolean put(String option) {
		String[] parts = option.split("=", 2);
		return this.values.put(parts[0], parts[1]) != null;
	}

	double get(String name) {
		return Double.parseDouble(this.values.getOrDefault(name, ""));
	}

	int integer(String name) {
		return (int) get(name);
	}

	/** The values that have no name. */
	List<String> words() {
		return this.words;
	}

	/** Return constants that are separated by commas. */
	<E extends Enum<E>> List<E> constants(Class<E> type, String name) {
		return Arrays.stream(this.values.getOrDefault(name, "").split(","))
			.filter((constant) -> !constant.isEmpty())
			.map((constant) -> Enum.valueOf(type, constant.toUpperCase(Locale.ROOT).replace('-', '_')))
			.toList();
	}

}
