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

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The start position of a stream that receives everything that is kept of its topics.
 *
 * @param cursor a position before everything that is kept
 * @param gap the known loss, {@code null} if there is none. If a frame at the opening of
 * the stream reports it, it is not reported again
 */
public record Beginning(EventId cursor, @Nullable Gap gap) {

}
