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
 * An entry of the log as this node keeps it: the frame that all streams share, and its
 * metadata. Its positions in rings are guarded by the lock of {@link TopicHistories}.
 * Besides them, only the number of loops that still have to write it, whether a stream
 * was subscribed, and the compressed forms change.
 */
public final class StoredEvent extends Frame {

	private static final AtomicIntegerFieldUpdater<StoredEvent> LOOPS = AtomicIntegerFieldUpdater
		.newUpdater(StoredEvent.class, "loops");

	/**
	 * The bytes of the object and its id, of the array without its content, and of its
	 * slots in two rings, which are two thirds full.
	 */
	private static final int OBJECTS = 80 + 32 + 28 + 12;

	private final EventId id;

	private final Topic topic;

	private final @Nullable String key;

	private final @Nullable String exceptStream;

	private final LogEntry.Kind kind;

	private final boolean cut;

	private final boolean interrupted;

	/** Its size on the heap without the bytes of its frame. */
	private final int overhead;

	private final OverflowPolicy overflow;

	private final long arrivedAt;

	/** The number of loops that have not yet written it to their streams. */
	private volatile int loops;

	/**
	 * Whether a stream was subscribed to the topic. Written by loops before they leave.
	 */
	private boolean heard;

	/** Its position in the ring of its topic. */
	private long position;

	/** Its position in the ring of all topics. */
	private long positionInAll;

	/** Its compressed forms, set once it is known that it may have some. */
	private @Nullable EventForms forms;

	/** The history that keeps it. */
	@Nullable TopicHistory history;

	/**
	 * Create an event. The data of the entry is not kept, because the frame contains it.
	 * The key is kept only if the topic keeps only the newest event of each key.
	 * @param id the id
	 * @param topic the topic, the same object for all events of a topic
	 * @param entry the entry of the log
	 * @param frame the encoded event
	 * @param overflow the overflow policy of the topic
	 * @param arrivedAt when the entry reached this node, as of {@link System#nanoTime()}
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
	 * @param overflow the overflow policy of the topic
	 * @param arrivedAt when the entry reached this node, as of {@link System#nanoTime()}
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
	 * Set the compressed forms of an event that has none. If several threads set them at
	 * the same time, each of them has correct forms.
	 * @param forms the forms
	 */
	public void setForms(EventForms forms) {
		this.forms = forms;
	}

	/**
	 * Return the approximate size of this event on the heap.
	 * @return the bytes, including those of its frame
	 */
	public long cost() {
		return (long) size() + this.overhead;
	}

	/**
	 * Return the key. An event replaces an older one with the same key.
	 * @return the key, empty if there is none
	 */
	String keyOrEmpty() {
		return (this.key != null) ? this.key : "";
	}

	/**
	 * Return whether this is the end of the topic, not an event.
	 * @return whether it is the end
	 */
	public boolean isEnd() {
		return this.kind == LogEntry.Kind.END;
	}

	/**
	 * Return whether this is an end of the topic after which responses are cut off.
	 * @return whether they are cut off
	 */
	public boolean isCut() {
		return this.cut;
	}

	/**
	 * Whether this is the end of a topic whose source was interrupted and may be started
	 * again.
	 */
	boolean isInterrupted() {
		return this.interrupted;
	}

	/**
	 * Return whether this is the beginning of the elements of a source, not an event.
	 * @return whether it is the beginning
	 */
	public boolean isBegin() {
		return this.kind == LogEntry.Kind.BEGIN;
	}

	/**
	 * Whether this is a piece of a text.
	 */
	boolean isPiece() {
		return this.kind == LogEntry.Kind.PIECE;
	}

	/**
	 * Return whether clients receive nothing for this entry, because it is a beginning or
	 * an end.
	 * @return whether it is not an event
	 */
	public boolean isSilent() {
		return isBegin() || isEnd();
	}

	/**
	 * Return whether a stream that is subscribed to the topic must not receive this
	 * event.
	 * @param streamId the id of the stream
	 * @return whether the stream is left out
	 */
	public boolean leavesOut(String streamId) {
		return streamId.equals(this.exceptStream);
	}

	/**
	 * Return the overflow policy of the topic.
	 * @return the policy
	 */
	public OverflowPolicy overflow() {
		return this.overflow;
	}

	/**
	 * Note that this event is handed to delivery loops.
	 * @param count the number of loops
	 */
	public void enterLoops(int count) {
		this.loops = count;
	}

	/**
	 * Note that a loop has written this event to all its streams that were ready for it.
	 * @return whether it was the last loop
	 */
	public boolean leaveOneLoop() {
		return LOOPS.decrementAndGet(this) == 0;
	}

	/**
	 * Note that a stream is subscribed to the topic of this event. Called by loops that
	 * have not left this event yet.
	 */
	public void hear() {
		if (!this.heard) {
			this.heard = true;
		}
	}

	/**
	 * Return whether any stream was subscribed to the topic of this event. Called by the
	 * last loop that leaves it.
	 * @return whether a stream was subscribed
	 */
	public boolean isHeard() {
		return this.heard;
	}

	/**
	 * Return when this event reached this node.
	 * @return the time, as of {@link System#nanoTime()}
	 */
	public long arrivedAt() {
		return this.arrivedAt;
	}

}
