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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.InvalidTopicException;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.util.StringValueResolver;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.util.UriTemplate;

/**
 * A controller method with {@link SseTopic}, and what is to be known of it.
 *
 * @param method the method
 * @param topics its topics and patterns
 * @param dataOnly whether clients get data and comments alone
 * @param variables where the values of variables come from
 */
record TopicMethod(Method method, List<TopicTemplate> topics, boolean dataOnly, TopicVariables variables) {

	/** What says more, or other, than a snapshot does. */
	private static final List<Class<?>> NOT_A_SNAPSHOT = List.of(ResponseBodyEmitter.class, HttpEntity.class,
			ErrorResponse.class, ProblemDetail.class, ModelAndView.class, View.class, StreamingResponseBody.class,
			Callable.class, WebAsyncTask.class, DeferredResult.class, Future.class, CompletionStage.class);

	/** By its name, since Jackson need not be there. */
	private static final String JSON_VIEW = "com.fasterxml.jackson.annotation.JsonView";

	/**
	 * Return what is to be known of a method.
	 * @param method the method
	 * @param placeholders resolves those of its topics
	 * @return the method, or {@code null} if it has no {@link SseTopic}
	 * @throws InvalidSseMethodException if the annotation cannot work on it
	 */
	static @Nullable TopicMethod of(Method method, StringValueResolver placeholders) {
		SseTopic annotation = AnnotatedElementUtils.findMergedAnnotation(method, SseTopic.class);
		if (annotation == null) {
			return null;
		}
		if (!isSnapshot(method.getReturnType())) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"the return type " + method.getReturnType().getSimpleName() + " is no snapshot",
					"Return the data of the snapshot, or nothing. For topics known only at run time, leave out "
							+ "the annotation and return SseEmitterRegistry.subscribe(...)",
					null);
		}
		ResponseStatus status = AnnotatedElementUtils.findMergedAnnotation(method, ResponseStatus.class);
		if (status != null && status.code() != HttpStatus.OK) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"it always answers with status " + status.code(), "Leave out @ResponseStatus", null);
		}
		if (MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(JSON_VIEW)) {
			throw new InvalidSseMethodException(SseTopic.class, method, "no snapshot is written with a @JsonView",
					"Leave out @JsonView, and return no more than clients may see", null);
		}
		if (annotation.value().length == 0) {
			throw new InvalidSseMethodException(SseTopic.class, method, "there is no topic", "Name one at least", null);
		}
		List<TopicTemplate> topics = topics(annotation, method, placeholders);
		TopicMethod result = new TopicMethod(method, topics, annotation.dataOnly(), new TopicVariables(method, topics));
		result.topics.forEach(result::checkSegments);
		return result;
	}

	private static List<TopicTemplate> topics(SseTopic annotation, Method method, StringValueResolver placeholders) {
		try {
			return Arrays.stream(annotation.value()).map((topic) -> TopicTemplate.of(topic, placeholders)).toList();
		}
		catch (InvalidTopicException ex) {
			throw new InvalidSseMethodException(SseTopic.class, method, "" + ex.getMessage(), "Correct the topic", ex);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSseMethodException(SseTopic.class, method, "" + ex.getMessage(),
					"Set the property, or give the placeholder a default, as in ${name:default}", ex);
		}
	}

	/**
	 * Tell whether the snapshot is made while the method runs, and not by what it
	 * returns, later.
	 */
	boolean makesSnapshot() {
		Class<?> type = this.method.getReturnType();
		return type != void.class && type != Void.class && !Supplier.class.isAssignableFrom(type);
	}

	/**
	 * Tell whether values of a type can be snapshots.
	 * @param type the type
	 * @return {@code false} if they say more than a snapshot does, or come later
	 */
	static boolean isSnapshot(Class<?> type) {
		return NOT_A_SNAPSHOT.stream().noneMatch((other) -> other.isAssignableFrom(type))
				&& ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) == null;
	}

	/**
	 * Check that no client can choose where the value of one variable ends and that of
	 * another begins.
	 */
	private void checkSegments(TopicTemplate topic) {
		for (String segment : topic.toString().split("/")) {
			if (segment.indexOf('{') != segment.lastIndexOf('{')) {
				throw new InvalidSseMethodException(SseTopic.class, this.method,
						"the segment '" + segment + "' of topic '" + topic
								+ "' has two variables, so that part of one value may pass for part of the other",
						"Put a '/' between them", null);
			}
		}
	}

	/**
	 * Check that every variable has one place that its value can come from.
	 * @param path a path that the method is mapped to
	 * @throws InvalidSseMethodException if one has not
	 */
	void checkVariables(String path) {
		List<String> pathVariables = new UriTemplate(path).getVariableNames();
		for (TopicTemplate topic : this.topics) {
			for (String variable : topic.variables()) {
				TopicVariables.Fault fault = this.variables.check(variable, path, pathVariables);
				if (fault != null) {
					throw new InvalidSseMethodException(SseTopic.class, this.method,
							"the variable '" + variable + "' of topic '" + topic + "' " + fault.fault(), fault.action(),
							null);
				}
			}
		}
	}

}
