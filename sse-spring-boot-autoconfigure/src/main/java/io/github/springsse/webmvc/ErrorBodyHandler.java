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

import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.AbstractMessageConverterMethodProcessor;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

/**
 * Keeps the status of an {@code @ExceptionHandler} that fails a request for a stream. An
 * {@code EventSource} accepts no media type in which an error could be written. Spring
 * MVC then treats the exception handler as failed, and answers with the status of the
 * exception instead of the status of the handler. This class keeps the status of the
 * handler, and sends an empty body.
 */
final class ErrorBodyHandler implements HandlerMethodReturnValueHandler {

	private static final Log logger = LogFactory.getLog(ErrorBodyHandler.class);

	private final HandlerMethodReturnValueHandler delegate;

	private ErrorBodyHandler(HandlerMethodReturnValueHandler delegate) {
		this.delegate = delegate;
	}

	/**
	 * Wrap the handlers of a resolver that write with message converters.
	 * @param resolver the resolver
	 */
	static void addTo(ExceptionHandlerExceptionResolver resolver) {
		HandlerMethodReturnValueHandlerComposite composite = resolver.getReturnValueHandlers();
		if (composite == null) {
			return;
		}
		List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>(composite.getHandlers());
		handlers.replaceAll((handler) -> (handler instanceof AbstractMessageConverterMethodProcessor)
				? new ErrorBodyHandler(handler) : handler);
		resolver.setReturnValueHandlers(handlers);
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return this.delegate.supportsReturnType(returnType);
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer container, NativeWebRequest webRequest) throws Exception {
		try {
			this.delegate.handleReturnValue(returnValue, returnType, container, webRequest);
		}
		catch (HttpMediaTypeNotAcceptableException ex) {
			HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
			HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
			if (request == null || response == null || response.isCommitted() || !isForStream(request)) {
				throw ex;
			}
			logger.debug("An error is answered with status " + response.getStatus()
					+ " and an empty body, since the request accepts no media type in which the error can be written");
			container.setRequestHandled(true);
		}
	}

	private static boolean isForStream(HttpServletRequest request) {
		return request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod method
				&& StreamFailureResolver.opensStream(method);
	}

}
