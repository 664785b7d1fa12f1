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
import java.util.function.Function;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.InvalidTopicException;
import io.github.springsse.SseData;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePayloadHints;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.util.UriTemplate;

/**
 * A controller method with {@link SseTopic}, and what is to be known of it.
 *
 * @param method the method
 * @param topics its topics and patterns
 * @param dataOnly whether clients get data and comments alone
 * @param view the class of its {@code @JsonView}, if it has one
 * @param variables where the values of variables come from
 * @param answer what there is to be known if its clients begin at the start of its topics
 */
record TopicMethod(Method method, List<TopicTemplate> topics, boolean dataOnly, @Nullable Class<?> view,
		TopicVariables variables, @Nullable AnswerMethod answer) {

	private static final String KOTLIN_FLOW = "kotlinx.coroutines.flow.Flow";

	private static final String MONO = "reactor.core.publisher.Mono";

	/**
	 * Return what is to be known of a method.
	 * @param method the method
	 * @param placeholders resolves those of its topics
	 * @param formats returns formats by their types
	 * @return the method, or {@code null} if it has no {@link SseTopic}
	 * @throws InvalidSseMethodException if the annotation cannot work on it
	 */
	static @Nullable TopicMethod of(Method method, StringValueResolver placeholders,
			Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats) {
		SseTopic annotation = AnnotatedElementUtils.findMergedAnnotation(method, SseTopic.class);
		if (annotation == null) {
			return null;
		}
		if (KotlinDetector.isSuspendingFunction(method)) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"it is a suspending function, whose result comes later",
					"Leave out suspend, and return the data of the snapshot, or nothing. For topics known only at run "
							+ "time, leave out the annotation and return SseEmitterRegistry.subscribe(...)",
					null);
		}
		SsePayloadHints hints = checkedHints(method);
		ResponseStatus status = AnnotatedElementUtils.findMergedAnnotation(method, ResponseStatus.class);
		if (status != null && status.code() != HttpStatus.OK) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"it always answers with status " + status.code(), "Leave out @ResponseStatus", null);
		}
		if (annotation.value().length == 0) {
			throw new InvalidSseMethodException(SseTopic.class, method, "there is no topic", "Name one at least", null);
		}
		List<TopicTemplate> topics = topics(annotation, method, placeholders);
		AnswerMethod answer = AnswerMethod.of(method, annotation, topics, placeholders, formats);
		SseSourceFormat format = (answer != null) ? answer.format() : null;
		boolean dataOnly = annotation.dataOnly() || (format != null && format.isDataOnly());
		TopicMethod result = new TopicMethod(method, topics, dataOnly, hints.view(), new TopicVariables(method, topics),
				answer);
		result.topics.forEach(result::checkSegments);
		return result;
	}

	private static SsePayloadHints checkedHints(Method method) {
		try {
			ResolvableType type = ResolvableType.forMethodReturnType(method);
			if (SourceType.of(type) == null) {
				SseData.checkDeclared(type, SseData.Place.SNAPSHOT);
			}
			return SsePayloadHints.of(method, null, SseData.Place.SNAPSHOT);
		}
		catch (InvalidSseDataException ex) {
			String type = SourceType.content(ResolvableType.forMethodReturnType(method)).toClass().getName();
			throw new InvalidSseMethodException(SseTopic.class, method, ex.getFault(), ex.getAction() + switch (type) {
				case KOTLIN_FLOW ->
					". To have its elements published, add org.jetbrains.kotlinx:kotlinx-coroutines-reactor";
				case MONO -> ". To have its value published when it comes, return mono.flux()";
				default -> "";
			}, ex);
		}
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
		return this.answer == null && type != void.class && type != Void.class && !SseData.isSupplier(type);
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
	 * Check that a view can be applied, if there is one.
	 * @param encoder writes the snapshot
	 * @throws InvalidSseMethodException if it cannot
	 */
	void checkView(SsePayloadEncoder encoder) {
		if (this.view != null && !encoder.supportsViews()) {
			throw new InvalidSseMethodException(SseTopic.class, this.method,
					"it has a @JsonView, and " + encoder.getClass().getName() + " writes no views",
					"Leave out @JsonView, and return no more than clients may see; or have data written by Jackson",
					null);
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
