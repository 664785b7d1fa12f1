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

/**
 * Server programs. Each runs in a process of its own, and any program can take part that
 * does this:
 * <ul>
 * <li>It prints {@code ready <http port> <control port>} once it listens.</li>
 * <li>{@code GET /events} is an event stream of ticks: {@code id}, {@code event: tick},
 * and the JSON of the tick as data.</li>
 * <li>On the control port, every line is the JSON of a tick, to be sent to all streams.
 * Other lines are questions, answered with a number: {@code ?} with how many streams are
 * open, what the program does not know with -1.</li>
 * <li>It may have topics: {@code GET /topics?topic=one,two}, and the topic and a space
 * before the JSON of a tick.</li>
 * <li>It may know {@code heap}, the live heap in bytes after garbage was collected, and
 * {@code publishing}, the median of the nanoseconds that publishing took since it was
 * last asked, {@code publishing-processor}, the same of processor time, and {@code bound}, the bytes that events waiting for the open streams may
 * take by its settings.</li>
 * <li>It ends when its standard input does.</li>
 * </ul>
 */
@NullMarked
package io.github.springsse.bench.server;

import org.jspecify.annotations.NullMarked;
