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
 * Handles events of a committed transaction that could not be sent after the commit, for
 * example because a shared log was unreachable. Define a bean of this type, for example
 * to store the event and publish it later. With or without a handler, failures are logged
 * and counted ({@code sse.publish.failures}). Several beans are called in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishFailureHandler {

	/**
	 * Handle a failure. Called by the committing thread, once for each event in the order
	 * of publication, before the call that began the transaction returns. An exception of
	 * this method reaches the caller of that transaction. The caller must not treat it as
	 * a failure of the transaction. After such an exception, the synchronizations of
	 * other components may be skipped, and the remaining events are not handled.
	 * <p>
	 * The transaction has ended but is still bound to the thread. A component that joins
	 * it, such as a repository, writes nothing and reports no error. Write in a new
	 * transaction ({@code Propagation.REQUIRES_NEW}). A failure to publish from within
	 * this method is logged and counted, but not handled.
	 * @param topic the topic
	 * @param event the event, or {@code null} if the failed publication was the end of a
	 * topic or the start of a source
	 * @param failure the failure. After {@link EventLogUnavailableException}, it is
	 * unknown whether the first of several events was sent
	 */
	void handle(String topic, @Nullable SseEvent event, RuntimeException failure);

}
