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
 * Makes methods with {@code @SseTopic} produce {@code text/event-stream}, unless their
 * mappings declare what they produce. Spring finds the mappings first, and this class
 * then registers them again, so that this works for every handler mapping, whoever
 * defined it.
 */
final class EventStreamMappings {

	private EventStreamMappings() {
	}

	/**
	 * Register again those methods of a mapping that do not declare what they produce.
	 * @param mapping the mapping
	 * @throws InvalidSseMethodException if a method produces another media type, or
	 * declares {@code produces} together with {@code anyAccept}
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
	 * Check the media types that a mapping produces.
	 * @return whether the mapping is to be registered again
	 */
	private static boolean check(SseTopic annotation, Method method, RequestMappingInfo info) {
		boolean explicit = !info.getProducesCondition().isEmpty();
		if (explicit && annotation.anyAccept()) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"its mapping has 'produces' in addition to anyAccept", "Leave out one of the two", null);
		}
		Set<MediaType> types = info.getProducesCondition().getProducibleMediaTypes();
		if (!types.isEmpty() && types.stream().noneMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith)) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"its mapping produces " + types + ", which no EventSource accepts",
					"Add text/event-stream to 'produces' of the method, or leave it out; for clients that accept "
							+ "only other types, set anyAccept instead",
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
