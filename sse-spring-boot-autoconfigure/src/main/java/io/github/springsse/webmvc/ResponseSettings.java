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

package io.github.springsse.webmvc;

import java.time.Duration;

import io.github.springsse.webmvc.transport.TransportMode;

/**
 * How requests become streams.
 *
 * @param mode how bytes reach the sockets
 * @param sendBuffer bytes of the buffer that the operating system is to have for the
 * socket of a stream that was handed over
 * @param retry what clients are told to wait before they reconnect
 * @param reconnectWithin the time over which clients that are refused, where few are, and
 * clients that come during shutdown are told to come back
 * @param reconnectsPerSecond number of clients that come back in a second where many are
 * refused, 0 for any number
 * @param concurrentOpenings number of controller methods with {@code @SseTopic} that may
 * run at the same time, 0 for any number
 * @param snapshotBytes bytes of snapshots that may be in flight, over all streams
 * @param snapshotSize bytes that one snapshot may have, however many if it is
 * {@code Long.MAX_VALUE}
 * @param connections number of streams that may be open whose connections count for those
 * that the web server takes, where others do not
 * @param refusal how clients are answered that cannot have a stream now
 */
public record ResponseSettings(TransportMode mode, int sendBuffer, Duration retry, Duration reconnectWithin,
		int reconnectsPerSecond, int concurrentOpenings, long snapshotBytes, long snapshotSize, int connections,
		RefusalMode refusal) {

}
