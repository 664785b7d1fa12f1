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
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The stream of chunks of the OpenAI API. The elements of the source are the chunks. The
 * format adds {@code [DONE]} at the end. If the source fails, it sends an {@code error}
 * object, and the response is cut. Thread-safe.
 * <p>
 * The {@code code} of the error is the kind of the failure in lower case. The message is
 * a fixed text for each kind, without details of the failure. Override {@link #message}
 * to choose another one.
 *
 * @since 0.1.0
 */
public class OpenAiFormat extends DoneFormat {

	@Override
	public List<SseEvent> failure(Failure kind, @Nullable Throwable failure) {
		String message = FailureText.quote(message(kind, failure));
		String code = FailureText.quote(kind.name().toLowerCase(Locale.ROOT));
		return List.of(SseEvent.of("{\"error\":{\"message\":" + message
				+ ",\"type\":\"server_error\",\"param\":null,\"code\":" + code + "}}"));
	}

	/**
	 * Return the message of the error, which users may see.
	 * @param kind the kind of failure
	 * @param failure the exception of the source, {@code null} if it did not fail
	 * @return the message
	 */
	protected String message(Failure kind, @Nullable Throwable failure) {
		return FailureText.of(kind);
	}

}
