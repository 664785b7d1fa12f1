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
 * Server programs, each in a process of its own. A program prints
 * {@code ready <http port> <control port>} when it listens, and ends when its standard
 * input does. {@code GET /events} is an event stream of ticks: {@code id},
 * {@code event: tick}, and the JSON of the tick as data. A program may have topics:
 * {@code GET /topics?topic=one,two}.
 * <p>
 * On the control port, a line with a space is published: the topic, and the JSON of a
 * tick, or {@code =} and data. Other lines are questions, answered with a number, or -1
 * if the program does not know: {@code ?} for the open streams, {@code heap} for the live
 * heap in bytes, {@code runs} for the calls of methods with snapshots, and
 * {@code publishing} for the median of the nanoseconds that publishing took since it was
 * last asked.
 */
@NullMarked
package io.github.springsse.bench.server;

import org.jspecify.annotations.NullMarked;
