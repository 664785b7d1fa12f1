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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to measure: arguments {@code name=value}.
 *
 * @param servers the servers
 * @param shapes what is done to them
 * @param rounds the number of measurements
 * @param time factor for the duration of a measurement
 * @param scale factor for the number of streams
 * @param warmUp deliveries of each server before it is measured
 */
record Options(List<Server> servers, List<Shape> shapes, int rounds, double time, double scale, long warmUp) {

	private static final List<String> DEFAULTS = List.of("servers=", "shapes=", "rounds=3", "time=1", "scale=1",
			"warm-up=2000000");

	static Options parse(String... arguments) {
		Map<String, String> values = new TreeMap<>();
		DEFAULTS.forEach((option) -> put(values, option));
		for (String argument : arguments) {
			if (!put(values, argument)) {
				throw new IllegalArgumentException(
						"'" + argument + "' is no option. These are the options: " + DEFAULTS);
			}
		}
		List<Server> servers = constants(Server.class, values.get("servers"));
		List<Shape> shapes = constants(Shape.class, values.get("shapes"));
		return new Options(
				!servers.isEmpty() ? servers : Arrays.stream(Server.values()).filter(Server::isDefault).toList(),
				!shapes.isEmpty() ? shapes : Arrays.stream(Shape.values()).filter(Shape::isDefault).toList(),
				Integer.parseInt(values.get("rounds")), Double.parseDouble(values.get("time")),
				Double.parseDouble(values.get("scale")), Long.parseLong(values.get("warm-up")));
	}

	/**
	 * Set a value.
	 * @return whether it was set before
	 */
	private static boolean put(Map<String, String> values, String option) {
		String[] parts = option.split("=", 2);
		return values.put(parts[0], parts[parts.length - 1]) != null;
	}

	private static <E extends Enum<E>> List<E> constants(Class<E> type, String names) {
		return Arrays.stream(names.split(","))
			.filter((name) -> !name.isEmpty())
			.map((name) -> Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_')))
			.toList();
	}

	/** A number of streams. */
	int scaled(int count) {
		return Math.max(1, (int) (this.scale * count));
	}

}
