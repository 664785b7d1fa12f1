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
 * Limits for the clients of this node; 0 is no limit.
 *
 * @param streamsPerUser number of streams of one user
 * @param streamsPerSession number of streams of one session
 * @param streamsPerAddress number of streams of one address
 * @param openingsPerSecond number of streams that are opened in a second
 * @param replaceOldest whether the oldest stream of a user or session is ended where
 * there is no room for another, instead of refusing that
 * @param retry the time that clients are told to wait before they reconnect
 */
public record LimitSettings(int streamsPerUser, int streamsPerSession, int streamsPerAddress, int openingsPerSecond,
		boolean replaceOldest, Duration retry) {

}
