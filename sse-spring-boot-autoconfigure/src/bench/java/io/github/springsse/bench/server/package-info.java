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
 * Server programs. Each runs in a process of its own:
 * <ul>
 * <li>It prints {@code ready <http port> <control port>} when it listens.</li>
 * <li>{@code GET /events} is an event stream of ticks: {@code id}, {@code event: tick},
 * and the JSON of the tick as data.</li>
 * <li>On the control port, each line is the JSON of a tick, which is sent to all
 * streams.</li>
 * <li>Other lines are questions, answered with a number, or -1 if the program does not
 * know: {@code ?} for the number of open streams, {@code heap} for the live heap in
 * bytes, and {@code publishing} for the median of the nanoseconds that publishing took
 * since it was last asked.</li>
 * <li>It may have topics: {@code GET /topics?topic=one,two}, and the topic and a space
 * before the JSON of a tick.</li>
 * <li>It may send data that is given: the rest of a line after {@code =}.</li>
 * <li>It ends when its standard input does.</li>
 * </ul>
 */
@NullMarked
package io.github.springsse.bench.server;

import org.jspecify.annotations.NullMarked;
