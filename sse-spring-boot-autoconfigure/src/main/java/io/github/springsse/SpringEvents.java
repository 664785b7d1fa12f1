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

import org.jspecify.annotations.Nullable;

import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * Converts the event types of Spring that have only a name and data. A separate class,
 * because Spring MVC may be missing.
 */
final class SpringEvents {

	private static final String DATA = "data:";

	private static final String NAME = "event:";

	private SpringEvents() {
	}

	/**
	 * Convert an event of Spring.
	 * @param event a {@link ServerSentEvent} or {@link SseEventBuilder}
	 * @return the event, or {@code null} if it has no data, or other fields than a name
	 * and data
	 */
	static @Nullable SseEvent convert(Object event) {
		if (event instanceof SseEventBuilder builder) {
			return convert(builder.build());
		}
		ServerSentEvent<?> source = (ServerSentEvent<?>) event;
		Object data = source.data();
		if (data == null || source.id() != null || source.retry() != null || source.comment() != null) {
			return null;
		}
		return event(source.event(), data);
	}

	/**
	 * Parse the parts of a builder: lines with fields, and the data after each text that
	 * ends with {@code data:}.
	 */
	private static @Nullable SseEvent convert(Set<DataWithMediaType> parts) {
		String name = null;
		Object data = null;
		boolean isData = false;
		for (DataWithMediaType part : parts) {
			if (isData) {
				if (data != null) {
					return null;
				}
				data = (part.getData() instanceof String text) ? text.replace("\n" + DATA, "\n") : part.getData();
				isData = false;
				continue;
			}
			for (String line : part.getData().toString().split("\n")) {
				isData = line.equals(DATA);
				if (line.startsWith(NAME)) {
					name = line.substring(NAME.length());
				}
				else if (!isData && !line.isEmpty()) {
					return null;
				}
			}
		}
		return (data != null) ? event(name, data) : null;
	}

	private static SseEvent event(@Nullable String name, Object data) {
		return StringUtils.hasLength(name) ? SseEvent.of(name, data) : SseEvent.of(data);
	}

}
