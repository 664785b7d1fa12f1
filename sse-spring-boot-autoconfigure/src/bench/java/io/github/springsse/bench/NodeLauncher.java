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
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Has npm fetch better-sse, where there is Node.
 */
final class NodeLauncher implements Launcher {

	private static final Path SOURCES = Path.of("src", "bench", "node");

	@Override
	public List<String> prepare(Path directory) throws IOException, UnavailableException {
		Path target = Files.createDirectories(directory.resolve("node")).toAbsolutePath();
		for (String file : List.of("package.json", "server.js")) {
			Files.copy(SOURCES.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
		}
		Tool.run(target, "node", "--version");
		Tool.run(target, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline");
		return List.of("node", "--expose-gc", target.resolve("server.js").toString());
	}

}
