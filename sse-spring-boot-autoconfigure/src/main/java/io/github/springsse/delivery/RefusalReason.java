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

/**
 * The reason why a stream was refused. Unless stated otherwise, the client is told to
 * reconnect later.
 */
public enum RefusalReason {

	/** The maximum number of open streams is reached. */
	STREAMS,

	/** The user has the maximum number of streams. */
	USER,

	/** The session has the maximum number of streams. */
	SESSION,

	/** The address has the maximum number of streams. */
	ADDRESS,

	/** The maximum number of streams opened per second is reached. */
	OPENINGS,

	/** A rule of the application refused the stream. */
	ADMISSION,

	/**
	 * The stream has too many topics, or too long ones, which is an error of the client.
	 */
	TOPICS,

	/** The snapshot is larger than allowed, which is an error of the application. */
	SNAPSHOT_SIZE,

	/**
	 * The memory for snapshots is used up by snapshots that are being created or sent.
	 */
	SNAPSHOTS,

	/** The application lacks memory, threads or file descriptors. */
	RESOURCES,

	/** This node does not know yet which events the log keeps. */
	STARTING,

	/** The application is shutting down. */
	SHUTDOWN

}
