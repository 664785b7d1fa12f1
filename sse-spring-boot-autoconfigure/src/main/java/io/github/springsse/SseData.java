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

package io.github.springsse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.InputStreamSource;
import org.springframework.util.ClassUtils;

/**
 * Decides which values can be the data of an event. It rejects futures, functions and
 * responses, and events that are part of another event. The same rules apply wherever a
 * value comes from. Checks the value and the elements of collections, arrays and maps,
 * but no deeper. Stateless, thread-safe.
 *
 * @since 0.1.0
 */
public final class SseData {

	private static final String SNAPSHOT = "snapshot";

	private static final ClassValue<Kind> kinds = new ClassValue<>() {

		@Override
		protected Kind computeValue(Class<?> type) {
			return Kind.of(type);
		}

	};

	private SseData() {
	}

	/**
	 * Check the data of an event.
	 * @param data the data
	 * @param place where the data is used
	 * @throws InvalidSseDataException if the value cannot be the data of an event
	 */
	public static void check(Object data, Place place) {
		Kind kind = kinds.get(data.getClass());
		if (kind.isRefused(place)) {
			throw refusal(kind, place, text(data, kind));
		}
		Iterable<?> elements = (data instanceof Map<?, ?> map) ? map.values() : elements(data);
		Class<?> before = null;
		for (Object element : elements) {
			if (element != null && element.getClass() != before) {
				before = element.getClass();
				checkElement(before, data.getClass(), place);
			}
		}
	}

	/**
	 * Check the data of an event without reading elements that may be loaded lazily, such
	 * as those of a JPA collection.
	 * @param data the data
	 * @param place where the data is used
	 * @throws InvalidSseDataException if the value cannot be the data of an event
	 */
	static void checkUnread(Object data, Place place) {
		Class<?> type = data.getClass();
		if (type.isArray() || type.getName().startsWith("java.")) {
			check(data, place);
			return;
		}
		Kind kind = kinds.get(type);
		if (kind.isRefused(place)) {
			throw refusal(kind, place, text(data, kind));
		}
	}

	private static String text(Object data, Kind kind) {
		return (kind != Kind.FAILURE) ? name(data.getClass()) : data.toString();
	}

	private static void checkElement(Class<?> element, Class<?> container, Place place) {
		Kind kind = kinds.get(element);
		if (kind.isRefusedAsElement()) {
			throw refusal(kind, place, name(element) + " in " + name(container));
		}
	}

	/**
	 * Check the declared return type of a method. Whatever the type does not show is
	 * checked with each value.
	 * @param declared the type
	 * @param place where the value is used
	 * @throws InvalidSseDataException if no value of the type can be data
	 */
	public static void checkDeclared(ResolvableType declared, Place place) {
		ResolvableType type = unwrap(declared, place);
		Class<?> raw = type.toClass();
		Kind kind = kinds.get(raw);
		if (kind.isRefused(place) && !isTaken(raw, kind, place)) {
			throw refusal(kind, place, name(raw));
		}
		Class<?> element = elementType(type).toClass();
		boolean isSeries = place == Place.SNAPSHOT && !Map.class.isAssignableFrom(raw);
		if (!(isSeries && kinds.get(element).isEvent())) {
			checkElement(element, raw, place);
		}
	}

	/**
	 * Return whether data can be extracted from values of a type that are not data
	 * themselves.
	 */
	private static boolean isTaken(Class<?> type, Kind kind, Place place) {
		return switch (place) {
			case SNAPSHOT -> kind.isEvent() || kind == Kind.NOTHING || isReadable(type) || isPrimitiveOptional(type);
			case RESULT -> kind == Kind.EVENT || isPrimitiveOptional(type);
			default -> false;
		};
	}

	private static boolean isPrimitiveOptional(Class<?> type) {
		return type == OptionalInt.class || type == OptionalLong.class || type == OptionalDouble.class;
	}

	/**
	 * Return the type of the written data for the declared return type of a method.
	 * @param declared the type that the method declares
	 * @param place where the value is used
	 * @return the type, without the container that the value is extracted from
	 */
	public static ResolvableType unwrap(ResolvableType declared, Place place) {
		ResolvableType type = declared;
		if (place.shell != null && place.shell.isAssignableFrom(type.toClass())
				&& !Iterable.class.isAssignableFrom(type.toClass())) {
			type = argument(type, place.shell, 0);
		}
		return (place.shell != null && type.toClass() == Optional.class) ? type.getGeneric() : type;
	}

