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

package io.github.springsse.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Moves bytes from queues to transports, many frames in one write. Owned by one thread,
 * whose streams share its buffer.
 */
final class StreamWriter {

	/**
	 * Bytes of one write at the most. A transport that keeps buffers takes all at once:
	 * more of them, and a client that reads slowly would seem not to read at all.
	 */
	private static final int PIECE = 64 * 1024;

	private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

	/**
	 * Write what is waiting for a stream, as far as its transport takes it.
	 * @return the number of events that have left
	 * @throws IOException if the client cannot be reached any more
	 */
	int write(Delivering delivering, StreamTransport transport, long now) throws IOException {
		SendQueue queue = delivering.queue;
		int events = 0;
		boolean progress = false;
		while (delivering.ready && !queue.isEmpty()) {
			ByteBuffer bytes = transport.keepsBuffers() ? ownBuffer(queue) : sharedBuffer(queue);
			int offered = bytes.remaining();
			delivering.ready = transport.write(bytes);
			int taken = offered - bytes.remaining();
			if (taken > 0) {
				events += queue.take(taken);
				progress = true;
			}
		}
		if (progress) {
			delivering.lastWrite = now;
		}
		if (!delivering.ready && (progress || !delivering.blocked)) {
			delivering.blockedSince = now;
		}
		delivering.blocked = !delivering.ready;
		return events;
	}

	private ByteBuffer sharedBuffer(SendQueue queue) {
		queue.copyTo(this.piece.clear());
		return this.piece.flip();
	}

	private static ByteBuffer ownBuffer(SendQueue queue) {
		if (queue.size() == 1) {
			ByteBuffer first = queue.first();
			return (first.remaining() > PIECE) ? first.limit(first.position() + PIECE) : first;
		}
		ByteBuffer own = ByteBuffer.allocate((int) Math.min(PIECE, queue.bytes()));
		queue.copyTo(own);
		return own.flip();
	}

}
