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

import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.DeliveredStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.AsyncHandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Opens streams for methods with {@link SseTopic} and for methods that return an
 * {@link SseStream}. Spring MVC gives precedence to asynchronous handlers, so that
 * neither {@code @ResponseBody} nor the handler of {@code SseEmitter} handles these
 * values.
 */
final class StreamReturnValueHandler implements AsyncHandlerMethodReturnValueHandler {

	private final StreamOpener opener;

	StreamReturnValueHandler(StreamOpener opener) {
		this.opener = opener;
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return returnType.hasMethodAnnotation(SseTopic.class)
				|| SseStream.class.isAssignableFrom(returnType.getParameterType());
	}

	@Override
	public boolean isAsyncReturnValue(@Nullable Object returnValue, MethodParameter returnType) {
		return supportsReturnType(returnType) || returnValue instanceof SseStream;
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer container, NativeWebRequest webRequest) throws Exception {
		container.setRequestHandled(true);
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(request != null && response != null, "No servlet request");
		TopicRequest topics = TopicRequest.takeFrom(request, returnType.getMethod());
		if (topics != null) {
			this.opener.open(topics, Returned.by(returnType, returnValue), request, response);
		}
		else if (TopicRequest.isSuperseded(request, returnType.getMethod())) {
			// another method has answered
			return;
		}
		else if (returnValue instanceof SseStream stream) {
			open(stream, returnType.getExecutable(), request, response);
		}
		else if (returnType.hasMethodAnnotation(SseTopic.class) && !response.isCommitted()) {
			throw new IllegalStateException(
					"The interceptor of the starter, which prepares the stream, did not run before the method "
							+ returnType.getExecutable().getName()
							+ " with @SseTopic: create its handler mapping as a bean of a context with the auto-configuration");
		}
		else if (returnValue != null) {
			throw notOpenable(returnValue);
		}
		else if (!response.isCommitted()) {
			StreamLog.notOpened(request, "the method returned null");
		}
	}

	/**
	 * Open a stream, or refuse it.
	 * @param stream a stream of the registry
	 * @param source the method or route that returned the stream
	 * @param request the request
	 * @param response the response
	 * @throws Exception if the client has disconnected, or may not open the stream
	 */
	void open(SseStream stream, Object source, HttpServletRequest request, HttpServletResponse response)
			throws Exception {
		if (!(stream instanceof DeliveredStream delivered)) {
			throw notOpenable(stream);
		}
		this.opener.open(delivered, Returned.with(request, delivered.takeSnapshot()), source, request, response);
	}

	private static IllegalStateException notOpenable(Object value) {
		return new IllegalStateException("Not a stream that can be opened: " + value.getClass().getName()
				+ "; return a stream from SseEmitterRegistry.subscribe(...) of the starter");
	}

}
