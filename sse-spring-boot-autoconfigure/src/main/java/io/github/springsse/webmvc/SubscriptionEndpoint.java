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
import java.util.Arrays;
import java.util.List;

import io.github.springsse.InvalidTopicException;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.TopicPattern;

import org.springframework.beans.propertyeditors.StringArrayPropertyEditor;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The endpoint for streams whose topics and patterns clients choose. The
 * {@link StreamAdmission}s decide which client may subscribe to which topic. Thread-safe.
 */
public final class SubscriptionEndpoint {

	private static final String TOPIC = "topic";

	private final SseEmitterRegistry registry;

	/**
	 * Create an endpoint.
	 * @param registry creates the streams
	 */
	public SubscriptionEndpoint(SseEmitterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Map the endpoint to a path.
	 * @param path the path
	 * @param mapping the mapping with which to register the endpoint
	 * @throws IllegalStateException if another method is mapped to the same requests
	 */
	public void map(String path, RequestMappingHandlerMapping mapping) {
		Method method = ReflectionUtils.findMethod(SubscriptionEndpoint.class, "subscribe", String[].class);
		Assert.state(method != null, "No method");
		mapping.registerMapping(RequestMappingInfo.paths(path)
			.methods(RequestMethod.GET)
			.produces(MediaType.TEXT_EVENT_STREAM_VALUE)
			.options(mapping.getBuilderConfiguration())
			.build(), this, method);
	}

	/**
	 * Keep the commas in topics: otherwise a single parameter would be split at its
	 * commas.
	 */
	@InitBinder
	void keepCommas(WebDataBinder binder) {
		binder.registerCustomEditor(String[].class, new WholeTextEditor());
	}

	/**
	 * Subscribe to topics and patterns.
	 * @param topics the topics and patterns
	 * @return the stream
	 */
	@ResponseBody
	SseStream subscribe(@RequestParam(TOPIC) String[] topics) {
		List<String> patterns = Arrays.stream(topics).map(TopicPattern::of).distinct().map(Object::toString).toList();
		return this.registry.subscribe(patterns, null);
	}

	@ExceptionHandler
	ProblemDetail malformed(InvalidTopicException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"Parameter '" + TOPIC + "': " + ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail missing(MissingServletRequestParameterException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"Parameter '" + TOPIC + "' is missing: add one for each topic or pattern");
	}

	/**
	 * Converts a text to an array of one element.
	 */
	private static final class WholeTextEditor extends StringArrayPropertyEditor {

		@Override
		public void setAsText(String text) {
			setValue(new String[] { text });
		}

	}

}
