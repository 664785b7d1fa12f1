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

import java.util.List;

import io.github.springsse.SseStream;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/**
 * Rejects streams as response bodies. Other converters would write a stream as data, or
 * ignore it.
 */
final class StreamRefusingConverter implements HttpMessageConverter<SseStream> {

	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
		return false;
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
		return SseStream.class.isAssignableFrom(type);
	}

	@Override
	public List<MediaType> getSupportedMediaTypes() {
		return List.of();
	}

	@Override
	public SseStream read(Class<? extends SseStream> type, HttpInputMessage message) {
		throw new UnsupportedOperationException("A stream cannot be read");
	}

	@Override
	public void write(SseStream stream, @Nullable MediaType contentType, HttpOutputMessage message) {
		throw new IllegalStateException(stream + " must not be the body of a response: return it from a controller "
				+ "method, or SseServerResponse.of(stream) from a RouterFunction");
	}

}
