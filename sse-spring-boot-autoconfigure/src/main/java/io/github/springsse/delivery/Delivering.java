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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.springsse.EventId;
import io.github.springsse.TopicPattern;
import io.github.springsse.history.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DeliveryLoop} knows of one of its streams. Every field belongs to the
 * loop; times are by {@link System#nanoTime()}.
 */
final class Delivering {

	final DeliveredStream stream;

	final SendQueue queue;

	final TimingWheel.Timer<Delivering> timer = new TimingWheel.Timer<>(this);

	private final List<Router.Subscription<Delivering>> subscriptions = new ArrayList<>(1);

	@Nullable StreamTransport transport;

	/** Whether the transport takes bytes. */
	boolean ready;

	/** Whether the stream is in the list of those to be written to. */
	boolean dirty;

	/** The one after this in that list. */
	@Nullable Delivering nextPending;

	/** Whether the stream is in the list of those to be given what they have missed. */
	boolean catchingUp;

	/** The one after this in that list. */
	@Nullable Delivering nextCatchingUp;

	/**
	 * Whether events are not queued as they come, but will be taken from the history when
	 * there is room for them.
	 */
	boolean behind;

	/**
	 * Everything up to here is queued, has left, or is known to the client; while behind,
	 * nothing after it is.
	 */
	EventId cursor = EventId.MIN;

	/**
	 * The last event id that the client has when it has got what is queued: it comes back
	 * with it.
	 */
	EventId lastId = EventId.MIN;

	/**
	 * While behind: the last event of each topic that the client was told it will not
	 * get. What is still kept of one topic may be older than what is lost of another, so
	 * that the same loss is met again.
	 */
	Map<String, EventId> gapsTold = Map.of();

	/** Whether the client has not yet got all of what a stream begins with. */
	boolean beginning = true;

	/** Whether the transport looks for the end of the client's input. */
	boolean inputWatched;

	long openedAt;

	/** When the client last took bytes. */
	long lastWrite;

	/** Whether the client was behind when it was last written to. */
	boolean blocked;

	/** When there last was progress towards a client that is behind. */
	long blockedSince;

	/** The reason to close once the queue is empty. */
	@Nullable CloseReason closing;

	/**
	 * While closing: the last event that is to be taken from the history before, if the
	 * stream is behind and is to get everything up to here.
	 */
	@Nullable EventId closingAfter;

	@Nullable Throwable closingCause;

	Delivering(DeliveredStream stream, SendQueue queue) {
		this.stream = stream;
		this.queue = queue;
	}

	/**
	 * Begin with the events after a cursor.
	 */
	void begin(StreamTransport transport, Router<Delivering> router, EventId cursor, long now) {
		this.transport = transport;
		this.queue.setChunked(transport.isChunked());
		this.ready = true;
		this.openedAt = now;
		this.lastWrite = now;
		fallBehind(cursor);
		this.lastId = this.cursor;
		for (TopicPattern pattern : this.stream.getPatterns()) {
			this.subscriptions.add(router.subscribe(pattern, this));
		}
	}

	/**
	 * Whether an event is to be queued that was routed here.
	 */
	boolean isDue(StoredEvent event) {
		return !this.behind && this.stream.isReachable() && event.id().isAfter(this.cursor);
	}

	/**
	 * Queue an event if there is room for it. Whatever happens then, it is not queued
	 * again.
	 */
	boolean queue(StoredEvent event) {
		if (event.leavesOut(this.stream.getId())) {
			return queuePosition(event.id());
		}
		if (!this.queue.offer(event)) {
			return false;
		}
		this.cursor = event.id();
		this.lastId = event.isSilent() ? this.lastId : event.id();
		return true;
	}

	/**
	 * Queue a position in place of events that the client does not get, so that it does
	 * not come back for them.
	 */
	private boolean queuePosition(EventId id) {
		if (!this.stream.isDataOnly()) {
			if (!this.queue.offer(new PositionFrame(this.stream.format(id)))) {
				return false;
			}
			this.lastId = id;
		}
		this.cursor = id;
		return true;
	}

	/**
	 * Queue a position after gaps that were told, unless the client has an id by which it
	 * does not come back for them.
	 */
	boolean queuePositionAfterGaps() {
		boolean needed = this.gapsTold.values().stream().anyMatch((lost) -> lost.isAfter(this.lastId));
		return !needed || queuePosition(this.cursor);
	}

	/**
	 * Queue no more events as they come; those after a position are taken from the
	 * history. A client may have seen more than that, by a stream of another node.
	 */
	void fallBehind(EventId after) {
		this.behind = true;
		this.cursor = after.isAfter(this.cursor) ? after : this.cursor;
	}

	void unsubscribe(Router<Delivering> router) {
		this.subscriptions.forEach(router::unsubscribe);
		this.subscriptions.clear();
	}

	/**
	 * Whether events are to be taken from the history.
	 */
	boolean isCatchingUp() {
		return this.behind && (this.closing == null || this.closingAfter != null);
	}

	/**
	 * Whether the client has everything that there is for it.
	 */
	boolean isUpToDate() {
		return this.ready && this.queue.isEmpty() && !this.behind;
	}

}
