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

package io.github.springsse.answer;

import java.time.Duration;

/**
 * Limits and times of the publications of sources.
 *
 * @param maxEvents the maximum number of events of a source
 * @param maxBytes the maximum size of the data of all its events, in bytes of UTF-8
 * @param abandonAfter the time after which a source without subscribed streams is
 * cancelled, zero for never
 */
public record AnswerSettings(int maxEvents, long maxBytes, Duration abandonAfter) {

}
