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

package io.github.springsse.publish;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.InvalidTopicException;
import io.github.springsse.InvalidTopicVariableException;
import io.github.springsse.SseData;
import io.github.springsse.SseEvent;
import io.github.springsse.SseException;
import io.github.springsse.SsePayloadHints;
import io.github.springsse.SsePublish;
import io.github.springsse.SseTopic;
import io.github.springsse.Topic;
import io.github.springsse.TopicTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.DataBindingPropertyAccessor;
import org.springframework.expression.spel.support.MapAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringValueResolver;

/**
 * The metadata of a method with {@link SsePublish}: its topic, event name and hints.
 * Thread-safe.
 */
final class PublishMethod {

	/** The variable for the name of a user, as in topics of {@link SseTopic}. */
	private static final String USER = "user";

	private static final EvaluationContext PROPERTIES = SimpleEvaluationContext
		.forPropertyAccessors(new MapAccessor(false), DataBindingPropertyAccessor.forReadOnlyAccess())
		.build();

	private final Method method;

	private final TopicTemplate topic;

	private final String eventName;

	private final Map<String, Variable> variables = new HashMap<>();

	/** By the class of the target, which resolves type variables. */
	private final Map<Class<?>, SsePayloadHints> hints = new ConcurrentHashMap<>();

	private PublishMethod(Method method, TopicTemplate topic, String eventName) {
		this.method = method;
		this.topic = topic;
		this.eventName = eventName;
		@Nullable String[] names = new DefaultParameterNameDiscoverer().getParameterNames(method);
		List<String> parameters = (names != null) ? List.of(names) : List.of();
		topic.variables().forEach((name) -> this.variables.put(name, variable(name, parameters)));
	}

	/**
	 * Read the metadata of a method.
	 * @param method the method
	 * @param placeholders resolves the placeholders of the topic
	 * @throws InvalidSseMethodException if the annotation cannot work on the method
	 */
	static PublishMethod of(Method method, StringValueResolver placeholders) {
		SsePublish annotation = AnnotatedElementUtils.findMergedAnnotation(method, SsePublish.class);
		if (annotation == null) {
			throw new IllegalStateException("No @SsePublish on " + method);
		}
		checkReturnType(method);
		checkListener(method);
		TopicTemplate topic = topic(annotation, method, placeholders);
		if (!annotation.event().isEmpty()) {
			if (data(ResolvableType.forMethodReturnType(method)) == SseEvent.class) {
				throw new InvalidSseMethodException(
						SsePublish.class, method, "it returns an SseEvent, which has its own name, so '"
								+ annotation.event() + "' would be ignored",
						"Remove the name, or return the data of the event", null);
			}
			checkName(annotation.event(), method);
		}
		return new PublishMethod(method, topic, annotation.event());
	}

	private static TopicTemplate topic(SsePublish annotation, Method method, StringValueResolver placeholders) {
		try {
			TopicTemplate topic = TopicTemplate.of(annotation.topic(), placeholders);
			topic.checkTopic();
			return topic;
		}
		catch (InvalidTopicException ex) {
			throw new InvalidSseMethodException(SsePublish.class, method, "" + ex.getMessage(), "Correct the topic",
					ex);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSseMethodException(SsePublish.class, method, "" + ex.getMessage(),
					"Set the property, or give the placeholder a default, as in ${name:default}", ex);
		}
	}

