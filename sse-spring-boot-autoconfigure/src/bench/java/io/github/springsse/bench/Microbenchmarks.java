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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of single classes with JMH: nanoseconds and allocated bytes.
 * {@code -Dbench.program=Microbenchmarks}, and {@code -Dbench.options} with options of
 * JMH.
 */
public final class Microbenchmarks {

	private static final Path RESULTS = Program.DIRECTORY.resolve("jmh.json");

	private Microbenchmarks() {
	}

	/**
	 * Measure.
	 * @param args options of JMH, which override those set here
	 * @throws Exception if an option is wrong, or a benchmark fails
	 */
	public static void main(String[] args) throws Exception {
		Files.createDirectories(Program.DIRECTORY);
		CommandLineOptions options = new CommandLineOptions(args);
		OptionsBuilder builder = new OptionsBuilder();
		builder.parent(options);
		builder.mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS);
		builder.addProfiler(GCProfiler.class).resultFormat(ResultFormatType.JSON).result(RESULTS.toString());
		builder.forks(options.getForkCount().orElse(1));
		builder.warmupIterations(options.getWarmupIterations().orElse(3));
		builder.warmupTime(options.getWarmupTime().orElse(TimeValue.seconds(1)));
		builder.measurementIterations(options.getMeasurementIterations().orElse(5));
		builder.measurementTime(options.getMeasurementTime().orElse(TimeValue.seconds(1)));
		new Runner(builder.build()).run();
	}

}
