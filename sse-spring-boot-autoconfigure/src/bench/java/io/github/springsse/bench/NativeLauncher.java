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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles a program in C, where there is a compiler.
 *
 * @param name the name of the directory of its sources
 */
record NativeLauncher(String name) implements Launcher {

	private static final Path SOURCES = Path.of("src", "bench", "c");

	@Override
	public List<String> prepare(Path directory) throws IOException, UnavailableException {
		Path program = directory.resolve("native-" + this.name).toAbsolutePath();
		List<String> command = new ArrayList<>(List.of("cc", "-O2", "-o", program.toString()));
		try (DirectoryStream<Path> files = Files.newDirectoryStream(SOURCES.resolve(this.name), "*.c")) {
			files.forEach((file) -> command.add(file.toAbsolutePath().toString()));
		}
		Tool.run(directory, command.toArray(String[]::new));
		return List.of(program.toString());
	}

}
