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
 * What a stream has missed since its cursor.
 *
 * @param gap what is gone, {@code null} if nothing is
 * @param events what is left, in order
 * @param cursor everything up to here is in the events, or gone
 * @param looks how many events and topics were looked at
 */
public record Missed(@Nullable Gap gap, List<StoredEvent> events, EventId cursor, int looks) {

}
