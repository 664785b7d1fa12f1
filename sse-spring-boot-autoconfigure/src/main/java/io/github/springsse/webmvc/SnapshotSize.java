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

import io.github.springsse.codec.FrameMemory;

import org.springframework.util.unit.DataSize;

/**
 * Measures and limits one snapshot while it is written. Used by the writing thread only.
 */
final class SnapshotSize {

	private final long most;

	private final FrameMemory memory;

	private final String source;

	/** Bytes of the events written so far. */
	private long written;

	/**
	 * Create an instance for a snapshot that is about to be written.
	 * @param most the maximum number of bytes
	 * @param memory accounts for the memory of all snapshots
	 * @param source the source of the snapshot, for messages
	 */
	SnapshotSize(long most, FrameMemory memory, Object source) {
		this.most = most;
		this.memory = memory;
		this.source = source.toString();
	}

	/**
	 * Begin the next event.
	 * @return to be notified of the memory of the frame; throws an exception if the
	 * snapshot becomes too large
	 */
	FrameMemory nextEvent() {
		return new Event(this.written);
	}

	/**
	 * The memory of one event.
	 */
	private final class Event implements FrameMemory {

		private final long before;

		private Event(long before) {
			this.before = before;
		}

		@Override
		public void allocating(int bytes) {
			SnapshotSize.this.memory.allocating(bytes);
		}

		@Override
		public void growing(long size) {
			SnapshotSize.this.written = this.before + size;
			if (SnapshotSize.this.written > SnapshotSize.this.most) {
				throw new SnapshotTooLargeException(
						SnapshotSize.this.source + ", more than " + DataSize.ofBytes(SnapshotSize.this.most));
			}
		}

	}

}
