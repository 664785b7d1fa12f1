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

package io.github.springsse;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Options for publishing the elements of a source. Immutable: each method returns a
 * changed copy.
 *
 * @since 0.1.0
 */
public final class SsePublishOptions {

	/** The default options. */
	public static final SsePublishOptions DEFAULT = new SsePublishOptions(Duration.ZERO, null, null,
			SsePayloadHints.NONE, true, false);

	private final Duration join;

	private final @Nullable Duration abandonAfter;

	private final @Nullable SseSourceFormat format;

	private final SsePayloadHints hints;

	private final boolean startAgain;

	private final boolean restartInterrupted;

	private SsePublishOptions(Duration join, @Nullable Duration abandonAfter, @Nullable SseSourceFormat format,
			SsePayloadHints hints, boolean startAgain, boolean restartInterrupted) {
		this.join = join;
		this.abandonAfter = abandonAfter;
		this.format = format;
		this.hints = hints;
		this.startAgain = startAgain;
		this.restartInterrupted = restartInterrupted;
	}

	/**
	 * Join texts that the source emits within a time to one event, for sources with many
	 * small pieces. Only elements of type {@code String} are joined. With a
	 * {@linkplain SseSourceFormat#isDataOnly() data-only format}, none are joined,
	 * because its clients treat each event as a separate part.
	 * @param time the longest time for which a text waits for others, zero to join none
	 * @return the options
	 */
	public SsePublishOptions join(Duration time) {
		Assert.notNull(time, "'time' must not be null");
		Assert.isTrue(!time.isNegative(), "'time' must not be negative");
		return new SsePublishOptions(time, this.abandonAfter, this.format, this.hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Cancel the source when no stream on any node has been subscribed to the topic for a
	 * time. It takes up to a quarter of that time to detect that the last stream has
	 * left.
	 * @param time the time, zero for never; by default {@code sse.answers.abandon-after}
	 * @return the options
	 */
	public SsePublishOptions abandonAfter(Duration time) {
		Assert.notNull(time, "'time' must not be null");
		Assert.isTrue(!time.isNegative(), "'time' must not be negative");
		return new SsePublishOptions(this.join, time, this.format, this.hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Set the format that reports failures and the end to clients.
	 * @param format the format
	 * @return the options
	 */
	public SsePublishOptions format(SseSourceFormat format) {
		Assert.notNull(format, "'format' must not be null");
		return new SsePublishOptions(this.join, this.abandonAfter, format, this.hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Set the declared type or view with which elements are written.
	 * @param hints the hints for writing the elements
	 * @return the options
	 */
	public SsePublishOptions hints(SsePayloadHints hints) {
		Assert.notNull(hints, "'hints' must not be null");
		return new SsePublishOptions(this.join, this.abandonAfter, this.format, hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Set whether the source is published even if the topic is known to have ended, for
	 * example because its answer is still kept. If {@code false}, publishing then fails
	 * with {@link SourceEndedException}, so that a topic has one source.
	 * @param startAgain {@code true}, the default, to publish the source in any case
	 * @return the options
	 */
	public SsePublishOptions startAgain(boolean startAgain) {
		return new SsePublishOptions(this.join, this.abandonAfter, this.format, this.hints, startAgain,
				this.restartInterrupted);
	}

	/**
	 * Set whether the source may be started again after an interruption, for example the
	 * death of its node. Clients are then not notified of the interruption: the topic
	 * just ends. Another source can be published to it even if {@link #startAgain} is
	 * {@code false}. Clients that reconnect after that receive {@code event: gap} with
	 * the reason {@code interrupted}, and the answer of the new source from its
	 * beginning. A method with {@link SseAnswer#restartInterrupted} starts the new source
	 * when a client reconnects. For a topic without such a method, the application must
	 * publish the source again.
	 * @param restartInterrupted whether it may be started again; the default is
	 * {@code false}
	 * @return the options
	 */
	public SsePublishOptions restartInterrupted(boolean restartInterrupted) {
		return new SsePublishOptions(this.join, this.abandonAfter, this.format, this.hints, this.startAgain,
				restartInterrupted);
	}

	/**
	 * Return the time within which texts are joined.
	 * @return the time, zero if texts are not joined
	 */
	public Duration getJoin() {
		return this.join;
	}

	/**
	 * Return the time after which a source without subscribed streams is cancelled.
	 * @return the time, zero for never, {@code null} for the configured one
	 */
	public @Nullable Duration getAbandonAfter() {
		return this.abandonAfter;
	}

	/**
	 * Return the format that reports failures and the end.
	 * @return the format, {@code null} for the configured one
	 */
	public @Nullable SseSourceFormat getFormat() {
		return this.format;
	}

	/**
	 * Return whether the source is published even if the topic has ended.
	 * @return whether it is published again
	 */
	public boolean isStartAgain() {
		return this.startAgain;
	}

	/**
	 * Return whether the source may be started again after an interruption.
	 * @return whether it may be started again
	 */
	public boolean isRestartInterrupted() {
		return this.restartInterrupted;
	}

	/**
	 * Return the hints for writing the elements.
	 * @return the hints
	 */
	public SsePayloadHints getHints() {
		return this.hints;
	}

}
