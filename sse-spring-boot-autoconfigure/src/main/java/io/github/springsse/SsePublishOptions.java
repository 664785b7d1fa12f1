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
 * How the elements of a source are published. Immutable: each method returns other
 * options.
 *
 * @since 0.1.0
 */
public final class SsePublishOptions {

	/** The options that apply where none are given. */
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
	 * Join the texts that a source gives within a time to one event: for a source whose
	 * pieces are small and many. Only elements that are a {@code String} are joined, and
	 * none with a {@linkplain SseSourceFormat#isDataOnly() format of data alone}, whose
	 * clients take each event for a part of its own.
	 * @param time the longest time for which a text waits for others, zero for none
	 * @return the options
	 */
	public SsePublishOptions join(Duration time) {
		Assert.notNull(time, "'time' must not be null");
		Assert.isTrue(!time.isNegative(), "'time' must not be negative");
		return new SsePublishOptions(time, this.abandonAfter, this.format, this.hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Cancel the source once no stream has been subscribed to the topic, on any node, for
	 * a time. It is noticed within a quarter of the time that the last one has left.
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
	 * Tell failures and the end as a protocol has it.
	 * @param format the format
	 * @return the options
	 */
	public SsePublishOptions format(SseSourceFormat format) {
		Assert.notNull(format, "'format' must not be null");
		return new SsePublishOptions(this.join, this.abandonAfter, format, this.hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Write elements as a declared type, or by a view.
	 * @param hints how to write them
	 * @return the options
	 */
	public SsePublishOptions hints(SsePayloadHints hints) {
		Assert.notNull(hints, "'hints' must not be null");
		return new SsePublishOptions(this.join, this.abandonAfter, this.format, hints, this.startAgain,
				this.restartInterrupted);
	}

	/**
	 * Set whether the source is published also where the topic has ended and that is
	 * known, as of an answer that is kept. Otherwise it is refused then with
	 * {@link SourceEndedException}, so that one topic has one source.
	 * @param startAgain {@code true}, as by default, if it is published in any case
	 * @return the options
	 */
	public SsePublishOptions startAgain(boolean startAgain) {
		return new SsePublishOptions(this.join, this.abandonAfter, this.format, this.hints, startAgain,
				this.restartInterrupted);
	}

	/**
	 * Set whether the source may be started again where it is interrupted, as when its
	 * node is gone. Then clients are not told of the interruption: the topic just ends,
	 * and a source is published to it again also where {@link #startAgain} is
	 * {@code false}. Clients that come back then get {@code event: gap} with the reason
	 * {@code interrupted}, and the answer of the new source from its beginning. A method
	 * with {@link SseAnswer#restartInterrupted} starts it when a client comes back; for a
	 * topic without such a method, the application has to publish it again.
	 * @param restartInterrupted whether it may be started again; {@code false} by default
	 * @return the options
	 */
	public SsePublishOptions restartInterrupted(boolean restartInterrupted) {
		return new SsePublishOptions(this.join, this.abandonAfter, this.format, this.hints, this.startAgain,
				restartInterrupted);
	}

	/**
	 * Return for how long texts are joined.
	 * @return the time, zero if they are not
	 */
	public Duration getJoin() {
		return this.join;
	}

	/**
	 * Return when a source that nobody listens to is cancelled.
	 * @return the time, {@code null} for the configured one
	 */
	public @Nullable Duration getAbandonAfter() {
		return this.abandonAfter;
	}

	/**
	 * Return how failures and the end are told.
	 * @return the format, {@code null} for the configured one
	 */
	public @Nullable SseSourceFormat getFormat() {
		return this.format;
	}

	/**
	 * Return whether the source is published also where the topic has ended.
	 * @return whether it starts again
	 */
	public boolean isStartAgain() {
		return this.startAgain;
	}

	/**
	 * Return whether the source may be started again where it is interrupted.
	 * @return whether it may be
	 */
	public boolean isRestartInterrupted() {
		return this.restartInterrupted;
	}

	/**
	 * Return how elements are written.
	 * @return the hints
	 */
	public SsePayloadHints getHints() {
		return this.hints;
	}

}
