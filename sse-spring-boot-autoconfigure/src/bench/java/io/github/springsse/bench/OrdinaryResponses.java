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

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures ordinary responses, of 1 KB and of 50 MB, of a server whose connections can be
 * handed over and of one as Spring Boot configures it ({@code sse.transport=async}).
 * {@code -Dbench.program=OrdinaryResponses}, and in {@code -Dbench.options}
 * {@code rounds=}, {@code small=} and {@code large=} (requests of a round).
 */
public final class OrdinaryResponses {

	private OrdinaryResponses() {
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a program cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "rounds=5", "small=20000", "large=40");
		Map<String, Integer> shapes = Map.of("/item", options.integer("small"), "/large", options.integer("large"));
		Results results = new Results();
		Machine.pinThisProgram();
		List<Site> sites = new ArrayList<>();
		try {
			for (String transport : List.of("async", "auto")) {
				sites.add(new Site("Tomcat, sse.transport=" + transport, Program.server("ordinary-" + transport, Launcher
					.java(ClassPath.STARTER, "StarterServer", "tomcat", "--sse.transport=" + transport)
					.prepare())));
			}
			for (int round = -1; round <= options.integer("rounds"); round++) {
				for (Map.Entry<String, Integer> shape : shapes.entrySet()) {
					for (Site site : sites) {
						double micros = site.send(shape.getKey(), shape.getValue());
						if (round > 0) {
							results.add(site.title(), shape.getKey(), round).put(Metric.REQUEST_MICROS, micros);
						}
					}
				}
			}
		}
		finally {
			sites.forEach(Site::close);
		}
		System.out.println(Machine.describe(arguments) + Report.of(results));
	}

	/** A server. */
	private record Site(String title, Program server) implements Closeable {

		/**
		 * Send requests one after the other, by one connection.
		 * @return microseconds of processor time of the server for each
		 */
		double send(String path, int count) throws IOException {
			URI uri = URI.create("http://127.0.0.1:" + this.server.httpPort() + path);
			byte[] buffer = new byte[1 << 16];
			long before = this.server.processorTime().toNanos();
			for (int i = 0; i < count; i++) {
				HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
				try (InputStream body = connection.getInputStream()) {
					while (body.read(buffer) >= 0) {
						// up to the end
					}
				}
			}
			return (this.server.processorTime().toNanos() - before) / 1e3 / count;
		}

		@Override
		public void close() {
			this.server.close();
		}

	}

}
