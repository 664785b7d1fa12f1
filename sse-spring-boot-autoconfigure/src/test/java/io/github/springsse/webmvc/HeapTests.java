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

package io.github.springsse.webmvc;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What thousands of closed streams leave on the heap, seen by the histogram of the
 * virtual machine.
 */
@Tag("long")
class HeapTests {

	private static final int AT_A_TIME = 300;

	private static final int TIMES = 3;

	/** Of 900 streams; threads keep something each, and there are up to 200 of them. */
	private static final int FEW = 250;

	@ParameterizedTest
	@EnumSource
	void nothingIsLeftOfClosedStreams(ServerKind kind) throws JMException {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.heartbeat.interval=200ms",
				"sse.replay.events-per-topic=1", "sse.replay.max-topics=1")) {
			openAndClose(server, 1);
			Map<String, Integer> before = instances();
			openAndClose(server, TIMES);
			Map<String, Integer> after = instances();
			assertThat(after).containsKey("io.github.springsse.delivery.Delivery");
			assertThat(after.entrySet())
				.filteredOn((entry) -> isOfStreams(entry.getKey())
						&& entry.getValue() - before.getOrDefault(entry.getKey(), 0) > FEW)
				.isEmpty();
		}
	}

	/**
	 * Every third is closed by the server, the others by their clients.
	 */
	private static void openAndClose(TestServer server, int times) {
		for (int i = 0; i < times; i++) {
			List<RawStreamClient> clients = IntStream.range(0, AT_A_TIME)
				.mapToObj((number) -> RawStreamClient.open(server.port(), "/feeds/" + number))
				.toList();
			Awaitility.await().until(() -> server.registry().count() == AT_A_TIME);
			for (int number = 0; number < AT_A_TIME; number++) {
				server.sse().publish("feeds/" + number, "event");
				switch (number % 3) {
					case 0 -> {
						server.registry().disconnectTopic("feeds/" + number);
						clients.get(number).awaitEnd();
						clients.get(number).close();
					}
					case 1 -> clients.get(number).leave(Leaving.CLOSE);
					default -> clients.get(number).leave(Leaving.RESET);
				}
			}
			Awaitility.await().until(() -> server.registry().count() == 0);
		}
	}

	private static boolean isOfStreams(String name) {
		return name.startsWith("io.github.springsse.") || name.startsWith("org.apache.coyote.")
				|| name.startsWith("org.apache.tomcat.util.net.") || name.startsWith("org.apache.catalina.")
				|| name.startsWith("org.eclipse.jetty.") || name.startsWith("sun.nio.ch.");
	}

	/**
	 * Instances that are still in use, by class.
	 */
	private static Map<String, Integer> instances() throws JMException {
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		String histogram = (String) server.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
				"gcClassHistogram", new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return histogram.lines()
			.map((line) -> line.trim().split("\\s+"))
			.filter((columns) -> columns.length >= 4 && columns[0].endsWith(":"))
			.collect(
					Collectors.toMap((columns) -> columns[3], (columns) -> Integer.parseInt(columns[1]), Integer::sum));
	}

	@RestController
	static class Controller {

		@GetMapping("/feeds/{number}")
		@SseTopic("feeds/{number}")
		void feed(@PathVariable int number) {
		}

	}

}
