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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Nchan, where nginx and the module are installed: one worker, and a configuration as its
 * documentation has it. It keeps as many events of a topic as the starter does by
 * default.
 */
final class NchanLauncher implements Launcher {

	private static final List<Path> PROGRAMS = paths("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx",
			"/usr/local/nginx/sbin/nginx");

	private static final List<Path> MODULES = paths("/usr/lib/nginx/modules/ngx_nchan_module.so",
			"/usr/lib64/nginx/modules/ngx_nchan_module.so", "/usr/local/nginx/modules/ngx_nchan_module.so");

	private static final Path CONFIGURATION = Path.of("src", "bench", "nginx", "nginx.conf");

	@Override
	public List<String> prepare(Path directory) throws IOException, UnavailableException {
		Path program = first(PROGRAMS, "no nginx");
		Path module = first(MODULES, "no Nchan module of nginx");
		Path target = Files.createDirectories(directory.resolve("nginx")).toAbsolutePath();
		int port = freePort();
		String configuration = Files.readString(CONFIGURATION)
			.replace("@module@", module.toString())
			.replace("@port@", Integer.toString(port));
		Path file = Files.writeString(target.resolve("nginx.conf"), configuration);
		String start = "echo ready " + port + " " + port + "; exec " + program + " -p '" + target + "' -c '" + file
				+ "' -e error.log";
		return List.of("sh", "-c", start);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static Path first(List<Path> files, String otherwise) throws UnavailableException {
		return files.stream()
			.filter(Files::exists)
			.findFirst()
			.orElseThrow(() -> new UnavailableException(otherwise));
	}

	private static List<Path> paths(String... paths) {
		return Stream.of(paths).map(Path::of).toList();
	}

}