	private static void checkName(String event, Method method) {
		try {
			SseEvent.of(event, "");
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"the name of the event is invalid: " + ex.getMessage(), "Correct the name", ex);
		}
	}

	private static void checkReturnType(Method method) {
		if (KotlinDetector.isSuspendingFunction(method)) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"it is a suspending function, which gives the proxy a publisher instead of the data",
					"Remove suspend, or publish with SseOperations", null);
		}
		ResolvableType type = ResolvableType.forMethodReturnType(method);
		checkStage(type.toClass(), method);
		Class<?> data = data(type);
		if (data == void.class || data == Void.class || data.getName().equals("kotlin.Unit")) {
			throw new InvalidSseMethodException(SsePublish.class, method, "it returns no value that can be published",
					"Return the data of the event, or publish with SseOperations", null);
		}
		try {
			SseData.checkDeclared(type, SseData.Place.RESULT);
			SsePayloadHints.of(method, null, SseData.Place.RESULT);
		}
		catch (InvalidSseDataException ex) {
			throw new InvalidSseMethodException(SsePublish.class, method, ex.getFault(), ex.getAction(), ex);
		}
	}

	private static Class<?> data(ResolvableType returned) {
		return SseData.unwrap(returned, SseData.Place.RESULT).toClass();
	}

	/**
	 * Check that the declared type can hold the stage that completes after the
	 * publication.
	 */
	private static void checkStage(Class<?> returned, Method method) {
		if (CompletionStage.class.isAssignableFrom(returned) && !returned.isAssignableFrom(CompletableFuture.class)) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"callers receive a CompletableFuture that completes when the event is published, not a "
							+ returned.getName(),
					"Return CompletableFuture or CompletionStage", null);
		}
	}

	/**
	 * Check that a listener does not receive its own result, which Spring publishes as
	 * one or more application events.
	 */
	private static void checkListener(Method method) {
		EventListener listener = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		if (listener == null) {
			return;
		}
		ResolvableType returned = eventType(ResolvableType.forMethodReturnType(method));
		boolean unknown = returned.toClass() == Object.class;
		if (unknown || heardTypes(listener, method).anyMatch((type) -> type.isAssignableFrom(returned))) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"Spring publishes the result of an event listener, " + returned
							+ (unknown ? ", which this listener may receive itself, in an endless loop"
									: ", which this listener receives itself, in an endless loop"),
					"Make it a void method that publishes with SseOperations, or return a type that it does not "
							+ "listen to",
					null);
		}
	}

	private static ResolvableType eventType(ResolvableType returned) {
		ResolvableType type = CompletionStage.class.isAssignableFrom(returned.toClass())
				? returned.as(CompletionStage.class).getGeneric() : returned;
		if (type.isArray()) {
			return type.getComponentType();
		}
		return Collection.class.isAssignableFrom(type.toClass()) ? type.as(Collection.class).getGeneric() : type;
	}

	private static Stream<ResolvableType> heardTypes(EventListener listener, Method method) {
		if (listener.classes().length > 0) {
			return Arrays.stream(listener.classes()).map(ResolvableType::forClass);
		}
		return IntStream.range(0, method.getParameterCount())
			.mapToObj((index) -> ResolvableType.forMethodParameter(method, index))
			.map((type) -> (type.toClass() == PayloadApplicationEvent.class) ? type.getGeneric() : type);
	}

	private Variable variable(String name, List<String> parameters) {
		int dot = name.indexOf('.');
		int parameter = parameters.indexOf((dot != -1) ? name.substring(0, dot) : name);
		if (parameter != -1 && dot == -1) {
			return new Variable(parameter, null);
		}
		String path = (parameter != -1) ? name.substring(dot + 1) : name;
		if (path.indexOf('-') != -1 || path.startsWith("#")) {
			throw noSuchVariable(name, "", null);
		}
		try {
			Variable variable = new Variable(parameter, new SpelExpressionParser().parseExpression(path));
			Class<?> type = (parameter != -1) ? this.method.getParameterTypes()[parameter] : dataType();
			new DeclaredProperties().check(type, path);
			return variable;
		}
		catch (ParseException ex) {
			throw noSuchVariable(name, "", ex);
		}
		catch (IllegalArgumentException ex) {
			throw noSuchVariable(name, ": " + ex.getMessage(), ex);
		}
	}

	private InvalidSseMethodException noSuchVariable(String name, String reason, @Nullable Exception cause) {
		return new InvalidSseMethodException(SsePublish.class, this.method,
				"the variable '" + name + "' of topic '" + this.topic
						+ "' is neither an argument nor a property of the data" + reason,
				"Use the name of an argument, of a property of an argument, or of a property of the returned data",
				cause);
	}

	/**
	 * The type of the published data, {@code Object} if it is unknown.
	 */
	private Class<?> dataType() {
		Class<?> type = data(ResolvableType.forMethodReturnType(this.method));
		return (type != SseEvent.class) ? type : Object.class;
	}

	/**
	 * Return the topic of one call.
	 * @param arguments the arguments of the call
	 * @param data the data of the event
	 * @throws SseException if a variable has no value, or a value that a topic cannot
	 * contain
	 */
	String topic(@Nullable Object[] arguments, Object data) {
		return this.topic.expand((name) -> {
			Variable variable = this.variables.get(name);
			return (variable != null) ? value(name, variable, arguments, data) : null;
		});
	}

	private @Nullable String value(String name, Variable variable, @Nullable Object[] arguments, Object data) {
		Object value = (variable.parameter() != -1) ? arguments[variable.parameter()] : data;
		if (value != null && variable.property() != null) {
			try {
				value = variable.property().getValue(PROPERTIES, value);
			}
			catch (EvaluationException ex) {
				String fault = (variable.parameter() == -1) ? "there is no argument '" + name + "' of "
						+ this.method.getName() + ", and no such property in " : "there is no such property in ";
				throw new InvalidTopicVariableException(this.topic.toString(), name, fault + value.getClass().getName(),
						ex);
			}
		}
		try {
			String text = TopicTemplate.text(unboxed(value));
			return (text != null && !text.isEmpty() && name.equals(USER)) ? Topic.encodeSegment(text) : text;
		}
		catch (InvalidTopicException ex) {
			throw new InvalidTopicVariableException(this.topic.toString(), name, ex.getMessage(), ex);
		}
		catch (ConversionException ex) {
			throw new InvalidTopicVariableException(this.topic.toString(), name,
					"its value cannot be converted to text: it has type "
							+ ((value != null) ? value.getClass().getName() : ""),
					ex);
		}
	}

	/**
	 * Return the content of an object of a Kotlin value class. If the declared type is
	 * neither nullable nor a type variable, the compiler has already unboxed it.
	 */
	private static @Nullable Object unboxed(@Nullable Object value) {
		if (value == null || value instanceof String || !KotlinDetector.isInlineClass(value.getClass())) {
			return value;
		}
		Method method = ReflectionUtils.findMethod(value.getClass(), "unbox-impl");
		return (method != null) ? ReflectionUtils.invokeMethod(method, value) : value;
	}

	/**
	 * Return the event of one call.
	 * @param returned the return value of the method, or the value of its completed stage
	 * @param target the class of the object on which the method was called
	 * @return the event, {@code null} if there is none
	 * @throws InvalidSseDataException if the value cannot be the data of an event
	 */
	@Nullable SseEvent event(@Nullable Object returned, @Nullable Class<?> target) {
		SsePayloadHints known = this.hints.computeIfAbsent((target != null) ? target : this.method.getDeclaringClass(),
				(type) -> SsePayloadHints.of(this.method, type, SseData.Place.RESULT));
		return SseData.published(returned, this.eventName, known);
	}

	/**
	 * The origin of the value of a variable.
	 *
	 * @param parameter the index of the argument, -1 for the result of the method
	 * @param property the property of the argument or result, {@code null} for the object
	 * itself
	 */
	private record Variable(int parameter, @Nullable Expression property) {

	}

}
