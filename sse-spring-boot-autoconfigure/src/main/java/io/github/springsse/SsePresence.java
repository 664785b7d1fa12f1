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

import java.util.Set;

/**
 * The number and the users of the open streams of a topic.
 *
 * @param streams the number of open streams
 * @param users the names of their users; streams without a user have none
 * @since 0.1.0
 */
public record SsePresence(int streams, Set<String> users) {

	/**
	 * Create a presence.
	 * @param streams the number of open streams
	 * @param users the names of their users
	 */
	public SsePresence {
		users = Set.copyOf(users);
	}

}
