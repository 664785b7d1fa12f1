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

package io.github.springsse.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A virtual machine of its own, in which what objects are said to cost is compared with
 * the heap that they use: nothing else runs there.
 */
public final class HeapProcess {

	private HeapProcess() {
	}

	/**
	 * Run a program that {@linkplain #compare compares}.
	 * @param program has a main method
	 * @return what was said by what was used, by the names of the comparisons
	 */
	public static Map<String, Double> run(Class<?> program) {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1", "-cp",
				System.getProperty("java.class.path"), program.getName());
		try {
			Process process = builder.redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Map<String, Double> result = new LinkedHashMap<>();
			output.lines().map((line) -> line.split(": ")).forEach((parts) -> {
				if (parts.length != 2) {
					throw new IllegalStateException(output);
				}
				result.put(parts[0], Double.valueOf(parts[1]));
			});
			return result;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Compare what an object is said to cost with what it does. Called in that process,
	 * whose output is what {@link #run} reads.
	 * @param <T> the type of the object
	 * @param name the name of the comparison
	 * @param factory makes the object
	 * @param said returns the bytes that it is said to cost
	 */
	public static <T> void compare(String name, Supplier<T> factory, ToLongFunction<T> said) {
		long before = used();
		T object = factory.get();
		long bytes = used() - before;
		System.out.println(name + ": " + (double) said.applyAsLong(object) / bytes);
		Reference.reachabilityFence(object);
	}

	private static long used() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
