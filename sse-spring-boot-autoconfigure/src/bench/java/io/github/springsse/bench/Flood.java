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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Floods servers that have their defaults with requests for streams from one address, and
 * measures ordinary requests at the same time. Clients that are refused reconnect as they
 * are told.
 */
public final class Flood {

	private Flood() {
	}

	public static void main(String[] arguments) throws IOException {
		// NOTE: after this warm-up, nearly all code that is used is compiled
		Options options = new Options(arguments, "servers=handoff,jetty,plain,nchan", "clients=20000", "seconds=120",
				"warm-up=20", "requests=10000");
		Rush.ofEach(options, (server, results) -> {
			try (Program program = Program.server("flood-server", server.launcher.prepare("defaults"));
					Rush rush = new Rush(server.title, program, 2, "/events", results)) {
				// NOTE: clients keep their places in the plain server when they leave
				warmUp(options, program, rush, (server == Server.PLAIN) ? 200 : 2000);
				measure(rush, options.integer("clients"), options.integer("seconds"));
			}
		});
	}

	private static void warmUp(Options options, Program server, Rush rush, int clients) throws IOException {
		rush.sendRequests(options.integer("requests"));
		for (int i = 0; i < options.integer("warm-up"); i++) {
			rush.come(clients);
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
			rush.leave();
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
		}
		server.awaitIdle();
		rush.sendRequests(options.integer("requests"));
		server.awaitIdle();
	}

	private static void measure(Rush rush, int clients, int seconds) throws IOException {
		rush.phase("before", 6);
		rush.come(clients);
		rush.phase("first 10 s", 10);
		rush.phase("next 20 s", 20);
		rush.phase("until " + seconds + " s", Math.max(1, seconds - 30));
		rush.leave();
		rush.phase("after", 6);
	}

}
