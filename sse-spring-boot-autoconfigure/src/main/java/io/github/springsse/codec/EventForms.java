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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The compressed forms of an event, each made when the first stream needs it: one that
 * stands alone, and one that refers back to the events just before it in its topic, which
 * is much smaller if they resemble each other. The second is for streams that got exactly
 * these events last, and is forgotten once the event is delivered. Thread-safe.
 * <p>
 * Events of another topic are never referred to: the size of an event would otherwise
 * tell what another topic has in common with it.
 */
public final class EventForms {

	/** What the forms of an event cost on the heap beside their bytes. */
	public static final int OVERHEAD = 80;

	private final Object id;

	private final Frame event;

	/** The id of the event just before it, {@code null} if there is none. */
	private final @Nullable Object previous;

	private final FrameCompressor compressor;

	/** {@code null} once the event is delivered. */
	private volatile @Nullable List<Frame> before;

	private volatile @Nullable CompressedFrame alone;

	private volatile @Nullable CompressedFrame following;

	/**
	 * Create the forms of an event.
	 * @param id the id of the event, which streams keep instead of the event
	 * @param event the event
	 * @param previous the id of the event just before it, {@code null} if it refers back
	 * to none
	 * @param before the events of the topic just before it, the oldest first, perhaps
	 * none
	 * @param compressor compresses the event
	 */
	public EventForms(Object id, Frame event, @Nullable Object previous, List<Frame> before,
			FrameCompressor compressor) {
		this.id = id;
		this.previous = previous;
		this.event = event;
		this.before = before;
		this.compressor = compressor;
	}

	/**
	 * Return the id of the event.
	 * @return the id
	 */
	public Object id() {
		return this.id;
	}

	/**
	 * Return the form for a stream.
	 * @param last the id of the last event that the stream received, {@code null} if it
	 * received something else since then
	 * @param run how many events of one topic it received last, one directly after the
	 * other
	 * @return the form
	 */
	public CompressedFrame form(@Nullable Object last, int run) {
		List<Frame> before = this.before;
		if (before != null && run >= before.size() && isAfter(last)) {
			return following(before);
		}
		return alone();
	}

	/**
	 * Whether this event is the next one of its topic after another one. Known until the
	 * event is delivered.
	 * @param last the id of the other event, {@code null} if there is none
	 * @return whether it is
	 */
	public boolean follows(@Nullable Object last) {
		return this.before != null && isAfter(last);
	}

	private boolean isAfter(@Nullable Object last) {
		return this.previous != null && this.previous.equals(last);
	}

	private CompressedFrame following(List<Frame> before) {
		CompressedFrame result = this.following;
		if (result == null) {
			result = this.compressor.compress(this.event, before);
			this.following = result;
			if (this.before == null) {
				// NOTE: it was delivered meanwhile, and nobody would forget this
				this.following = null;
			}
		}
		return result;
	}

	private CompressedFrame alone() {
		CompressedFrame result = this.alone;
		if (result == null) {
			result = this.compressor.compress(this.event);
			this.alone = result;
		}
		return result;
	}

	/**
	 * Forget what refers back. Streams that get the event later get the form that stands
	 * alone.
	 */
	public void delivered() {
		this.before = null;
		this.following = null;
	}

}
