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

import java.lang.reflect.Method;

import io.github.springsse.SseData;
import io.github.springsse.SsePayloadHints;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The return value of a method, which is the snapshot or a supplier of it.
 *
 * @param value the value, or a supplier of it
 * @param hints the type and view with which it is written
 */
record Returned(@Nullable Object value, SsePayloadHints hints) {

	static final Returned NOTHING = new Returned(null, SsePayloadHints.NONE);

	/**
	 * Create an instance for the return value of a method with {@code @SseTopic}.
	 */
	static Returned by(MethodParameter returnType, @Nullable Object value) {
		Method method = returnType.getMethod();
		return new Returned(value,
				(method != null && value != null)
						? SsePayloadHints.of(method, returnType.getContainingClass(), SseData.Place.SNAPSHOT)
						: SsePayloadHints.NONE);
	}

	/**
	 * Create an instance for the snapshot of a stream that a method returns, now or
	 * later. The snapshot is written with the view of the method.
	 */
	static Returned with(HttpServletRequest request, @Nullable Object value) {
		Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
		return new Returned(value, (handler instanceof HandlerMethod method && value != null)
				? SsePayloadHints.of(method.getMethod(), method.getBeanType(), SseData.Place.SNAPSHOT).withoutType()
				: SsePayloadHints.NONE);
	}

	/**
	 * Whether a snapshot is possible, without calling a supplier.
	 * @return {@code false} if there is certainly no snapshot
	 */
	boolean isSnapshotPossible() {
		return SseData.isSnapshotPossible(this.value);
	}

}