	/**
	 * Return the type that a value is written with. For a value that is read into a list,
	 * this is the type of the list.
	 */
	static ResolvableType writtenType(ResolvableType declared, Place place) {
		ResolvableType type = unwrap(declared, place);
		if (place != Place.SNAPSHOT || !isReadable(type.toClass())) {
			return type;
		}
		ResolvableType element = elementType(type);
		return (element.resolve() != null) ? ResolvableType.forClassWithGenerics(List.class, element)
				: ResolvableType.NONE;
	}

	private static ResolvableType elementType(ResolvableType type) {
		if (type.isArray()) {
			return type.getComponentType();
		}
		Class<?> raw = type.toClass();
		if (Map.class.isAssignableFrom(raw)) {
			return argument(type, Map.class, 1);
		}
		for (Class<?> container : List.of(Iterable.class, BaseStream.class, Iterator.class)) {
			if (container.isAssignableFrom(raw)) {
				return argument(type, container, 0);
			}
		}
		return ResolvableType.NONE;
	}

	/**
	 * Return the event for the result of a method with {@link SsePublish}.
	 * @param returned the return value of the method, or the value of its completed stage
	 * @param name the name of the event, empty for none
	 * @param hints the hints for writing the data
	 * @return the event, {@code null} if there is none, for example because the method
	 * failed
	 * @throws InvalidSseDataException if the value cannot be the data of an event
	 */
	public static @Nullable SseEvent published(@Nullable Object returned, String name, SsePayloadHints hints) {
		Object value = content(returned);
		if (value == null || kinds.get(value.getClass()) == Kind.FAILURE) {
			return null;
		}
		if (value instanceof SseEvent event) {
			checkUnread(event.getData(), Place.RESULT);
			return withView(event, hints);
		}
		checkUnread(value, Place.RESULT);
		return (name.isEmpty() ? SseEvent.of(value) : SseEvent.of(name, value)).withHints(hints);
	}

	private static SseEvent withView(SseEvent event, SsePayloadHints hints) {
		SsePayloadHints own = event.getHints();
		return (own.view() == null && hints.view() != null)
				? event.withHints(new SsePayloadHints(own.type(), hints.view())) : event;
	}

	/**
	 * Return the events of a snapshot. Calls the supplier if there is one.
	 * @param returned the return value of a method with {@link SseTopic}
	 * @param hints the hints for writing the data
	 * @return the events, none if there is no snapshot
	 * @throws InvalidSseDataException if the value cannot be the data of an event
	 */
	public static List<SseEvent> snapshot(@Nullable Object returned, SsePayloadHints hints) {
		Object value = content((returned instanceof Supplier<?> supplier && isSupplier(returned.getClass()))
				? supplier.get() : returned);
		if (value == null) {
			return List.of();
		}
		value = isReadable(value.getClass()) ? read(value) : value;
		if (kinds.get(value.getClass()).isEvent()) {
			return List.of(snapshotEvent(value, hints));
		}
		Iterable<?> elements = elements(value);
		if (areEvents(elements)) {
			List<SseEvent> events = new ArrayList<>();
			elements.forEach((element) -> events.add(snapshotEvent(element, hints)));
			return events;
		}
		check(value, Place.SNAPSHOT);
		return List.of(SseEvent.of(SNAPSHOT, value).withHints(hints));
	}

	private static SseEvent snapshotEvent(Object value, SsePayloadHints hints) {
		SseEvent event = (value instanceof SseEvent own) ? own : SpringEvents.convert(value);
		if (event == null) {
			throw new InvalidSseDataException(name(value.getClass())
					+ " cannot be a snapshot: it has no data, or other fields than a name and data, such as an id, "
					+ "which the log assigns", "Return SseEvent.of(name, data)");
		}
		check(event.getData(), Place.SNAPSHOT);
		return withView(event, hints);
	}

	/**
	 * Return whether values of a type are called as suppliers of data. A supplier that is
	 * also an {@code Iterable}, such as a {@code Page} of Spring Data, is data itself.
	 * @param type the type
	 * @return {@code true} if it is a supplier of data
	 */
	public static boolean isSupplier(Class<?> type) {
		return Supplier.class.isAssignableFrom(type) && !Iterable.class.isAssignableFrom(type);
	}

	/**
	 * Return whether there may be a snapshot, without calling a supplier.
	 * @param returned the return value of a method with {@link SseTopic}
	 * @return {@code false} if there is certainly none
	 */
	public static boolean isSnapshotPossible(@Nullable Object returned) {
		return content(returned) != null;
	}

