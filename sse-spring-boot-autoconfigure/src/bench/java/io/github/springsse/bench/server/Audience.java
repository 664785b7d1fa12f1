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

package io.github.springsse.bench.server;

/**
 * The streams of a server.
 */
interface Audience {

	/**
	 * Send a tick to all streams.
	 */
	default void publish(Tick tick) {
		throw new UnsupportedOperationException("This server has no ticks");
	}

	/**
	 * Send a tick to the streams of a topic.
	 */
	default void publish(String topic, Tick tick) {
		throw new UnsupportedOperationException("This server has no topics");
	}

	/**
	 * Send a tick of which the data is given to all streams.
	 */
	default void publish(String data) {
		throw new UnsupportedOperationException("This server has no ticks with given data");
	}

	/**
	 * Return the number of open streams.
	 */
	int count();

	/**
	 * Return the bytes of waiting events that the settings allow, or -1 if they set no
	 * bound.
	 */
	default long bound() {
		return -1;
	}

	/**
	 * The data of an event. Its JSON has the fields in this order.
	 *
	 * @param number counts the events of a server
	 * @param sent when it was due, by the clock of the client
	 * @param text makes the event as long as requested
	 */
	record Tick(long number, long sent, String text) {

	}

}
