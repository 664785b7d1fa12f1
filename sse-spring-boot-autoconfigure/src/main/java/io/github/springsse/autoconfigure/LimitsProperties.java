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

package io.github.springsse.autoconfigure;

import io.github.springsse.webmvc.RefusalMode;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Limits of this node and of each client.
 *
 * @since 0.1.0
 */
public class LimitsProperties {

	/**
	 * Maximum number of streams that are being opened at the same time, which is while
	 * their controller methods run, 0 for no limit. Above it, clients are told to
	 * reconnect later.
	 */
	private int concurrentOpenings = 64;

	/**
	 * Maximum size of the data of one event, 0 for no limit. Publishing or sending a
	 * larger event throws an exception.
	 */
	private DataSize eventSize = DataSize.ofMegabytes(16);

	/**
	 * Maximum number of streams that are opened per second, 0 for no limit. Above it,
	 * clients are told to reconnect later, so that they return at this rate even if many
	 * are refused.
	 */
	private int openingsPerSecond = 500;

	/**
	 * Response to clients whose stream is refused for now.
	 */
	private RefusalMode response = RefusalMode.RECONNECT;

	/**
	 * Maximum number of missed events that a reconnecting client receives. A client that
	 * missed more receives the snapshot or a gap.
	 */
	private int resumeEvents = 100_000;

	/**
	 * Maximum number of topics with lost events that are examined when a client of a
	 * pattern reconnects. If there are more, the client receives the snapshot or a gap.
	 */
	private int resumeTopics = 10_000;

	/**
	 * Maximum memory for the snapshots of all streams. An eighth of the heap if not set.
	 * A snapshot counts from the start of its creation until its client has read it, and
	 * counts twice during its creation. Above the limit, clients are told to reconnect
	 * later.
	 */
	private @Nullable DataSize snapshotBytesInFlight;

	/**
	 * Maximum size of one snapshot, 0 for no limit. A request whose snapshot is larger
	 * fails with status 500 while the snapshot is written.
	 */
	private DataSize snapshotSize = DataSize.ofMegabytes(64);

	/**
	 * Maximum number of open streams, 0 for no limit. Computed from the heap, the maximum
	 * number of open files and the connections of the web server if not set. Above it,
	 * clients are told to reconnect later.
	 */
	private @Nullable Integer streams;

	/**
	 * Maximum number of streams per client address, 0 for no limit. IPv6 addresses with
	 * the same first 64 bits count as one address.
	 */
	private int streamsPerAddress;

	/**
	 * Maximum number of streams per session, 0 for no limit.
	 */
	private int streamsPerSession = 20;

	/**
	 * Maximum number of streams per user, 0 for no limit.
	 */
	private int streamsPerUser = 50;

	/**
	 * Maximum length of a topic or pattern in characters. 0 stands for 512, the maximum
	 * length of any topic. A subscription to a longer topic is answered with status 400,
	 * and publishing to a longer topic throws an exception.
	 */
	private int topicLength = 512;

	/**
	 * Maximum number of topics and patterns of one stream, 0 for no limit. A request with
	 * more is answered with status 400.
	 */
	private int topicsPerStream = 100;

	/**
	 * What happens when a user or session that has reached its limit opens another
	 * stream.
	 */
	private WhenFull whenFull = WhenFull.REFUSE;

	public int getConcurrentOpenings() {
		return this.concurrentOpenings;
	}

	public void setConcurrentOpenings(int concurrentOpenings) {
		this.concurrentOpenings = concurrentOpenings;
	}

	public DataSize getEventSize() {
		return this.eventSize;
	}

	public void setEventSize(DataSize eventSize) {
		this.eventSize = eventSize;
	}

	public int getOpeningsPerSecond() {
		return this.openingsPerSecond;
	}

	public void setOpeningsPerSecond(int openingsPerSecond) {
		this.openingsPerSecond = openingsPerSecond;
	}

	public RefusalMode getResponse() {
		return this.response;
	}

	public void setResponse(RefusalMode response) {
		this.response = response;
	}

	public int getResumeEvents() {
		return this.resumeEvents;
	}

	public void setResumeEvents(int resumeEvents) {
		this.resumeEvents = resumeEvents;
	}

	public int getResumeTopics() {
		return this.resumeTopics;
	}

	public void setResumeTopics(int resumeTopics) {
		this.resumeTopics = resumeTopics;
	}

	public @Nullable DataSize getSnapshotBytesInFlight() {
		return this.snapshotBytesInFlight;
	}

	public void setSnapshotBytesInFlight(@Nullable DataSize snapshotBytesInFlight) {
		this.snapshotBytesInFlight = snapshotBytesInFlight;
	}

	public DataSize getSnapshotSize() {
		return this.snapshotSize;
	}

	public void setSnapshotSize(DataSize snapshotSize) {
		this.snapshotSize = snapshotSize;
	}

	public @Nullable Integer getStreams() {
		return this.streams;
	}

	public void setStreams(@Nullable Integer streams) {
		this.streams = streams;
	}

	public int getStreamsPerAddress() {
		return this.streamsPerAddress;
	}

	public void setStreamsPerAddress(int streamsPerAddress) {
		this.streamsPerAddress = streamsPerAddress;
	}

	public int getStreamsPerSession() {
		return this.streamsPerSession;
	}

	public void setStreamsPerSession(int streamsPerSession) {
		this.streamsPerSession = streamsPerSession;
	}

	public int getStreamsPerUser() {
		return this.streamsPerUser;
	}

	public void setStreamsPerUser(int streamsPerUser) {
		this.streamsPerUser = streamsPerUser;
	}

	public int getTopicLength() {
		return this.topicLength;
	}

	public void setTopicLength(int topicLength) {
		this.topicLength = topicLength;
	}

	public int getTopicsPerStream() {
		return this.topicsPerStream;
	}

	public void setTopicsPerStream(int topicsPerStream) {
		this.topicsPerStream = topicsPerStream;
	}

	public WhenFull getWhenFull() {
		return this.whenFull;
	}

	public void setWhenFull(WhenFull whenFull) {
		this.whenFull = whenFull;
	}

	/**
	 * What happens when a user or session that has reached its limit opens another
	 * stream.
	 */
	public enum WhenFull {

		/** The new stream is refused. */
		REFUSE,

		/** The oldest stream is ended, and its client is told to reconnect later. */
		OLDEST

	}

}