	/**
	 * Return the type argument that a type has for a generic supertype. If this argument
	 * is a type variable of the type itself, as in {@code CompletableFuture}, return the
	 * actual argument, because only Spring can resolve the variable to a type.
	 */
	private static ResolvableType argument(ResolvableType type, Class<?> superType, int index) {
		ResolvableType result = type.as(superType).getGeneric(index);
		int variable = Arrays.asList(type.toClass().getTypeParameters()).indexOf(result.getType());
		return (variable != -1 && type.hasGenerics()) ? type.getGeneric(variable) : result;
	}

	private static @Nullable Object content(@Nullable Object value) {
		if (value instanceof Optional<?> optional) {
			return optional.orElse(null);
		}
		if (value instanceof OptionalInt optional) {
			return optional.isPresent() ? optional.getAsInt() : null;
		}
		if (value instanceof OptionalLong optional) {
			return optional.isPresent() ? optional.getAsLong() : null;
		}
		if (value instanceof OptionalDouble optional) {
			return optional.isPresent() ? optional.getAsDouble() : null;
		}
		return (value != null && kinds.get(value.getClass()) == Kind.NOTHING) ? null : value;
	}

	private static boolean isReadable(Class<?> type) {
		return BaseStream.class.isAssignableFrom(type) || Iterator.class.isAssignableFrom(type)
				|| isIterableLambda(type);
	}

	/**
	 * Return whether a type is that of a lambda expression that implements
	 * {@code Iterable}, such as <code>stream::iterator</code>. Most of them can be read
	 * only once.
	 */
	private static boolean isIterableLambda(Class<?> type) {
		return Iterable.class.isAssignableFrom(type) && (type.isHidden() || ClassUtils.isLambdaClass(type));
	}

	private static List<@Nullable Object> read(Object source) {
		List<@Nullable Object> result = new ArrayList<>();
		if (source instanceof BaseStream<?, ?> stream) {
			try (stream) {
				stream.iterator().forEachRemaining(result::add);
			}
		}
		else if (source instanceof Iterator<?> iterator) {
			iterator.forEachRemaining(result::add);
		}
		else {
			((Iterable<?>) source).forEach(result::add);
		}
		return result;
	}

	/**
	 * Return the elements to check. NOTE: a path iterates over itself, and a closeable
	 * value may be readable only once.
	 */
	private static Iterable<?> elements(Object value) {
		if (value instanceof Object[] array) {
			return Arrays.asList(array);
		}
		return (value instanceof Iterable<?> iterable && !(value instanceof Path) && !(value instanceof AutoCloseable))
				? iterable : List.of();
	}

	private static boolean areEvents(Iterable<?> elements) {
		boolean result = false;
		for (Object element : elements) {
			if (element == null || !kinds.get(element.getClass()).isEvent()) {
				return false;
			}
			result = true;
		}
		return result;
	}

	private static String name(Class<?> type) {
		return type.getTypeName();
	}

	private static InvalidSseDataException refusal(Kind kind, Place place, String type) {
		return new InvalidSseDataException(type + " cannot be " + place.use + ": " + kind.reason, kind.action(place));
	}

	/**
	 * The places where values are used as data.
	 */
	public enum Place {

		/** An argument of {@link SseOperations}. */
		PUBLISH("published", "Publish", null),

		/** An argument of {@link SseStream}. */
		SEND("sent", "Send", null),

		/** The result of a method with {@link SsePublish}. */
		RESULT("published", "Return", CompletionStage.class),

		/** The result of a method with {@link SseTopic}. */
		SNAPSHOT("a snapshot", "Return", Supplier.class);

		private final String use;

		private final String verb;

		/**
		 * The container type that a value may be extracted from. If it is set, values of
		 * an {@code Optional} are extracted, too.
		 */
		private final @Nullable Class<?> shell;

		Place(String use, String verb, @Nullable Class<?> shell) {
			this.use = use;
			this.verb = verb;
			this.shell = shell;
		}

	}

	/**
	 * The kinds of values. Types are matched by name, because most of them may be
	 * missing.
	 */
	private enum Kind {

		EVENT("an event cannot be data or part of data", "%s each event by itself", SseEvent.class.getName()),

		SPRING_EVENT("only SseStream.send accepts it", "%s SseEvent.of(name, data), whose id the log assigns",
				"org.springframework.http.codec.ServerSentEvent",
				"org.springframework.web.servlet.mvc.method.annotation.SseEmitter$SseEventBuilder"),

