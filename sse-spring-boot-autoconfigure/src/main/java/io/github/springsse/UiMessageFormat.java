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
 * The UI message stream of the AI SDK, for {@code useChat}. The elements of the source
 * are the parts of the message, such as
 * <code>{"type":"text-delta","id":"1","delta":"Hello"}</code>. The format adds
 * {@code [DONE]} at the end and the header of the protocol. If the source fails, it sends
 * a part {@code error}, and the response is cut. Thread-safe.
 * <p>
 * The error text is a fixed text for each kind of failure, without details of the
 * failure. Override {@link #errorText} to choose another one.
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
	 * @param kind the kind of failure
	 * @param failure the exception of the source, {@code null} if it did not fail
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
