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

package io.github.springsse;

import org.jspecify.annotations.Nullable;

/**
 * Published as an event of the application context when the publication of a source has
 * ended, and its end is in the log: for a source that a method with {@link SseTopic}
 * returns, and for one given to {@link SseOperations#publishAll}. It is not published for
 * a source that has not begun, such as one whose transaction was rolled back.
 * <p>
 * It is published on the node on which the source was. Where that node is gone, the node
 * that ends the topic in its place publishes the event, with the outcome
 * {@link SseAnswerOutcome#INTERRUPTED}. A node that was only cut off from the log
 * publishes one as well, so that there may be two of them for one source. Where Redis
 * does not answer the node that ends the topic, there may be none.
 * <p>
 * Listeners are called by a thread that may block, with the security and observation
 * context with which the source was published, which is empty where its node is gone.
 * They are not called in the order of the ends, and the source may still be about to be
 * cancelled. On shutdown, the application waits up to two seconds for them.
 *
 * @param topic the topic
 * @param outcome how the publication has ended
 * @param cause what the source has failed with, or why it could not go on, {@code null}
 * if there is none
 * @since 0.1.0
 */
public record SseAnswerEndedEvent(String topic, SseAnswerOutcome outcome, @Nullable Throwable cause) {

}
