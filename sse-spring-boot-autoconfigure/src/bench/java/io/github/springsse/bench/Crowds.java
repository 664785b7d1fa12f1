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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.github.springsse.bench.CrowdClient.Gauge;
import io.github.springsse.bench.OrdinaryRequests.Times;

/**
 * Has crowds connect at once to an application with a small heap: clients of a large
 * snapshot, and more streams than the heap has room for. {@code -Dbench.program=Crowds},
 * and {@code -Dbench.options} with one of the servers {@code tomcat} and {@code jetty}.
 */
public final class Crowds {

	private static final int SECONDS = 60;

	private Crowds() {
	}

	/**
	 * Measure.
	 * @param arguments the servers, none for both
	 * @throws IOException if a program cannot be started
	 * @throws InterruptedException if interrupted
	 * @throws Launcher.UnavailableException never
	 */
	public static void main(String[] arguments)
			throws IOException, InterruptedException, Launcher.UnavailableException {
		System.out.print(Machine.describe(arguments));
		Machine.pinThisProgram();
		for (ClassPath build : ClassPath.builds()) {
			for (String server : (arguments.length > 0) ? List.of(arguments) : List.of("tomcat", "jetty")) {
				measure(build, server, "512m", 300, "/snapshot?size=10000000&millis=200", "once");
				// NOTE: a stream with an unknown id receives an event at once
				measure(build, server, "128m", 5000, "/events?lastEventId=unknown", "stay");
			}
		}
	}

	private static void measure(ClassPath build, String server, String heap, int clients, String path, String mode)
			throws IOException, InterruptedException, Launcher.UnavailableException {
		Launcher launcher = Launcher.java(List.of("-Xmx" + heap), build, "StarterServer", server, "defaults",
				"--server.tomcat.accept-count=4096", "--sse.shutdown.reconnect-within=5s");
		try (Program program = Program.server("crowds-server", launcher.prepare())) {
			OrdinaryRequests requests = new OrdinaryRequests(program.httpPort());
			long start = System.nanoTime();
			try (Program crowd = Program.client("crowds-client",
					Launcher.crowd(Integer.toString(program.httpPort()), path, mode))) {
				requests.start();
				crowd.send("come " + clients);
				crowd.await("done");
				// NOTE: the same time for each build, even if it serves nobody any more
				TimeUnit.SECONDS.sleep(SECONDS);
				crowd.send("status");
				long[] gauges = Arrays.stream(crowd.await("done").split(" ")).mapToLong(Long::parseLong).toArray();
				System.out.printf(Locale.ROOT,
						"%s, %s, -Xmx%s, %s: %d of %d served, the last after %.1f s; told to reconnect %d times, "
								+ "status other than 200 %d, failed %d%n",
						build.title(), server, heap, path, gauges[Gauge.SERVED.ordinal()], clients,
						gauges[Gauge.LAST_SERVED_MILLIS.ordinal()] / 1e3, gauges[Gauge.TOLD.ordinal()],
						gauges[Gauge.GAVE_UP.ordinal()], gauges[Gauge.FAILED.ordinal()]);
			}
			finally {
				requests.close();
			}
			long end = start + TimeUnit.SECONDS.toNanos(SECONDS);
			print("persistent connections", requests.times(true, start, end));
			print("new connections", requests.times(false, start, end));
		}
	}

	private static void print(String kind, Times times) {
		System.out.printf(Locale.ROOT, "  ordinary requests, %s: median %.1f ms, slowest %.1f ms, %d of %d failed%n",
				kind, times.percentile(50), times.percentile(100), times.failed(), times.requests());
	}

}
