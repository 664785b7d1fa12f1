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
import java.util.ArrayList;
import java.util.List;

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.SelfSignedCertificate;

/**
 * Measures compressed streams: the bytes that clients receive, the processor time of the
 * server, and the memory of idle streams, by shapes of {@link Benchmark}; and then the
 * memory of idle streams with TLS. {@code -Dbench.program=Compression}, and
 * {@code -Dbench.options} with options of {@link Benchmark}, and {@code tls=} streams.
 */
public final class Compression {

	private static final int FIRST_STREAMS = 300;

	private static final int EVENTS = 10;

	private Compression() {
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a server cannot be started, or does not deliver
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "servers=handoff,compressed,tomcat-gzip,nchan-gzip",
				"shapes=loans,branches,reviews,idle", "rounds=5", "discard=1", "time=1", "scale=1", "warm-up=300000",
				"tls=600");
		Machine.pinThisProgram();
		if (options.get("rounds") > 0) {
			Benchmark.run(options, Machine.describe(arguments));
		}
		Results results = new Results();
		int streams = options.integer("tls");
		for (Server server : List.of(Server.HANDOFF, Server.COMPRESSED)) {
			if (streams > 0) {
				measure(server, streams, results.add(server.title(), streams + " idle streams with TLS", 1));
			}
		}
		System.out.println(Report.of(results));
	}

	/** Measure the live heap of a stream that has received some events. */
	private static void measure(Server server, int streams, Measurement measurement)
			throws IOException, Launcher.UnavailableException {
		SelfSignedCertificate certificate = new SelfSignedCertificate(Files.createTempDirectory("bench-tls"));
		List<String> command = new ArrayList<>(server.launcher().prepare());
		for (String property : certificate.properties()) {
			command.add("--" + property);
		}
		List<RawStreamClient> clients = new ArrayList<>();
		try (Program program = Program.server("tls", command);
				Publisher publisher = new Publisher(program.controlPort(), false)) {
			// NOTE: the first streams stay open, since Tomcat keeps the buffers of
			// connections that are closed, and others would use them
			long before = 0;
			while (clients.size() < FIRST_STREAMS + streams) {
				if (clients.size() == FIRST_STREAMS) {
					before = heap(program, publisher, clients.size());
				}
				RawStreamClient client = RawStreamClient.send(certificate.connect(program.httpPort(), 0),
						RawStreamClient.get("/events", "Accept-Encoding: gzip"));
				clients.add(client.readHead());
				if (client.header("Content-Encoding").equals("gzip") != server.isCompressed()) {
					throw new IOException("Unexpected response: " + client.head());
				}
			}
			long after = heap(program, publisher, clients.size());
			measurement.put(Metric.HEAP_KB, (after - before) / 1024.0 / streams);
		}
		// NOTE: not before the server has ended, because a socket of TLS waits for its
		// answer when it is closed
		clients.forEach(RawStreamClient::close);
	}

	private static long heap(Program program, Publisher publisher, int streams) throws IOException {
		LibraryEvents events = new LibraryEvents(LibraryEvents.Kind.LOAN);
		publisher.awaitStreams(streams, Publisher.Work.NONE);
		for (int i = 0; i < EVENTS; i++) {
			publisher.publish(i, events.next(i));
		}
		program.awaitIdle();
		return publisher.ask("heap");
	}

}