		STREAM("it is a stream", "%s data",
				"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter"),

		ANSWER("it is a response to a request", "%s only the data", "org.springframework.http.HttpEntity",
				"org.springframework.web.ErrorResponse", "org.springframework.web.servlet.ModelAndView",
				"org.springframework.web.servlet.View", "org.springframework.web.servlet.function.ServerResponse",
				"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody"),

		PROBLEM("it is a response to a request", "Throw an ErrorResponseException",
				"org.springframework.http.ProblemDetail"),

		LATER("its value comes later", "%s the value when it is available", Future.class.getName(),
				CompletionStage.class.getName(), Callable.class.getName(), Flow.Publisher.class.getName(),
				"org.reactivestreams.Publisher", "kotlinx.coroutines.Job", "kotlinx.coroutines.flow.Flow",
				"kotlinx.coroutines.channels.ReceiveChannel", "kotlinx.coroutines.channels.SendChannel", "kotlin.Lazy",
				"org.springframework.web.context.request.async.DeferredResult",
				"org.springframework.web.context.request.async.WebAsyncTask"),

		SOURCE("its value comes later",
				"%s each value when it is available, or publish all with SseOperations.publishAll(topic, source)"),

		FUNCTION("it is a function, not a value", "%s its value", Supplier.class.getName(), "kotlin.Function"),

		READ_ONCE("it can be read only once", "%s a List of its elements", BaseStream.class.getName(),
				Iterator.class.getName(), "kotlin.sequences.Sequence"),

		NOTHING("it has no value", "%s data", "kotlin.Unit"),

		FAILURE("it is the failure of a Result", "%s the value, and throw the exception of a failure",
				"kotlin.Result$Failure"),

		OUTCOME("it may be a failure", "%s its value, and throw the exception of a failure", "kotlin.Result"),

		CONTENT("it must be read first", "%s its content as text", InputStreamSource.class.getName(),
				"java.io.InputStream", "java.io.Reader"),

		OPTIONAL("it may have no value", "%s its value, if there is one", Optional.class.getName(),
				OptionalInt.class.getName(), OptionalLong.class.getName(), OptionalDouble.class.getName()),

		DATA("", "");

		private final String reason;

		private final String action;

		private final List<String> types;

		Kind(String reason, String action, String... types) {
			this.reason = reason;
			this.action = action;
			this.types = List.of(types);
		}

		static Kind of(Class<?> type) {
			if (isIterableLambda(type)) {
				return READ_ONCE;
			}
			if (isSource(type)) {
				return SOURCE;
			}
			boolean iterable = Iterable.class.isAssignableFrom(type);
			for (Kind kind : values()) {
				if (kind.includes(type) && !(kind == FUNCTION && iterable)) {
					return kind;
				}
			}
			return (ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null) ? LATER : DATA;
		}

		/**
		 * Return whether a type has many values that arrive later. NOTE: a type with one
		 * value may be a publisher, too.
		 */
		private static boolean isSource(Class<?> type) {
			ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
			return (adapter != null) ? adapter.isMultiValue() : Flow.Publisher.class.isAssignableFrom(type);
		}

		private boolean includes(@Nullable Class<?> type) {
			return type != null && (this.types.contains(type.getName()) || includes(type.getSuperclass())
					|| Arrays.stream(type.getInterfaces()).anyMatch(this::includes));
		}

		boolean isEvent() {
			return this == EVENT || this == SPRING_EVENT;
		}

		boolean isRefused(Place place) {
			return this != DATA && (this != PROBLEM || place == Place.SNAPSHOT);
		}

		boolean isRefusedAsElement() {
			return this != DATA && this != PROBLEM && this != OPTIONAL;
		}

		String action(Place place) {
			String result = this.action.formatted(place.verb);
			if (place == Place.PUBLISH || place == Place.RESULT) {
				return (this == READ_ONCE) ? result
						+ ", or publish its elements with SseOperations.publishAll(topic, source), which takes a Stream "
						+ "or an Iterable" : result;
			}
			if (place != Place.SNAPSHOT) {
				return result;
			}
			return switch (this) {
				case FUNCTION -> result + ", or a java.util.function.Supplier of it";
				case SOURCE ->
					"Return it from a method that declares its type, such as Flux<String>, to publish its elements, "
							+ "or return each value when it is available";
				case STREAM, LATER, ANSWER ->
					result + ", or nothing. For topics known only at run time, leave out the annotation "
							+ "and return SseEmitterRegistry.subscribe(...)";
				default -> result;
			};
		}

	}

}
