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

package io.github.springsse.clients;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client at a server, with a line between them that can be cut.
 */
final class Visit implements AutoCloseable {

	/** The end of a block that has an id. */
	private static final Pattern POSITION = Pattern.compile("^id: \\S+\n(?:[^\n]+\n)*\n", Pattern.MULTILINE);

	/** Clients have to start, and some wait longer and longer before they come back. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ForeignClient client;

	private final TcpProxy proxy;

	private final Witness witness = new Witness();

	private final StringBuffer given = new StringBuffer();

	/** Where that begins which the client has been given since the line was cut. */
	private volatile int cut;

	private Visit(ForeignClient client, TcpProxy proxy) {
		this.client = client;
		this.proxy = proxy;
		proxy.watch(this.given::append);
	}

	/**
	 * Have a client connect to a server.
	 * @param kind the client
	 * @param server the server
	 * @param path the path of the stream
	 * @return the visit
	 */
	static Visit begin(ClientKind kind, TestServer server, String path) {
		Visit result = new Visit(kind.create(), new TcpProxy(server.port()));
		try {
			result.client.open(URI.create("http://localhost:" + result.proxy.port() + path), result.witness);
			return result;
		}
		catch (RuntimeException ex) {
			result.close();
			throw ex;
		}
	}

	Witness witness() {
		return this.witness;
	}

	/**
	 * Wait until the client has been given a place to come back to.
	 */
	void awaitPosition() {
		awaitGiven(POSITION);
	}

	/**
	 * Wait until the client has been given something, which it reads before it notices
	 * that the line is cut.
	 * @param pattern what
	 */
	void awaitGiven(Pattern pattern) {
		Awaitility.await(pattern.pattern())
			.untilAsserted(
					() -> assertThat(this.given.substring(this.cut)).as(this::toString).containsPattern(pattern));
	}

	/**
	 * Begin to wait for a condition.
	 * @return what takes the condition
	 */
	static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE);
	}

	/**
	 * Cut the line.
	 */
	void cut() {
		this.proxy.cut();
		this.cut = this.given.length();
	}

	/**
	 * Let the client through again, to the same server or to another.
	 * @param server the server
	 */
	void leadTo(TestServer server) {
		this.proxy.leadTo(server.port());
	}

	/**
	 * Say what came over the line, and what the user of the client was told.
	 */
	@Override
	public String toString() {
		return "%s%n%s%n%s".formatted(this.client.getClass().getSimpleName(), this.given, this.witness);
	}

	@Override
	public void close() {
		try (this.proxy) {
			this.client.close();
		}
	}

}
