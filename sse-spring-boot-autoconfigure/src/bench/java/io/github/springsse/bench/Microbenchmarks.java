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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of single classes with JMH, and tells what they allocate.
 */
public final class Microbenchmarks {

	private static final Path RESULTS = Path.of("target", "bench", "jmh.json");

	private Microbenchmarks() {
	}

	/**
	 * Measure.
	 * @param args options of JMH, which come before those set here
	 * @throws CommandLineOptionException if an option is wrong
	 * @throws RunnerException if a benchmark fails
	 * @throws IOException if there is no place for the results
	 */
	public static void main(String[] args) throws CommandLineOptionException, RunnerException, IOException {
		Files.createDirectories(RESULTS.getParent());
		CommandLineOptions options = new CommandLineOptions(args);
		OptionsBuilder builder = new OptionsBuilder();
		builder.parent(options);
		builder.addProfiler(GCProfiler.class).resultFormat(ResultFormatType.JSON).result(RESULTS.toString());
		if (!options.getForkCount().hasValue()) {
			builder.forks(1);
		}
		if (!options.getWarmupIterations().hasValue()) {
			builder.warmupIterations(3).warmupTime(TimeValue.seconds(1));
		}
		if (!options.getMeasurementIterations().hasValue()) {
			builder.measurementIterations(5).measurementTime(TimeValue.seconds(1));
		}
		new Runner(builder.build()).run();
	}

}
