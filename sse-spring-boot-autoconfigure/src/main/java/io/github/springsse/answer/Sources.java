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

import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import io.github.springsse.InvalidSseDataException;

import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Converts supported types to sources.
 */
final class Sources {

	private static final boolean reactiveStreams = ClassUtils.isPresent("org.reactivestreams.Publisher",
			Sources.class.getClassLoader());

	private static final String ACTION = "Use a Flux, a Flow.Publisher, or another multi-value type that Spring's "
			+ "ReactiveAdapterRegistry supports, a Stream, or an Iterable";

	private Sources() {
	}

	/**
	 * Convert an object to a source.
	 * @param source the object
	 * @return the source
	 * @throws InvalidSseDataException if its type is not supported
	 */
	static Source of(Object source) {
		if (source instanceof Flow.Publisher<?> publisher) {
			return new PublisherSource(publisher);
		}
		// NOTE: checked first, since some publishers of Reactor are queues, and so
		// iterable
		if (reactiveStreams) {
			ReactiveAdapterRegistry registry = ReactiveAdapterRegistry.getSharedInstance();
			Flow.Publisher<?> publisher = ReactiveSources.publisher(source, registry);
			if (publisher != null) {
				return new PublisherSource(publisher);
			}
			if (ReactiveSources.isSingle(source, registry)) {
				throw single(source);
			}
		}
		if (source instanceof BaseStream<?, ?> stream) {
			return PulledSource.of(stream);
		}
		if (source instanceof Iterable<?> iterable && !(source instanceof Path)) {
			return PulledSource.of(iterable);
		}
		if (source instanceof CompletionStage<?> || source instanceof Future<?>) {
			throw single(source);
		}
		throw refusal(source);
	}

	private static InvalidSseDataException single(Object source) {
		return new InvalidSseDataException(name(source) + " cannot be a source: it has at most one value",
				"Publish its value with SseOperations.publish(topic, value) when it is available");
	}

	private static InvalidSseDataException refusal(Object source) {
		String fault = name(source) + " is not a source";
		if (source instanceof Iterator<?>) {
			return new InvalidSseDataException(fault, "Use an Iterable that returns it: () -> iterator");
		}
		if (ClassUtils.getAllInterfacesAsSet(source)
			.stream()
			.anyMatch((type) -> type.getName().equals("kotlinx.coroutines.flow.Flow"))) {
			return new InvalidSseDataException(fault + " that Spring can adapt",
					"Add kotlinx-coroutines-reactor to the class path");
		}
		return new InvalidSseDataException(fault, ACTION);
	}

	private static String name(Object source) {
		return source.getClass().getTypeName();
	}

}
