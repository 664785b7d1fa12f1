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

package io.github.springsse.autoconfigure;

import java.io.Writer;

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePayloadHints;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.TypeUtils;

/**
 * Writes data as JSON. It is thread-safe, since the mapper is.
 */
final class JsonPayloadEncoder implements SsePayloadEncoder {

	private final JsonMapper mapper;

	JsonPayloadEncoder(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public String encode(Object data) {
		return this.mapper.writeValueAsString(data);
	}

	@Override
	public void encode(Object data, Writer writer) {
		this.mapper.writeValue(writer, data);
	}

	@Override
	public String encode(Object data, SsePayloadHints hints) {
		return writer(data, hints).writeValueAsString(data);
	}

	@Override
	public void encode(Object data, SsePayloadHints hints, Writer writer) {
		writer(data, hints).writeValue(writer, data);
	}

	@Override
	public boolean supportsViews() {
		return true;
	}

	/**
	 * Return a writer as the message converter of Spring MVC does: only containers need
	 * their declared type, because their elements do not know it.
	 */
	private ObjectWriter writer(Object data, SsePayloadHints hints) {
		ObjectWriter result = (hints.view() != null) ? this.mapper.writerWithView(hints.view()) : this.mapper.writer();
		if (hints.type() != null && TypeUtils.isAssignable(hints.type(), data.getClass())) {
			JavaType type = this.mapper.constructType(hints.type());
			return type.isContainerType() ? result.forType(type) : result;
		}
		return result;
	}

}
