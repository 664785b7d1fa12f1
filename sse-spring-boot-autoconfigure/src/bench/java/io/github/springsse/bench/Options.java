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

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to measure: {@code name=value} arguments.
 *
 * @param client the load client: {@code c}, where there is a compiler, or {@code java}
 * @param servers the servers
 * @param shapes what is done to them
 * @param rounds how often everything is measured
 * @param time how long each measurement is, as a multiple
 * @param scale how many streams there are, as a multiple
 * @param warmUp deliveries of each server before it is measured
 * @param turnover how many streams are opened and closed
 * @param patience how long, in all, to wait for other programs to be quiet, and to repeat
 * what they disturbed
 */
record Options(String client, List<Server> servers, List<Shape> shapes, int rounds, double time, double scale, long warmUp,
		int turnover, Duration patience) {

	private static final List<String> DEFAULTS = List.of("client=c",
			"servers=plain,handoff,two-threads,small-buffers,async,jetty,webflux,eventbus,better-sse,nchan,socket,epoll", "shapes=default", "rounds=3",
			"time=1", "scale=1", "warm-up=2000000", "turnover=1000000", "patience=0");

	static Options parse(String[] arguments) {
		Map<String, String> values = new TreeMap<>();
		DEFAULTS.forEach((option) -> put(values, option));
		for (String argument : arguments) {
			if (!put(values, argument)) {
				throw new IllegalArgumentException("'" + argument + "' is not an option as one of " + DEFAULTS);
			}
		}
		return new Options(values.get("client"), servers(values.get("servers").split(",")),
				shapes(values.get("shapes").toUpperCase(Locale.ROOT).split(",")),
				Integer.parseInt(values.get("rounds")), Double.parseDouble(values.get("time")),
				Double.parseDouble(values.get("scale")), Long.parseLong(values.get("warm-up")),
				Integer.parseInt(values.get("turnover")), Duration.ofSeconds(Long.parseLong(values.get("patience"))));
	}

	/**
	 * Set a value.
	 * @return whether it was set before
	 */
	private static boolean put(Map<String, String> values, String option) {
		String[] parts = option.split("=", 2);
		return values.put(parts[0], parts[parts.length - 1]) != null;
	}

	private static List<Server> servers(String... names) {
		return Arrays.stream(names)
			.map((name) -> Servers.all()
				.stream()
				.filter((server) -> server.name().equals(name))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException(
						"'" + name + "' is not one of the servers " + Servers.all())))
			.toList();
	}

	private static List<Shape> shapes(String... names) {
		if (names[0].equals("DEFAULT")) {
			return Arrays.stream(Shape.values()).filter((shape) -> !shape.is(Shape.Trait.ON_REQUEST)).toList();
		}
		return Arrays.stream(names).map((name) -> Shape.valueOf(name.replace('-', '_'))).toList();
	}

	/** A number of streams. */
	int scaled(int count) {
		return Math.max(1, (int) (this.scale * count));
	}

}
