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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.util.FileSystemUtils;

/**
 * Browsers that the tests of a class share: each leaves its page after a test, and is
 * closed after the last one. For a static field.
 */
public final class BrowserFrames implements AfterEachCallback, AfterAllCallback {

	private final Map<Window, BrowserFrame> browsers = new LinkedHashMap<>();

	private final Map<Window, Path> directories = new LinkedHashMap<>();

	/**
	 * Return a browser, and start it if it is asked for the first time.
	 * @param engine the engine. The test is skipped where there is no browser of it
	 * @param name tells it from others of this engine
	 * @return the browser
	 */
	public BrowserFrame get(BrowserEngine engine, String name) {
		engine.required();
		Window window = new Window(engine, name);
		return this.browsers.computeIfAbsent(window,
				(key) -> new BrowserFrame(engine, this.directories.computeIfAbsent(key, BrowserFrames::directory)));
	}

	private static Path directory(Window window) {
		try {
			return Files.createTempDirectory("test-browser");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.browsers.values().forEach(BrowserFrame::leave);
	}

	@Override
	public void afterAll(ExtensionContext context) throws IOException {
		this.browsers.values().forEach(BrowserFrame::close);
		this.browsers.clear();
		for (Path directory : this.directories.values()) {
			FileSystemUtils.deleteRecursively(directory);
		}
		this.directories.clear();
	}

	private record Window(BrowserEngine engine, String name) {

	}

}
