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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * Engines of browsers that streams are tested with.
 */
public enum BrowserEngine {

	/**
	 * Chromium, or the Chrome of Google.
	 */
	CHROMIUM("chromium") {

		@Override
		Optional<Path> find() {
			return onPath("chromium", "google-chrome");
		}

		@Override
		List<String> arguments(Path directory) {
			return List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
					"--disable-quic", "--disable-breakpad", "--no-first-run", "--disable-background-networking",
					"--disable-component-update", "--disable-sync", "--user-data-dir=" + directory.resolve("profile"));
		}

	},

	/**
	 * Gecko, of Firefox.
	 */
	FIREFOX("firefox-esr") {

		@Override
		Optional<Path> find() {
			return onPath("firefox-esr", "firefox");
		}

		@Override
		List<String> arguments(Path directory) throws IOException {
			Path profile = Files.createDirectories(directory.resolve("profile"));
			Files.write(profile.resolve("user.js"), FIREFOX_PREFERENCES);
			return List.of("--headless", "--no-remote", "--profile", profile.toString());
		}

	},

	/**
	 * WebKit, of the small browser that comes with WebKitGTK. It has to have a display.
	 */
	WEBKIT("webkit2gtk-driver and xvfb") {

		@Override
		Optional<Path> find() {
			return onPath("Xvfb").flatMap((display) -> entries(Path.of("/usr/lib"), "*-linux-gnu*")
				.flatMap((libraries) -> entries(libraries, "webkit*gtk-*"))
				.map((webkit) -> webkit.resolve("MiniBrowser"))
				.filter(Files::isExecutable)
				.findFirst());
		}

		@Override
		boolean needsDisplay() {
			return true;
		}

		@Override
		List<String> arguments(Path directory) {
			return List.of();
		}

	};

	/** Nothing that asks, and nothing that calls anyone but the page's server. */
	private static final List<String> FIREFOX_PREFERENCES = Stream
		.of("app.normandy.enabled, false", "app.shield.optoutstudies.enabled, false",
				"app.update.disabledForTesting, true", "browser.aboutwelcome.enabled, false",
				"browser.newtabpage.enabled, false", "browser.region.network.url, \"\"",
				"browser.safebrowsing.downloads.enabled, false", "browser.safebrowsing.malware.enabled, false",
				"browser.safebrowsing.phishing.enabled, false", "browser.shell.checkDefaultBrowser, false",
				"browser.startup.homepage_override.mstone, \"ignore\"", "browser.startup.page, 0",
				"browser.topsites.contile.enabled, false", "datareporting.healthreport.uploadEnabled, false",
				"datareporting.policy.dataSubmissionEnabled, false", "datareporting.policy.firstRunURL, \"\"",
				"dom.push.connection.enabled, false", "extensions.getAddons.cache.enabled, false",
				"extensions.update.enabled, false", "media.gmp-manager.updateEnabled, false",
				"messaging-system.rsexperimentloader.enabled, false", "network.captive-portal-service.enabled, false",
				"network.connectivity-service.enabled, false", "network.dns.disablePrefetch, true",
				"network.prefetch-next, false", "network.proxy.type, 0", "services.settings.server, \"data:,\"",
				"toolkit.telemetry.enabled, false", "toolkit.telemetry.server, \"\"",
				"toolkit.telemetry.unified, false")
		.map((preference) -> "user_pref(\"" + preference.replaceFirst(",", "\",") + ");")
		.toList();

	private final String debianPackage;

	BrowserEngine(String debianPackage) {
		this.debianPackage = debianPackage;
	}

	/**
	 * Skip the test where there is no browser of this engine.
	 * @return the browser
	 */
	public Path required() {
		Optional<Path> found = find();
		Assumptions.assumeTrue(found.isPresent(), () -> "No browser for " + name().toLowerCase()
				+ " on this machine: in Debian it comes with " + this.debianPackage);
		return found.orElseThrow();
	}

	/**
	 * Look for a browser of this engine.
	 * @return the executable, if there is one
	 */
	abstract Optional<Path> find();

	/**
	 * What the browser is started with, before the address of the page.
	 * @param directory the directory for what it writes
	 * @return the arguments
	 * @throws IOException if what they name cannot be written
	 */
	abstract List<String> arguments(Path directory) throws IOException;

	/**
	 * Whether the browser cannot do without a display.
	 */
	boolean needsDisplay() {
		return false;
	}

	private static Optional<Path> onPath(String... names) {
		String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
		return Arrays.stream(path.split(File.pathSeparator))
			.flatMap((directory) -> Arrays.stream(names).map((name) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static Stream<Path> entries(Path directory, String glob) {
		List<Path> found = new ArrayList<>();
		if (Files.isDirectory(directory)) {
			try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
				entries.forEach(found::add);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return found.stream().sorted();
	}

}
