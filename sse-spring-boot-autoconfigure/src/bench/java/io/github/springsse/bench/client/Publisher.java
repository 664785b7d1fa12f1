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

package io.github.springsse.bench.client;

import java.io.Closeable;
import java.io.IOException;

/**
 * How a server is told to publish.
 */
interface Publisher extends Closeable {

	/**
	 * Have consecutive events published.
	 * @param number the number of the first
	 * @param count how many
	 * @param sent when they were to be published
	 * @param size bytes of the JSON of each
	 * @param target where to
	 */
	void publish(long number, int count, long sent, int size, Target target) throws IOException;

	/**
	 * Ask for the number of open streams.
	 */
	int streams() throws IOException;

	/**
	 * Ask for something else.
	 * @param question what the server may know
	 * @return a number, negative if it does not
	 */
	long ask(String question) throws IOException;

	static Publisher of(String kind, int port) throws IOException {
		return kind.equals("nchan") ? new NchanPublisher(port) : new ControlPublisher(port);
	}

}
