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
import java.util.Map;
import java.util.Set;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseTopic;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.MediaType;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Has methods with {@code @SseTopic} mapped as ones that produce event streams, unless
 * their mappings say what they produce. Mappings are registered anew after Spring has
 * found them, so that it does not matter which mapping has them, and who has defined it.
 */
final class EventStreamMappings {

	private EventStreamMappings() {
	}

	/**
	 * Register the methods of a mapping anew that do not say what they produce.
	 * @param mapping the mapping
	 * @throws InvalidSseMethodException if a method produces something else, or says what
	 * it produces and is to be served whatever a request accepts
	 */
	static void adapt(RequestMappingInfoHandlerMapping mapping) {
		Map.copyOf(mapping.getHandlerMethods()).forEach((info, handler) -> {
			Method method = handler.getMethod();
			SseTopic annotation = AnnotatedElementUtils.findMergedAnnotation(method, SseTopic.class);
			if (annotation != null && check(annotation, method, info)) {
				register(mapping, info, handler);
			}
		});
	}

	/**
	 * Check what a mapping produces.
	 * @return whether it is to be registered anew
	 */
	private static boolean check(SseTopic annotation, Method method, RequestMappingInfo info) {
		boolean explicit = !info.getProducesCondition().isEmpty();
		if (explicit && annotation.anyAccept()) {
			throw new InvalidSseMethodException(SseTopic.class, method, "its mapping has 'produces' beside anyAccept",
					"Leave out one of the two", null);
		}
		Set<MediaType> types = info.getProducesCondition().getProducibleMediaTypes();
		if (!types.isEmpty() && types.stream().noneMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith)) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"its mapping produces " + types + ", and no EventSource accepts that",
					"Add text/event-stream to 'produces' of the method, or leave it out; for clients that ask for "
							+ "something else, set anyAccept instead",
					null);
		}
		return !explicit && !annotation.anyAccept();
	}

	private static void register(RequestMappingInfoHandlerMapping mapping, RequestMappingInfo info,
			HandlerMethod handler) {
		mapping.unregisterMapping(info);
		mapping.registerMapping(info.mutate().produces(MediaType.TEXT_EVENT_STREAM_VALUE).build(), handler.getBean(),
				handler.getMethod());
	}

}
