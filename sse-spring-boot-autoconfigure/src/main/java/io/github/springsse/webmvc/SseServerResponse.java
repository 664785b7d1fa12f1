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
import java.util.Map;

import io.github.springsse.SseStream;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The response of a {@code RouterFunction} that opens a stream, as if a controller method
 * had returned it.
 *
 * @since 0.1.0
 */
public final class SseServerResponse implements ServerResponse {

	private final SseStream stream;

	private SseServerResponse(SseStream stream) {
		this.stream = stream;
	}

	/**
	 * Return a response that opens a stream. A client that resumes, or whose stream is
	 * refused, is answered as by a controller method.
	 * @param stream a stream that {@code SseEmitterRegistry.subscribe} has returned for
	 * this request
	 * @return the response
	 */
	public static ServerResponse of(SseStream stream) {
		Assert.notNull(stream, "'stream' must not be null");
		return new SseServerResponse(stream);
	}

	@Override
	public HttpStatusCode statusCode() {
		return HttpStatus.OK;
	}

	@Override
	public HttpHeaders headers() {
		return HttpHeaders.EMPTY;
	}

	@Override
	public MultiValueMap<String, Cookie> cookies() {
		return CollectionUtils.unmodifiableMultiValueMap(CollectionUtils.toMultiValueMap(Map.of()));
	}

	@Override
	public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
			throws ServletException, IOException {
		// NOTE: not the handler function, which filters create again for each request
		Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		StreamReturnValueHandler handler = SseWebMvcConfigurer.of(request).support().returnValueHandler();
		try {
			handler.open(this.stream, (pattern != null) ? pattern : SseServerResponse.class, request, response);
		}
		catch (RuntimeException | ServletException | IOException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new ServletException(ex);
		}
		return null;
	}

}
