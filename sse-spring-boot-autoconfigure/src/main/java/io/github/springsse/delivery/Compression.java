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

import java.util.List;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.CompressedFrame;
import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameCompressor;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Compresses events once for all streams, and other frames where they are sent.
 * Thread-safe.
 */
final class Compression {

	/** Larger frames of one stream are not compressed by the thread of a loop. */
	private static final int MAX_BY_LOOP = 16 * 1024;

	private final FrameCompressor compressor;

	private final List<TopicPattern> excluded;

	Compression(CompressionSettings settings) {
		this.compressor = new FrameCompressor(settings.level(), settings.minSize());
		this.excluded = settings.excluded();
	}

	/**
	 * Whether the events of a topic are compressed.
	 */
	boolean includes(Topic topic) {
		return this.excluded.stream().noneMatch((pattern) -> pattern.matches(topic));
	}

	/**
	 * Create the forms of an event.
	 * @param previous the event of its topic just before it, {@code null} if it refers
	 * back to none
	 * @param before that event and the ones before it, the oldest first
	 */
	EventForms newForms(EventId id, Frame event, @Nullable EventId previous, List<Frame> before) {
		return new EventForms(id, event, previous, before, this.compressor);
	}

	/**
	 * Return the forms of an event, {@code null} if its topic is not compressed.
	 */
	@Nullable EventForms forms(StoredEvent event) {
		EventForms result = event.forms();
		if (result == null && includes(event.topic())) {
			result = newForms(event.id(), event, null, List.of());
			event.setForms(result);
		}
		return result;
	}

	/**
	 * Compress a frame of one stream, by the thread that sends it, if it is large.
	 */
	Frame compressIfLarge(Frame frame) {
		return (frame.size() > MAX_BY_LOOP && !isFinal(frame)) ? this.compressor.compress(frame) : frame;
	}

	/**
	 * Compress a frame of any size that several streams receive, once for all of them.
	 */
	Frame compressShared(Frame frame) {
		return isFinal(frame) ? frame : this.compressor.compress(frame);
	}

	/**
	 * Whether a frame is compressed already, or has forms that all streams share.
	 */
	private static boolean isFinal(Frame frame) {
		return frame instanceof StoredEvent || frame instanceof CompressedFrame;
	}

	/**
	 * Return the form of a frame that only one stream gets, by the thread of the loop.
	 */
	CompressedFrame compress(Frame frame) {
		if (frame instanceof CompressedFrame compressed) {
			return compressed;
		}
		return (frame.size() > MAX_BY_LOOP || frame instanceof StoredEvent) ? FrameCompressor.store(frame)
				: this.compressor.compress(frame);
	}

}
