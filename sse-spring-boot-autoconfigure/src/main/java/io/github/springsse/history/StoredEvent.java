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

package io.github.springsse.history;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.Topic;
import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log as this node holds it: the frame that every stream gets, and where
 * it belongs. Its places in rings belong to {@link TopicHistories}; beside them only the
 * number of loops that have yet to write it changes, and whether a stream was subscribed.
 */
public final class StoredEvent extends Frame {

	private static final AtomicIntegerFieldUpdater<StoredEvent> LOOPS = AtomicIntegerFieldUpdater
		.newUpdater(StoredEvent.class, "loops");

	/**
	 * The object and its id, the array but for its bytes, and its slots in two rings,
	 * which are two thirds full.
	 */
	private static final int OBJECTS = 80 + 32 + 28 + 12;

	private final EventId id;

	private final Topic topic;

	private final @Nullable String key;

	private final @Nullable String exceptStream;

	private final LogEntry.Kind kind;

	private final boolean cut;

	private final boolean interrupted;

	/** What it costs beside its bytes. */
	private final int overhead;

	private final OverflowPolicy overflow;

	private final long arrivedAt;

	/** Loops that have not yet written it to their streams. */
	private volatile int loops;

	/** Whether a stream was subscribed. Written by loops before they leave. */
	private boolean heard;

	/** Its place in the ring of its topic. */
	private long position;

	/** Its place in the ring of all topics. */
	private long positionInAll;

	/** Its compressed forms, once it is known that there may be some. */
	private @Nullable EventForms forms;

	/** What keeps it. */
	@Nullable TopicHistory history;

	/**
	 * Create an event. Of the entry, its data is not kept: the bytes have it. Its key is
	 * kept where the history has the newest event of each.
	 * @param id the id
	 * @param topic the topic, the same object for all events of a topic
	 * @param entry the entry of the log
	 * @param frame the encoded event
	 * @param overflow what happens when a client does not keep up with its topic
	 * @param arrivedAt when it reached this node, by {@link System#nanoTime()}
	 */
	public StoredEvent(EventId id, Topic topic, LogEntry entry, Frame frame, OverflowPolicy overflow, long arrivedAt) {
		this(id, topic, entry, frame, null, overflow, arrivedAt);
	}

	/**
	 * Create an event that may be compressed.
	 * @param id the id
	 * @param topic the topic, the same object for all events of a topic
	 * @param entry the entry of the log
	 * @param frame the encoded event
	 * @param forms its compressed forms, {@code null} if it is not compressed
	 * @param overflow what happens when a client does not keep up with its topic
	 * @param arrivedAt when it reached this node, by {@link System#nanoTime()}
	 */
	StoredEvent(EventId id, Topic topic, LogEntry entry, Frame frame, @Nullable EventForms forms,
			OverflowPolicy overflow, long arrivedAt) {
		super(frame);
		this.forms = forms;
		this.id = id;
		this.topic = topic;
		this.key = (overflow == OverflowPolicy.LATEST) ? entry.key() : null;
		this.exceptStream = entry.exceptStream();
		this.kind = entry.kind();
		this.cut = entry.isCut();
		this.interrupted = entry.isInterrupted();
		this.overflow = overflow;
		this.arrivedAt = arrivedAt;
		int compressed = (forms != null) ? EventForms.OVERHEAD + frame.size() : 0;
		this.overhead = OBJECTS + HeapSize.of(this.key) + HeapSize.of(this.exceptStream) + compressed;
	}

	long position(boolean inAll) {
		return inAll ? this.positionInAll : this.position;
	}

	void setPosition(boolean inAll, long position) {
		if (inAll) {
			this.positionInAll = position;
		}
		else {
			this.position = position;
		}
	}

	/**
	 * Return the id.
	 * @return the id
	 */
	public EventId id() {
		return this.id;
	}

	/**
	 * Return the topic.
	 * @return the topic
	 */
	public Topic topic() {
		return this.topic;
	}

	/**
	 * Return the compressed forms of this event.
	 * @return the forms, {@code null} if it has none yet
	 */
	public @Nullable EventForms forms() {
		return this.forms;
	}

	/**
	 * Set the compressed forms of an event that has none. Where threads set them at the
	 * same time, each has forms that are right.
	 * @param forms the forms
	 */
	public void setForms(EventForms forms) {
		this.forms = forms;
	}

	/**
	 * Return what this event costs on the heap, roughly.
	 * @return the bytes, with those of its frame
	 */
	public long cost() {
		return (long) size() + this.overhead;
	}

	/**
	 * Return the key, by which an event takes the place of an older one.
	 * @return the key, empty if there is none
	 */
	String keyOrEmpty() {
		return (this.key != null) ? this.key : "";
	}

	/**
	 * Tell whether this is the end of the topic, not an event.
	 * @return whether it is the end
	 */
	public boolean isEnd() {
		return this.kind == LogEntry.Kind.END;
	}

	/**
	 * Tell whether responses are cut after this, which is the end of the topic.
	 * @return whether they are cut
	 */
	public boolean isCut() {
		return this.cut;
	}

	/**
	 * Tell whether this is the end of the topic, and its source was interrupted and may
	 * be started again.
	 */
	boolean isInterrupted() {
		return this.interrupted;
	}

	/**
	 * Tell whether this is the beginning of the elements of a source, not an event.
	 * @return whether it is the beginning
	 */
	public boolean isBegin() {
		return this.kind == LogEntry.Kind.BEGIN;
	}

	/**
	 * Tell whether this is a piece of a text.
	 */
	boolean isPiece() {
		return this.kind == LogEntry.Kind.PIECE;
	}

	/**
	 * Tell whether clients get nothing of this: it is a beginning or an end.
	 * @return whether it is no event
	 */
	public boolean isSilent() {
		return isBegin() || isEnd();
	}

	/**
	 * Tell whether a stream that is subscribed to the topic is not to get this event.
	 * @param streamId the id of the stream
	 * @return whether it is left out
	 */
	public boolean leavesOut(String streamId) {
		return streamId.equals(this.exceptStream);
	}

	/**
	 * Return what happens when a client does not keep up with the topic.
	 * @return the policy
	 */
	public OverflowPolicy overflow() {
		return this.overflow;
	}

	/**
	 * Note that this event is handed to delivery loops.
	 * @param count how many
	 */
	public void enterLoops(int count) {
		this.loops = count;
	}

	/**
	 * Note that a loop has written this event to all its streams that were ready for it.
	 * @return whether it was the last one
	 */
	public boolean leaveOneLoop() {
		return LOOPS.decrementAndGet(this) == 0;
	}

	/**
	 * Note that a stream is subscribed to the topic of this event. For the loops that
	 * have not left it yet.
	 */
	public void hear() {
		if (!this.heard) {
			this.heard = true;
		}
	}

	/**
	 * Tell whether any stream was subscribed to the topic of this event. For the last
	 * loop to leave it.
	 * @return whether one was
	 */
	public boolean isHeard() {
		return this.heard;
	}

	/**
	 * Return when the event reached this node.
	 * @return the time by {@link System#nanoTime()}
	 */
	public long arrivedAt() {
		return this.arrivedAt;
	}

}
