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

import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

import io.github.springsse.SseData;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * The declared type of a source that a method returns, directly or in a {@code Supplier}.
 *
 * @param element the type of the elements, {@link ResolvableType#NONE} if unknown
 * @param adapter the adapter for the type; {@code null} for a {@code Flow.Publisher} in
 * an application without a reactive library
 */
record SourceType(ResolvableType element, @Nullable ReactiveAdapter adapter) {

	/**
	 * Return the type of the source.
	 * @param declared the declared return type of a method
	 * @return the type, or {@code null} if the method returns no source
	 */
	static @Nullable SourceType of(ResolvableType declared) {
		ResolvableType type = content(declared);
		Class<?> raw = type.toClass();
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
		boolean source = (adapter != null) ? adapter.isMultiValue() : Flow.Publisher.class.isAssignableFrom(raw);
		return source ? new SourceType(type.getGeneric(), adapter) : null;
	}

	/**
	 * Return the type inside an {@code Optional} and a {@code Supplier}.
	 */
	static ResolvableType content(ResolvableType declared) {
		ResolvableType type = (declared.toClass() == Optional.class) ? declared.getGeneric() : declared;
		return SseData.isSupplier(type.toClass()) ? type.as(Supplier.class).getGeneric() : type;
	}

	/**
	 * Return the source that a method has returned. A {@code Supplier} becomes a source
	 * that calls the supplier when it is subscribed to.
	 * @param returned the return value of the method
	 * @return the source, or {@code null} if there is none
	 */
	@Nullable Object source(@Nullable Object returned) {
		Object value = (returned instanceof Optional<?> optional) ? optional.orElse(null) : returned;
		if (value instanceof Supplier<?> supplier && SseData.isSupplier(value.getClass())) {
			return (this.adapter != null) ? DeferredSource.of(supplier, this.adapter) : new DeferredFlow(supplier);
		}
		return value;
	}

}
