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
 * Decides what is the data of an event and what is not, wherever a value comes from, so
 * that nothing is written but data: no future, function or answer to a request, and no
 * event as part of another. Looks at a value, and at the elements of collections, arrays
 * and maps, and no deeper. Stateless, thread-safe.
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
	 * @param place where it is to be used
	 * @throws InvalidSseDataException if it is no data
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
	 * Check the data of an event as far as that needs no look at what may be loaded when
	 * it is read, such as a lazy collection of JPA.
	 * @param data the data
	 * @param place where it is to be used
	 * @throws InvalidSseDataException if it is no data
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
	 * Check the type that a method declares to return. What it does not tell is left to
	 * the check of each value.
	 * @param declared the type
	 * @param place where the value is to be used
	 * @throws InvalidSseDataException if no value of the type is data
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
	 * Tell whether something is made of values that are no data themselves.
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
	 * Return the type of what is written, given that of what a method returns.
	 * @param declared the type that the method declares
	 * @param place where the value is to be used
	 * @return the type, without what the value is taken out of
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
	 * Return the type that a value is written by: that of the list, where it is read into
	 * one.
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
	 * Return the event that a method with {@link SsePublish} has returned.
	 * @param returned what it returned, or its stage completed with
	 * @param name the name of the event, empty for none
	 * @param hints how it is to be written
	 * @return the event, or {@code null} if there is none, as where the method has failed
	 * @throws InvalidSseDataException if that is no data
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
	 * Return the events of a snapshot. If there is a supplier of it, this asks it.
	 * @param returned what a method with {@link SseTopic} returned
	 * @param hints how it is to be written
	 * @return the events, none if there is no snapshot
	 * @throws InvalidSseDataException if that is no data
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
					+ " cannot be a snapshot: it has no data, or more than a name and data, such as an id, "
					+ "which the log gives", "Return SseEvent.of(name, data)");
		}
		check(event.getData(), Place.SNAPSHOT);
		return withView(event, hints);
	}

	/**
	 * Tell whether what a type has is asked for its value. What can be read as it is,
	 * such as a {@code Page} of Spring Data, is data.
	 * @param type the type
	 * @return {@code true} if it is a supplier of data
	 */
	public static boolean isSupplier(Class<?> type) {
		return Supplier.class.isAssignableFrom(type) && !Iterable.class.isAssignableFrom(type);
	}

	/**
	 * Tell whether there may be a snapshot, without asking a supplier.
	 * @param returned what a method with {@link SseTopic} returned
	 * @return {@code false} if there is none in any case
	 */
	public static boolean isSnapshotPossible(@Nullable Object returned) {
		return content(returned) != null;
	}

	/**
	 * Return a type argument of a type that is another. Where it is a variable of the
	 * type, as in that of {@code CompletableFuture}, what that stands for is returned,
	 * which others than Spring know as a type.
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
	 * Tell whether a type is that of a lambda expression that is an {@code Iterable},
	 * such as <code>stream::iterator</code>, which most often can be read only once.
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
	 * NOTE: a path has itself as element, and what is to be closed may be read once.
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
	 * Where values are used as data.
	 */
	public enum Place {

		/** What is given to {@link SseOperations}. */
		PUBLISH("published", "Publish", null),

		/** What is given to {@link SseStream}. */
		SEND("sent", "Send", null),

		/** What a method with {@link SsePublish} returns. */
		RESULT("published", "Return", CompletionStage.class),

		/** What a method with {@link SseTopic} returns. */
		SNAPSHOT("a snapshot", "Return", Supplier.class);

		private final String use;

		private final String verb;

		/** The type that a value may be taken out of; there an optional may be, too. */
		private final @Nullable Class<?> shell;

		Place(String use, String verb, @Nullable Class<?> shell) {
			this.use = use;
			this.verb = verb;
			this.shell = shell;
		}

	}

	/**
	 * What a value is, by its type. By names, since most need not be there.
	 */
	private enum Kind {

		EVENT("an event is no data, nor part of it", "%s each event by itself", SseEvent.class.getName()),

		SPRING_EVENT("only a stream sends it as it is", "%s SseEvent.of(name, data), to which the log gives an id",
				"org.springframework.http.codec.ServerSentEvent",
				"org.springframework.web.servlet.mvc.method.annotation.SseEmitter$SseEventBuilder"),

		STREAM("it is a stream", "%s data",
				"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter"),

		ANSWER("it is an answer to a request", "%s the data alone", "org.springframework.http.HttpEntity",
				"org.springframework.web.ErrorResponse", "org.springframework.web.servlet.ModelAndView",
				"org.springframework.web.servlet.View", "org.springframework.web.servlet.function.ServerResponse",
				"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody"),

		PROBLEM("it is an answer to a request", "Throw an ErrorResponseException",
				"org.springframework.http.ProblemDetail"),

		LATER("its value comes later", "%s the value when it is there", Future.class.getName(),
				CompletionStage.class.getName(), Callable.class.getName(), Flow.Publisher.class.getName(),
				"org.reactivestreams.Publisher", "kotlinx.coroutines.Job", "kotlinx.coroutines.flow.Flow",
				"kotlinx.coroutines.channels.ReceiveChannel", "kotlinx.coroutines.channels.SendChannel", "kotlin.Lazy",
				"org.springframework.web.context.request.async.DeferredResult",
				"org.springframework.web.context.request.async.WebAsyncTask"),

		SOURCE("its value comes later",
				"%s each value when it is there, or publish all with SseOperations.publishAll(topic, source)"),

		FUNCTION("it is a function, and not its value", "%s its value", Supplier.class.getName(), "kotlin.Function"),

		READ_ONCE("it can be read only once", "%s a List of its elements", BaseStream.class.getName(),
				Iterator.class.getName(), "kotlin.sequences.Sequence"),

		NOTHING("it has no value", "%s data", "kotlin.Unit"),

		FAILURE("it is the failure of a Result", "%s the value, and throw what fails", "kotlin.Result$Failure"),

		OUTCOME("it may be a failure", "%s its value, and throw what fails", "kotlin.Result"),

		CONTENT("it is to be read first", "%s what is in it, as text", InputStreamSource.class.getName(),
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
		 * Tell whether a type has many values, which come later. NOTE: that of one value
		 * may be a publisher, too.
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
					"Return it from a method that declares it, such as one of type Flux<String>, to have its elements "
							+ "published; or return each value when it is there";
				case STREAM, LATER, ANSWER ->
					result + ", or nothing. For topics known only at run time, leave out the annotation "
							+ "and return SseEmitterRegistry.subscribe(...)";
				default -> result;
			};
		}

	}

}
