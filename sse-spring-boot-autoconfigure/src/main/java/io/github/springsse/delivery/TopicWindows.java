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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.springsse.Topic;
import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameCompressor;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.log.EventId;

/**
 * The last events of the topics that were published to most recently, which the next
 * event of a topic may refer back to when it is compressed. Owned by the thread of the
 * log.
 */
final class TopicWindows {

	/** How many events an event refers back to. */
	private static final int EVENTS = 8;

	private static final int MAX_TOPICS = 1000;

	private static final long MAX_BYTES = 8L << 20;

	private final Compression compression;

	/** The topic that was published to least recently is the first. */
	private final Map<Topic, Window> windows = new LinkedHashMap<>();

	private long bytes;

	/**
	 * Create an instance without windows.
	 * @param compression compresses events
	 */
	TopicWindows(Compression compression) {
		this.compression = compression;
	}

	/**
	 * Whether the events of a topic are compressed.
	 */
	boolean isCompressed(Topic topic) {
		return this.compression.includes(topic);
	}

	/**
	 * Create the forms of the next event of a topic.
	 */
	EventForms forms(EventId id, Topic topic, Frame event) {
		Window window = this.windows.get(topic);
		StoredEvent previous = (window != null) ? window.events.peekLast() : null;
		if (window == null || previous == null) {
			return formsAlone(id, event);
		}
		return this.compression.newForms(id, event, previous.id(), new ArrayList<>(window.events));
	}

	/**
	 * Create the forms of an event that refers back to none.
	 */
	EventForms formsAlone(EventId id, Frame event) {
		return this.compression.newForms(id, event, null, List.of());
	}

	/**
	 * Note that an event was published.
	 */
	void add(StoredEvent event) {
		Window window = this.windows.remove(event.topic());
		if (window == null) {
			window = new Window();
		}
		this.windows.put(event.topic(), window);
		this.bytes -= window.bytes;
		window.add(event);
		this.bytes += window.bytes;
		Iterator<Window> leastRecent = this.windows.values().iterator();
		while (this.windows.size() > MAX_TOPICS || (this.bytes > MAX_BYTES && this.windows.size() > 1)) {
			this.bytes -= leastRecent.next().bytes;
			leastRecent.remove();
		}
	}

	/**
	 * Forget all events: the next ones do not follow them.
	 */
	void clear() {
		this.windows.clear();
		this.bytes = 0;
	}

	private static final class Window {

		private final Deque<StoredEvent> events = new ArrayDeque<>(EVENTS);

		private int bytes;

		private void add(StoredEvent event) {
			if (event.size() > FrameCompressor.MAX_WINDOW) {
				this.events.clear();
				this.bytes = 0;
				return;
			}
			this.events.add(event);
			this.bytes += event.size();
			while (this.events.size() > EVENTS || this.bytes > FrameCompressor.MAX_WINDOW) {
				this.bytes -= this.events.removeFirst().size();
			}
		}

	}

}
