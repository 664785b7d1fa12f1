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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The UI message stream of the AI SDK, as {@code useChat} reads it: the elements of the
 * source are its parts, such as
 * <code>{"type":"text-delta","id":"1","delta":"Hello"}</code>. This adds {@code [DONE]}
 * at the end, a part {@code error} after which the response is cut where the source has
 * failed, and the header of the protocol. Thread-safe.
 * <p>
 * Clients are told a text for each kind of failure, and nothing of what has failed. To
 * choose another one, override {@link #errorText}.
 *
 * @since 0.1.0
 */
public class UiMessageFormat extends DoneFormat {

	private static final Map<String, String> HEADERS = Map.of("x-vercel-ai-ui-message-stream", "v1");

	@Override
	public List<SseEvent> failure(Failure kind, @Nullable Throwable failure) {
		String text = FailureText.quote(errorText(kind, failure));
		return List.of(SseEvent.of("{\"type\":\"error\",\"errorText\":" + text + "}"));
	}

	/**
	 * Return the text of the part {@code error}, which users may see.
	 * @param kind what has happened
	 * @param failure what the source has failed with, if it has
	 * @return the text
	 */
	protected String errorText(Failure kind, @Nullable Throwable failure) {
		return FailureText.of(kind);
	}

	@Override
	public Map<String, String> headers() {
		return HEADERS;
	}

}
