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

import java.io.IOException;
import java.util.Arrays;

import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.RefusalReason;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Refuses streams whose methods failed for lack of memory or because of a rejected task.
 * Otherwise the answer would be status 500, after which an {@code EventSource} does not
 * reconnect.
 */
final class StreamFailureResolver implements HandlerExceptionResolver {

	private static final Log logger = LogFactory.getLog(StreamFailureResolver.class);

	private final TopicMethods methods;

	private final Refusal refusal;

	StreamFailureResolver(TopicMethods methods, Refusal refusal) {
		this.methods = methods;
		this.refusal = refusal;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception exception) {
		RefusalReason reason = Refusal.reasonOf(exception);
		if (reason == null || response.isCommitted() || !(handler instanceof HandlerMethod method)
				|| !opensStream(method)) {
			return null;
		}
		TopicMethod topicMethod = this.methods.get(method.getMethod());
		try {
			this.refusal.answer(request, response, reason, topicMethod != null && topicMethod.dataOnly(), exception);
		}
		catch (IOException ex) {
			logger.debug("The client disconnected before its stream was refused", ex);
		}
		return new ModelAndView();
	}

	/**
	 * Whether a method opens streams.
	 */
	static boolean opensStream(HandlerMethod method) {
		ResolvableType type = ResolvableType.forMethodParameter(method.getReturnType());
		return method.hasMethodAnnotation(SseTopic.class) || isStream(type)
				|| Arrays.stream(type.getGenerics()).anyMatch(StreamFailureResolver::isStream);
	}

	private static boolean isStream(ResolvableType type) {
		return SseStream.class.isAssignableFrom(type.toClass());
	}

}
