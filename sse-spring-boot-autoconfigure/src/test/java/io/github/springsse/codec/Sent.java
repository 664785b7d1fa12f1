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

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The input of one frame.
 */
sealed interface Sent {

	byte[] encode();

	static byte[] encode(List<? extends Sent> frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frames.forEach((frame) -> bytes.writeBytes(frame.encode()));
		return bytes.toByteArray();
	}

	record Event(@Nullable String id, @Nullable String name, String data) implements Sent {

		@Override
		public byte[] encode() {
			return EventStreamEncoder.event(this.id, this.name, this.data).toByteArray();
		}

	}

	record Position(String id) implements Sent {

		@Override
		public byte[] encode() {
			return EventStreamEncoder.position(this.id, "cursor").toByteArray();
		}

	}

	record Comment(String text) implements Sent {

		@Override
		public byte[] encode() {
			return EventStreamEncoder.comment(this.text).toByteArray();
		}

	}

	record Retry(Duration delay) implements Sent {

		@Override
		public byte[] encode() {
			return EventStreamEncoder.retry(this.delay).toByteArray();
		}

	}

}
