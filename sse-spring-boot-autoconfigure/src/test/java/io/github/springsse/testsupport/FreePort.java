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

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that have to be told theirs. They are below those that the operating
 * system gives to connections, and each of the processes that run tests at the same time
 * has its own, so that nobody takes one before its server does.
 */
public final class FreePort {

	private static final int COUNT = 2000;

	private static final int FIRST = 10_000 + Integer.getInteger("sse.test.fork", 0) % 5 * COUNT;

	/** Not the same for another build on this machine. */
	private static final AtomicInteger next = new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % COUNT));

	private FreePort() {
	}

	/**
	 * Return a port that nobody uses, nor the one that is 10000 greater, which a Redis of
	 * a cluster uses as well.
	 * @return the port
	 */
	public static int next() {
		while (true) {
			int port = FIRST + next.getAndIncrement() % COUNT;
			if (isFree(port) && isFree(port + 10_000)) {
				return port;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
