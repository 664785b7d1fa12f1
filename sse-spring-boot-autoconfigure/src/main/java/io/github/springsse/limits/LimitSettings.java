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

package io.github.springsse.limits;

import java.time.Duration;

/**
 * Limits for the clients of this node; 0 means no limit.
 *
 * @param streamsPerUser the number of streams of one user
 * @param streamsPerSession the number of streams of one session
 * @param streamsPerAddress the number of streams of one address
 * @param openingsPerSecond the number of streams opened per second
 * @param replaceOldest whether to end the oldest stream of a user or session at its
 * limit, instead of refusing another one
 * @param retry the basic reconnect delay of clients
 */
public record LimitSettings(int streamsPerUser, int streamsPerSession, int streamsPerAddress, int openingsPerSecond,
		boolean replaceOldest, Duration retry) {

}
