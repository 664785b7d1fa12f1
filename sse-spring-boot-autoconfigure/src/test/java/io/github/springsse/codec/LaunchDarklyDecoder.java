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

package io.github.springsse.codec;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

import com.launchdarkly.eventsource.CommentEvent;
import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import com.launchdarkly.eventsource.StreamEvent;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.logging.LDLogger;

/**
 * Reads a stream with LaunchDarkly's {@code okhttp-eventsource}, without a socket. It
 * differs from the WHATWG specification in these points:
 * <ul>
 * <li>a byte order mark at the start of the stream is not removed;</li>
 * <li>an empty {@code event} field results in the type {@code ""} instead of
 * {@code message};</li>
 * <li>an id without data is reported only with the next event: until then, the client
 * would reconnect with the previous one.</li>
 * </ul>
 */
final class LaunchDarklyDecoder {

	private static final URI ORIGIN = URI.create("http://localhost/stream");

	private LaunchDarklyDecoder() {
	}

	/**
	 * Decode a whole stream.
	 * @param stream the bytes
	 * @param pieces gives the number of bytes of the next read, at most its argument
	 * @return the events and comments
	 */
	static Decoded decode(byte[] stream, IntUnaryOperator pieces) {
		List<Received.Event> events = new ArrayList<>();
		List<String> comments = new ArrayList<>();
		try (EventSource source = new EventSource.Builder(new BytesConnectStrategy(stream, pieces)).build()) {
			try {
				while (true) {
					StreamEvent event = source.readAnyEvent();
					if (event instanceof MessageEvent message) {
						String id = message.getLastEventId();
						events
							.add(new Received.Event(message.getEventName(), message.getData(), (id != null) ? id : ""));
					}
					else if (event instanceof CommentEvent comment) {
						comments.add(comment.getText());
					}
				}
			}
			catch (StreamClosedByServerException ex) {
				return new Decoded(events, comments, source.getBaseRetryDelayMillis());
			}
			catch (StreamException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	record Decoded(List<Received.Event> events, List<String> comments, long retry) {

	}

	private static final class BytesConnectStrategy extends ConnectStrategy {

		private final InputStream stream;

		BytesConnectStrategy(byte[] stream, IntUnaryOperator pieces) {
			this.stream = new ByteArrayInputStream(stream) {

				@Override
				public int read(byte[] target, int offset, int length) {
					return super.read(target, offset, pieces.applyAsInt(length));
				}

			};
		}

		@Override
		public Client createClient(LDLogger logger) {
			return new Client() {

				@Override
				public Result connect(String lastEventId) {
					return new Result(BytesConnectStrategy.this.stream, ORIGIN, () -> {
					});
				}

				@Override
				public boolean awaitClosed(long timeoutMillis) {
					return true;
				}

				@Override
				public URI getOrigin() {
					return ORIGIN;
				}

				@Override
				public void close() {
				}

			};
		}

	}

}
