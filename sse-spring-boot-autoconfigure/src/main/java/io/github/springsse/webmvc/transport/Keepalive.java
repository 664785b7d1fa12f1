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
 * The TCP keepalive settings, by which the operating system probes a client that receives
 * no data. The first probe is sent when nothing was sent for longer than the heartbeat
 * interval, so that probes cost nothing while there are heartbeats. The operating system
 * gives up after the time within which a client must acknowledge data.
 *
 * @param idle the seconds of silence before the first probe
 * @param interval the seconds between probes
 * @param count the number of probes
 */
record Keepalive(int idle, int interval, int count) {

	private static final int MAX_SECONDS = 32767;

	private static final int COUNT = 6;

	/**
	 * Create the settings.
	 * @param heartbeatInterval the longest time without data to a client, {@code null} if
	 * unlimited
	 * @param longestSilence the time within which a client must acknowledge data
	 */
	static Keepalive of(@Nullable Duration heartbeatInterval, Duration longestSilence) {
		int idle = seconds((heartbeatInterval != null) ? heartbeatInterval : longestSilence);
		int patience = seconds(longestSilence);
		int interval = (patience + COUNT - 1) / COUNT;
		return new Keepalive(idle, interval, (patience + interval - 1) / interval);
	}

	/**
	 * NOTE: at least a second, and at most the maximum of Linux.
	 */
	private static int seconds(Duration duration) {
		long seconds = (duration.toMillis() + 999) / 1000;
		return (int) Math.max(1, Math.min(MAX_SECONDS, seconds));
	}

	/**
	 * Enable keepalive for a socket. Times that cannot be set keep the values of the
	 * operating system.
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
			// the socket is closed, which will be detected, or does not support the
			// option
		}
	}

}
