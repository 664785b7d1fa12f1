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

package io.github.springsse.webmvc.transport;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * How the operating system asks a client that is sent nothing whether it is still there.
 * It does so once the client was silent for longer than heartbeats let it, so that they
 * cost nothing while there are any, and gives up after the time that a client may take
 * for an answer to what it is sent.
 *
 * @param idle seconds of silence until it is asked
 * @param interval seconds until it is asked again
 * @param count how often it is asked
 */
record Keepalive(int idle, int interval, int count) {

	private static final int MAX_SECONDS = 32767;

	private static final int COUNT = 6;

	/**
	 * Choose the times.
	 * @param heartbeatInterval the longest time until something is sent to a client,
	 * {@code null} if there is no such time
	 * @param longestSilence the longest time for which a client need not answer
	 */
	static Keepalive of(@Nullable Duration heartbeatInterval, Duration longestSilence) {
		int idle = seconds((heartbeatInterval != null) ? heartbeatInterval : longestSilence);
		int patience = seconds(longestSilence);
		int interval = (patience + COUNT - 1) / COUNT;
		return new Keepalive(idle, interval, (patience + interval - 1) / interval);
	}

	/**
	 * NOTE: not below a second, nor above what Linux takes.
	 */
	private static int seconds(Duration duration) {
		long seconds = (duration.toMillis() + 999) / 1000;
		return (int) Math.max(1, Math.min(MAX_SECONDS, seconds));
	}

	/**
	 * Have a client asked. Where times cannot be set, it is after those of the system.
	 */
	void apply(SocketChannel channel) {
		set(channel, StandardSocketOptions.SO_KEEPALIVE, true);
		set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, this.idle);
		set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, this.interval);
		set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, this.count);
	}

	private static <T> void set(SocketChannel channel, SocketOption<T> option, T value) {
		try {
			channel.setOption(option, value);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// it has gone, as will be found, or is of a kind without
		}
	}

}
