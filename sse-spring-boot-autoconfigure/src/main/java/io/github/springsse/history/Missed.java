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

import java.util.List;

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The result of reading the history for a stream, from its cursor.
 *
 * @param gap the lost events, {@code null} if there are none
 * @param events the kept events, in order
 * @param cursor the position up to which all events are either in the list or lost
 * @param looks the number of events and topics that were inspected
 */
public record Missed(@Nullable Gap gap, List<StoredEvent> events, EventId cursor, int looks) {

}
