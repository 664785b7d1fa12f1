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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * Documents the response of methods that open a stream as an event stream. A response
 * that the application documents with {@code @ApiResponse} is not changed.
 */
final class StreamOperationCustomizer implements GlobalOperationCustomizer {

	private static final String OK = "200";

	private static final String EVENT_STREAM = org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE;

	@Override
	public Operation customize(Operation operation, HandlerMethod handler) {
		Method method = handler.getMethod();
		boolean hasTopic = AnnotatedElementUtils.hasAnnotation(method, SseTopic.class);
		if ((hasTopic || SseStream.class.isAssignableFrom(method.getReturnType())) && !isDocumented(method)) {
			ResolvableType type = ResolvableType.forMethodReturnType(method, handler.getBeanType());
			document(operation, hasTopic && isData(type), isSource(type));
		}
		return operation;
	}

	private static boolean isDocumented(Method method) {
		io.swagger.v3.oas.annotations.Operation operation = AnnotatedElementUtils.findMergedAnnotation(method,
				io.swagger.v3.oas.annotations.Operation.class);
		return (operation != null && operation.responses().length > 0) || !AnnotatedElementUtils
			.findMergedRepeatableAnnotations(method, io.swagger.v3.oas.annotations.responses.ApiResponse.class)
			.isEmpty();
	}

	/**
	 * Whether a method returns data, which describes the data of events, and not events
	 * or nothing.
	 */
	private static boolean isData(ResolvableType type) {
		Class<?> raw = type.toClass();
		return raw != void.class && raw != Void.class && !hasEvents(type);
	}

	private static boolean hasEvents(ResolvableType type) {
		return type.toClass() == SseEvent.class || (type.isArray() && hasEvents(type.getComponentType()))
				|| Arrays.stream(type.getGenerics()).anyMatch(StreamOperationCustomizer::hasEvents);
	}

	/**
	 * Whether the return type of a method is described as a list, each element of which
	 * becomes an event.
	 */
	private static boolean isSource(ResolvableType type) {
		Class<?> raw = type.toClass();
		return StreamModelConverter.isSource(raw)
				|| ((raw == Optional.class || raw == Supplier.class) && isSource(type.getGeneric()));
	}

	private static void document(Operation operation, boolean data, boolean source) {
		ApiResponses responses = operation.getResponses();
		if (responses == null) {
			responses = new ApiResponses();
			operation.setResponses(responses);
		}
		ApiResponse response = responses.computeIfAbsent(OK, (status) -> new ApiResponse().description("OK"));
		Content before = response.getContent();
		Schema<?> schema = data ? schema(before) : null;
		schema = (source && schema != null && schema.getItems() != null) ? schema.getItems() : schema;
		MediaType stream = new MediaType().schema((schema != null) ? schema : new StringSchema());
		String type = (before != null) ? before.keySet()
			.stream()
			.filter((name) -> name.startsWith(EVENT_STREAM))
			.findFirst()
			.orElse(EVENT_STREAM) : EVENT_STREAM;
		response.setContent(new Content().addMediaType(type, stream));
	}

	private static @Nullable Schema<?> schema(@Nullable Content content) {
		return (content != null) ? content.values()
			.stream()
			.map(MediaType::getSchema)
			.filter((schema) -> schema != null)
			.findFirst()
			.orElse(null) : null;
	}

}
