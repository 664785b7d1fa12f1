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

package io.github.springsse.answer;

import java.util.List;
import java.util.Locale;

import io.github.springsse.SseEvent;
import io.github.springsse.SseSourceFormat;
import org.jspecify.annotations.Nullable;

/**
 * Reports a failure as one event that contains only the kind of the failure, and then
 * ends the response. Immutable.
 */
public final class DefaultSourceFormat implements SseSourceFormat {

	private final String event;

	/**
	 * Create a format.
	 * @param event the name of the event
	 */
	public DefaultSourceFormat(String event) {
		this.event = event;
	}

	@Override
	public List<SseEvent> failure(Failure kind, @Nullable Throwable failure) {
		String text = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
		return List.of(SseEvent.of(this.event, "{\"kind\":\"" + text + "\"}"));
	}

}
