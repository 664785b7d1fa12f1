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
 * The properties of a controller method with {@link SseTopic}.
 *
 * @param method the method
 * @param topics the topics and patterns of the method
 * @param dataOnly whether clients receive only data and comments
 * @param view the class of the {@code @JsonView}, if any
 * @param variables the sources of the values of topic variables
 * @param answer further properties if the streams begin at the start of the topics,
 * otherwise {@code null}
 * @param shared further properties if the snapshots are shared, otherwise {@code null}
 */
record TopicMethod(Method method, List<TopicTemplate> topics, boolean dataOnly, @Nullable Class<?> view,
		TopicVariables variables, @Nullable AnswerMethod answer, @Nullable SharedMethod shared) {

	private static final String KOTLIN_FLOW = "kotlinx.coroutines.flow.Flow";

	private static final String MONO = "reactor.core.publisher.Mono";

	/**
	 * Return the properties of a method.
	 * @param method the method
	 * @param placeholders resolves the placeholders of the topics
	 * @param formats returns formats by their types
	 * @return the properties, or {@code null} if the method has no {@link SseTopic}
	 * @throws InvalidSseMethodException if the annotation cannot work on the method
	 */
	static @Nullable TopicMethod of(Method method, StringValueResolver placeholders,
			Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats) {
		SseTopic annotation = AnnotatedElementUtils.findMergedAnnotation(method, SseTopic.class);
		if (annotation == null) {
			return null;
		}
		if (KotlinDetector.isSuspendingFunction(method)) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"it is a suspending function, whose result is not available when it returns",
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
			throw new InvalidSseMethodException(SseTopic.class, method, "it has no topic", "Name at least one", null);
		}
		List<TopicTemplate> topics = topics(annotation, method, placeholders);
		AnswerMethod answer = AnswerMethod.of(method, annotation, topics, placeholders, formats);
		SseSourceFormat format = (answer != null) ? answer.format() : null;
		boolean dataOnly = annotation.dataOnly() || (format != null && format.isDataOnly());
		TopicMethod result = new TopicMethod(method, topics, dataOnly, hints.view(), new TopicVariables(method, topics),
				answer, SharedMethod.of(method, annotation, topics, answer != null, placeholders));
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
				case KOTLIN_FLOW -> ". To publish its elements, add org.jetbrains.kotlinx:kotlinx-coroutines-reactor";
				case MONO -> ". To publish its value when it is available, return mono.flux()";
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
	 * Whether the method itself creates the snapshot, not a supplier that it returns.
	 */
	boolean makesSnapshot() {
		Class<?> type = this.method.getReturnType();
		return this.answer == null && type != void.class && type != Void.class && !SseData.isSupplier(type);
	}

	/**
	 * Check that no segment has two variables: a client could otherwise choose where the
	 * value of one ends and the value of the other begins.
	 */
	private void checkSegments(TopicTemplate topic) {
		for (String segment : topic.toString().split("/")) {
			if (segment.indexOf('{') != segment.lastIndexOf('{')) {
				throw new InvalidSseMethodException(SseTopic.class, this.method,
						"the segment '" + segment + "' of topic '" + topic
								+ "' has two variables, so that part of one value may be taken for part of the other",
						"Put a '/' between them", null);
			}
		}
	}

	/**
	 * Check that the view of the method, if any, can be applied.
	 * @param encoder writes the snapshot
	 * @throws InvalidSseMethodException if the view cannot be applied
	 */
	void checkView(SsePayloadEncoder encoder) {
		if (this.view != null && !encoder.supportsViews()) {
			throw new InvalidSseMethodException(SseTopic.class, this.method,
					"it has a @JsonView, and " + encoder.getClass().getName() + " does not support views",
					"Leave out @JsonView, and return only data that clients may see; or let Jackson write the data",
					null);
		}
	}

	/**
	 * Check that every topic variable has exactly one source of its value.
	 * @param path a path that the method is mapped to
	 * @throws InvalidSseMethodException if a variable has no source or several
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
