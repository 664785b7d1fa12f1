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
 * Application event for the end of a source's publication. It is published when the end
 * is in the log, for sources that a method with {@link SseTopic} returns and for those of
 * {@link SseOperations#publishAll}. It is not published for a source that never started,
 * for example because its transaction was rolled back.
 * <p>
 * The node that ran the source publishes the event. If that node died, the node that ends
 * the topic in its place publishes it, with the outcome
 * {@link SseAnswerOutcome#INTERRUPTED}. A node that was only cut off from the log
 * publishes an event as well, so one source may have two. If Redis does not answer the
 * node that ends the topic, there may be none.
 * <p>
 * Listeners run on a thread that may block, with the security context of the publisher
 * and the observation of the source. The context is empty if the node of the source died.
 * The order of the calls is not the order of the ends, and the cancellation of the source
 * may still be pending. On shutdown, the application waits up to two seconds for
 * listeners.
 *
 * @param topic the topic
 * @param outcome how the publication ended
 * @param cause the exception of the source, or the reason why it could not continue;
 * {@code null} if there is none
 * @since 0.1.0
 */
public record SseAnswerEndedEvent(String topic, SseAnswerOutcome outcome, @Nullable Throwable cause) {

}
