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

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The arguments of a program: {@code name=value}.
 */
final class Options {

	private final Map<String, String> values = new TreeMap<>();

	/** Read arguments. The defaults are all options that the program has. */
	Options(String[] arguments, String... defaults) {
		for (String option : defaults) {
			this.values.put(option.split("=")[0], option.split("=")[1]);
		}
		for (String argument : arguments) {
			String[] option = argument.split("=", 2);
			if (option.length < 2 || this.values.replace(option[0], option[1]) == null) {
				throw new IllegalArgumentException(
						"'" + argument + "' is no option. These are the options: " + this.values);
			}
		}
	}

	double get(String name) {
		return Double.parseDouble(this.values.getOrDefault(name, ""));
	}

	int integer(String name) {
		return (int) get(name);
	}

	List<String> list(String name) {
		return List.of(this.values.getOrDefault(name, "").split(","));
	}

	/** Return constants by the names that they have in options. */
	<E extends Enum<E>> List<E> constants(Class<E> type, String name) {
		return list(name).stream()
			.map((constant) -> Enum.valueOf(type, constant.toUpperCase(Locale.ROOT).replace('-', '_')))
			.toList();
	}

	@Override
	public String toString() {
		return this.values.toString();
	}

}
