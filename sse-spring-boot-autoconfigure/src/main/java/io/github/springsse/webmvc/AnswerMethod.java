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
import java.util.List;
import java.util.function.Function;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseAnswer;
import io.github.springsse.SseData;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadHints;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringValueResolver;

/**
 * The properties of a controller method whose streams begin at the start of their topics:
 * a method that returns a source, or one with {@code from = START}.
 *
 * @param source the type of the returned source, {@code null} if the method returns none
 * @param options how the source is published
 * @param isOneTopic whether the method has exactly one topic and no pattern
 * @param noContentWhenUnknown whether no stream is opened if the topic is unknown and no
 * source is started
 * @param startAgain whether a source is also started if the topic has ended
 * @param noContentWhenEnded whether no stream is opened if the topic has ended and no
 * source is started
 * @param lastEventAgain whether a client that has seen everything receives the last event
 * again
 */
record AnswerMethod(@Nullable SourceType source, SsePublishOptions options, boolean isOneTopic,
		boolean noContentWhenUnknown, boolean startAgain, boolean noContentWhenEnded, boolean lastEventAgain) {

	/**
	 * Return the properties of a method.
	 * @param method the method
	 * @param annotation its annotation
	 * @param topics the topics and patterns of the method
	 * @param placeholders resolves the placeholders of the annotation
	 * @param formats returns formats by their types
	 * @return the properties, or {@code null} if the streams of the method do not begin
	 * at the start of their topics
	 * @throws InvalidSseMethodException if an annotation cannot work on the method
	 */
	static @Nullable AnswerMethod of(Method method, SseTopic annotation, List<TopicTemplate> topics,
			StringValueResolver placeholders, Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats) {
		ResolvableType returned = ResolvableType.forMethodReturnType(method);
		SourceType source = SourceType.of(returned);
		SseAnswer answer = AnnotatedElementUtils.findMergedAnnotation(method, SseAnswer.class);
		boolean isOneTopic = topics.size() == 1 && topics.get(0).isTopic();
		if (source != null) {
			checkSource(method, source, topics, isOneTopic);
		}
		else if (annotation.from() == SseTopic.From.START) {
			checkSnapshot(method, returned.toClass(), isOneTopic);
		}
		else {
			if (answer != null) {
				throw new InvalidSseMethodException(SseAnswer.class, method,
						"its streams begin with new events, and @SseAnswer is for streams that begin at the start",
						"Return a source, such as a Flux, or set from = SseTopic.From.START, or leave out @SseAnswer",
						null);
			}
			return null;
		}
		boolean noContent = source != null;
		SsePayloadHints hints = hints(method, source);
		if (answer == null) {
			return new AnswerMethod(source, SsePublishOptions.DEFAULT.startAgain(false).hints(hints), isOneTopic,
					noContent, false, false, false);
		}
		checkAnswer(method, answer, source != null, isOneTopic);
		SsePublishOptions options = options(method, answer, placeholders, formats).hints(hints);
		checkRestart(method, annotation, options);
		return new AnswerMethod(source, options, isOneTopic, noContent || answer.noContentWhenUnknown(),
				answer.startAgain(), answer.noContentWhenEnded(), answer.lastEventAgain());
	}

	private static void checkSource(Method method, SourceType source, List<TopicTemplate> topics, boolean isOneTopic) {
		if (!isOneTopic) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"it returns a source, whose elements are published to one topic, but has " + topics,
					"Name one topic and no pattern", null);
		}
		Class<?> element = source.element().toClass();
		if (element != SseEvent.class) {
			try {
				SseData.checkDeclared(source.element(), SseData.Place.PUBLISH);
			}
			catch (InvalidSseDataException ex) {
				throw new InvalidSseMethodException(SseTopic.class, method, ex.getFault(), ex.getAction(), ex);
			}
		}
	}

	private static void checkSnapshot(Method method, Class<?> returned, boolean isOneTopic) {
		boolean nothing = returned == void.class || returned == Void.class;
		if (!nothing && !SseData.isSupplier(returned) && !returned.getName().equals("kotlin.Unit")) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"its snapshot would never be sent, as clients receive the kept events from the start",
					"Return nothing, or a Supplier of a snapshot for topics that have ended and are no longer "
							+ "kept; or leave out from",
					null);
		}
		if (!nothing && SseData.isSupplier(returned) && !isOneTopic) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"its Supplier is called if a single topic is no longer kept, but it has several topics or a pattern",
					"Name one topic, or return nothing", null);
		}
	}

	private static void checkAnswer(Method method, SseAnswer answer, boolean source, boolean isOneTopic) {
		if (!isOneTopic) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"it has several topics or a pattern, and @SseAnswer is for one topic",
					"Name one topic, or leave out @SseAnswer", null);
		}
		if (!source && (answer.startAgain() || answer.restartInterrupted() || !answer.join().isEmpty()
				|| !answer.abandonAfter().isEmpty())) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"join, abandonAfter, startAgain and restartInterrupted apply to a returned source, "
							+ "and the method returns none",
					"Leave them out, and pass SsePublishOptions to the call that publishes the source", null);
		}
		if (source && answer.noContentWhenUnknown()) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"noContentWhenUnknown is for methods whose source is published elsewhere",
					"Leave it out, and return null if no source is to be started", null);
		}
	}

	private static void checkRestart(Method method, SseTopic annotation, SsePublishOptions options) {
		SseSourceFormat format = options.getFormat();
		boolean dataOnly = annotation.dataOnly() || (format != null && format.isDataOnly());
		if (options.isRestartInterrupted() && dataOnly) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"restartInterrupted needs event: gap, so that clients discard what they have of an interrupted "
							+ "answer, but its streams carry only data",
					"Leave out restartInterrupted, or leave out dataOnly and use a format that is not data-only", null);
		}
	}

	private static SsePublishOptions options(Method method, SseAnswer answer, StringValueResolver placeholders,
			Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats) {
		try {
			SsePublishOptions result = SsePublishOptions.DEFAULT.startAgain(answer.startAgain())
				.restartInterrupted(answer.restartInterrupted());
			String join = resolve(answer.join(), placeholders);
			String abandonAfter = resolve(answer.abandonAfter(), placeholders);
			result = join.isEmpty() ? result : result.join(DurationFormatterUtils.detectAndParse(join));
			result = abandonAfter.isEmpty() ? result
					: result.abandonAfter(DurationFormatterUtils.detectAndParse(abandonAfter));
			return (answer.format() == SseSourceFormat.class) ? result : result.format(formats.apply(answer.format()));
		}
		catch (RuntimeException ex) {
			throw new InvalidSseMethodException(SseAnswer.class, method, "" + ex.getMessage(),
					"Correct join, abandonAfter or format: write times as 100ms or 30s; a format is a bean, or a "
							+ "class with a constructor whose arguments are beans",
					ex);
		}
	}

	private static String resolve(String text, StringValueResolver placeholders) {
		String result = placeholders.resolveStringValue(text);
		return (result != null) ? result.trim() : "";
	}

	/**
	 * NOTE: hints refer to the declared type, as in Spring MVC.
	 */
	private static SsePayloadHints hints(Method method, @Nullable SourceType source) {
		SsePayloadHints hints = SsePayloadHints.of(method, null, SseData.Place.SNAPSHOT);
		if (source == null) {
			return SsePayloadHints.NONE;
		}
		Class<?> element = source.element().resolve();
		return (element != null && element != SseEvent.class && element != Object.class)
				? new SsePayloadHints(source.element().getType(), hints.view()) : hints.withoutType();
	}

	/**
	 * Return the format of the stream, {@code null} for the default.
	 */
	@Nullable SseSourceFormat format() {
		return this.options.getFormat();
	}

}
