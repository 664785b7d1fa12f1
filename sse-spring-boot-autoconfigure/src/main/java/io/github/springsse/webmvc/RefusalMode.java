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

package io.github.springsse.webmvc;

/**
 * How requests for refused streams are answered.
 */
public enum RefusalMode {

	/**
	 * An event stream that ends and contains the reconnect delay, if the request accepts
	 * event streams and is not for a data-only stream. Otherwise status 429 or 503.
	 */
	RECONNECT,

	/**
	 * Status 429 or 503 for all requests. An {@code EventSource} does not reconnect after
	 * these.
	 */
	STATUS

}
