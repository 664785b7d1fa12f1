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

import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.BaseStream;

import com.fasterxml.jackson.databind.JavaType;
import io.github.springsse.SseData;
import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Describes the return types of methods by the data that is read from them: a
 * {@code Supplier} as its value, a {@code Stream}, an {@code Iterator} or a publisher as
 * a list, and events as text. None of these types is itself written as JSON.
 */
final class StreamModelConverter implements ModelConverter {

	@Override
	public @Nullable Schema<?> resolve(AnnotatedType type, ModelConverterContext context,
			Iterator<ModelConverter> chain) {
		JavaType java = Json.mapper().constructType(type.getType());
		Class<?> raw = (java != null) ? java.getRawClass() : Object.class;
		if (raw == SseEvent.class || SseStream.class.isAssignableFrom(raw)) {
			return new StringSchema();
		}
		if (java != null && SseData.isSupplier(raw)) {
			return context.resolve(of(argument(java, Supplier.class), type));
		}
		if (java != null && isSource(raw)) {
			Type element = (java.containedTypeCount() > 0) ? java.containedType(0) : Object.class;
			return new ArraySchema().items(context.resolve(of(element, type)));
		}
		for (Class<?> series : new Class<?>[] { BaseStream.class, Iterator.class }) {
			if (java != null && series.isAssignableFrom(raw)) {
				return new ArraySchema().items(context.resolve(of(argument(java, series), type)));
			}
		}
		return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
	}

	/**
	 * Whether a type is a publisher of several elements.
	 */
	static boolean isSource(Class<?> type) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		return (adapter != null) ? adapter.isMultiValue() : Flow.Publisher.class.isAssignableFrom(type);
	}

	private static Type argument(JavaType type, Class<?> superType) {
		JavaType[] arguments = type.findTypeParameters(superType);
		return (arguments != null && arguments.length > 0) ? arguments[0] : Object.class;
	}

	private static AnnotatedType of(Type type, AnnotatedType outer) {
		return new AnnotatedType(type).jsonViewAnnotation(outer.getJsonViewAnnotation()).resolveAsRef(true);
	}

}
