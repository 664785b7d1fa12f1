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

package io.github.springsse.clients;

import org.jspecify.annotations.Nullable;

/**
 * What a client calls back, whatever its own interfaces are.
 */
interface ForeignClientUser {

	/**
	 * The client has a response.
	 */
	void opened();

	/**
	 * The client has an event, or what it takes for one.
	 * @param name the name, or {@code message}
	 * @param data the data
	 * @param id the id, or the last one that there was
	 */
	void event(@Nullable String name, @Nullable String data, @Nullable String id);

	/**
	 * The response has ended.
	 */
	void ended();

	/**
	 * Something has failed.
	 * @param message what
	 */
	void failed(String message);

	/**
	 * The client will not come back by itself.
	 */
	void stopped();

}
