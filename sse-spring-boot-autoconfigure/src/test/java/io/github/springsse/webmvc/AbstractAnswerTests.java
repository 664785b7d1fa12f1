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

import io.github.springsse.Topic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.webmvc.AnswerApplication.Answer;
import org.junit.jupiter.api.AfterAll;

/**
 * Tests for requests to an {@link AnswerApplication}, each for an answer of its own.
 */
abstract class AbstractAnswerTests {

	static final TestServers servers = new TestServers(AnswerApplication.class);

	final String id = "id" + System.nanoTime();

	final Answer answer = AnswerApplication.answer(this.id);

	@AfterAll
	static void stop() {
		servers.close();
	}

	static TestServer server() {
		return servers.get(ServerKind.TOMCAT_HANDOFF);
	}

	Topic topic() {
		return Topic.of("answers/" + this.id);
	}

	EventStreamClient get(String path, String... headers) {
		return get(server(), path, headers);
	}

	EventStreamClient get(TestServer server, String path, String... headers) {
		return EventStreamClient.open(server.uri(path + this.id), headers);
	}

}
