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
 * Why a stream was not opened. Unless it says otherwise, the client is told to come back.
 */
public enum RefusalReason {

	/** As many streams are open as there may be. */
	STREAMS,

	/** The user has as many streams as one may have. */
	USER,

	/** The session has as many streams as one may have. */
	SESSION,

	/** The address has as many streams as one may have. */
	ADDRESS,

	/** As many streams were opened in the last second as may be. */
	OPENINGS,

	/** A rule of the application refused it. */
	ADMISSION,

	/** More or longer topics than a stream may have, which is a fault of the client. */
	TOPICS,

	/** The snapshot is larger than one may be, which is a fault of the application. */
	SNAPSHOT_SIZE,

	/** As many bytes of snapshots are waiting for their clients as there may be. */
	SNAPSHOTS,

	/** The application lacks memory, threads or files. */
	RESOURCES,

	/** It is not known yet what the log keeps. */
	STARTING,

	/** The application is shutting down. */
	SHUTDOWN

}
