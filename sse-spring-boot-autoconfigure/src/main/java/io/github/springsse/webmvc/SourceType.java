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
 * The declared type of a source that a method returns, by itself or from a
 * {@code Supplier}.
 *
 * @param element the type of its elements, {@link ResolvableType#NONE} if that is not
 * known
 * @param adapter knows the type; {@code null} for a {@code Flow.Publisher} where no
 * reactive library is there
 */
record SourceType(ResolvableType element, @Nullable ReactiveAdapter adapter) {

	/**
	 * Return the type of the source.
	 * @param declared the type that a method declares
	 * @return the type, or {@code null} if that is no source
	 */
	static @Nullable SourceType of(ResolvableType declared) {
		ResolvableType type = content(declared);
		Class<?> raw = type.toClass();
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
		boolean source = (adapter != null) ? adapter.isMultiValue() : Flow.Publisher.class.isAssignableFrom(raw);
		return source ? new SourceType(type.getGeneric(), adapter) : null;
	}

	/**
	 * Return what is in an {@code Optional}, and comes from a {@code Supplier}.
	 */
	static ResolvableType content(ResolvableType declared) {
		ResolvableType type = (declared.toClass() == Optional.class) ? declared.getGeneric() : declared;
		return SseData.isSupplier(type.toClass()) ? type.as(Supplier.class).getGeneric() : type;
	}

	/**
	 * Return the source that a method has returned. A {@code Supplier} of one becomes a
	 * source that asks it when it is subscribed to.
	 * @param returned what the method has returned
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
