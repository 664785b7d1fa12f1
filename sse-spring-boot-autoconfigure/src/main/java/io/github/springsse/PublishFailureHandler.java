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
 * Told of what was published in a transaction that has committed, and could not be sent
 * afterwards, such as when a shared log cannot be reached. Define a bean, for example to
 * keep the event and publish it later. Without one, failures are logged and counted
 * ({@code sse.publish.failures}), which is also done where there is one. Several are
 * called in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishFailureHandler {

	/**
	 * Handle a failure. Called by the thread that has committed, before the call that
	 * began the transaction returns, once for each event, in the order in which they were
	 * published. What this throws reaches that caller, who must not take it for a failure
	 * of the transaction: what other parts do after the commit may be left out then, and
	 * the events after this one are not handled.
	 * <p>
	 * The transaction has ended, but is still bound to the thread: what joins it, such as
	 * a repository, writes nothing and says nothing. Write in a new one
	 * ({@code Propagation.REQUIRES_NEW}). What fails to be published within this method
	 * is logged and counted, and not handled.
	 * @param topic the topic
	 * @param event the event, or {@code null} if the topic was to end, or a source was to
	 * begin
	 * @param failure what has happened; after {@link EventLogUnavailableException} it is
	 * not known of the first of several events whether it was sent
	 */
	void handle(String topic, @Nullable SseEvent event, RuntimeException failure);

}
