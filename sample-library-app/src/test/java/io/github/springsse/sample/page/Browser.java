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

package io.github.springsse.sample.page;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

import org.springframework.util.FileSystemUtils;

/**
 * The installed Chromium, without a window, for a reader who prefers reduced motion:
 * frames of animations take processor time. Nothing is downloaded: where it is missing,
 * the tests are skipped. In a static field with {@code @RegisterExtension}, its pages and
 * cookies are removed after each test, and it is closed after the last one.
 */
final class Browser implements AutoCloseable, AfterEachCallback, AfterAllCallback {

	// Warns of each version of Chromium that it does not know
	private static final Logger logger = Logger.getLogger("org.openqa.selenium");

	private WebDriver driver;

	private Path profile;

	private WebDriver start() {
		logger.setLevel(Level.SEVERE);
		try {
			this.profile = Files.createTempDirectory("library-browser");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(browser().orElseThrow());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--force-prefers-reduced-motion", "--window-size=1280,1000", "--user-data-dir=" + this.profile);
		return new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(driverExecutable().orElseThrow())
					.usingAnyFreePort()
					.build(),
				options);
	}

	static boolean isInstalled() {
		return browser().isPresent() && driverExecutable().isPresent();
	}

	/**
	 * Return the driver, and start the browser when it is called for the first time.
	 */
	WebDriver driver() {
		if (this.driver == null) {
			this.driver = start();
		}
		return this.driver;
	}

	/**
	 * Close all windows but the first, which is empty, and their streams: a browser opens
	 * no more than six connections to a server. Cookies are deleted, too.
	 */
	void closePages() {
		WebDriver driver = driver();
		driver.manage().deleteAllCookies();
		List<String> windows = List.copyOf(driver.getWindowHandles());
		windows.stream().skip(1).forEach((window) -> driver.switchTo().window(window).close());
		driver.switchTo().window(windows.get(0));
	}

	@Override
	public void afterEach(ExtensionContext context) {
		closePages();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		close();
	}

	@Override
	public void close() {
		if (this.driver != null) {
			this.driver.quit();
			this.driver = null;
			FileSystemUtils.deleteRecursively(this.profile.toFile());
		}
	}

	private static Optional<File> browser() {
		return find("chromium", "chromium-browser", "google-chrome");
	}

	private static Optional<File> driverExecutable() {
		return find("chromedriver");
	}

	private static Optional<File> find(String... names) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.flatMap((directory) -> Stream.of(names).map((name) -> new File(directory, name)))
			.filter(File::canExecute)
			.findFirst();
	}

}
