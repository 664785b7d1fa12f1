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
 * What is to be known of a method whose clients begin at the start of its topics.
 *
 * @param source the type of the source that it returns, {@code null} if it returns none
 * @param options how the source is published
 * @param isOneTopic whether there is one topic, and no pattern
 * @param noContentWhenUnknown whether no stream is opened where nothing is known of the
 * topic, and no source is started
 * @param startAgain whether a source is started also where the topic has ended
 * @param noContentWhenEnded whether no stream is opened where the topic has ended, and no
 * source is started
 * @param lastEventAgain whether a client that has seen everything gets the last event
 * again
 */
record AnswerMethod(@Nullable SourceType source, SsePublishOptions options, boolean isOneTopic,
		boolean noContentWhenUnknown, boolean startAgain, boolean noContentWhenEnded, boolean lastEventAgain) {

	/**
	 * Return what is to be known of a method.
	 * @param method the method
	 * @param annotation its annotation
	 * @param topics its topics and patterns
	 * @param placeholders resolves those of the annotation
	 * @param formats returns formats by their types
	 * @return the method, or {@code null} if its clients do not begin at the start
	 * @throws InvalidSseMethodException if an annotation cannot work on it
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
				throw new InvalidSseMethodException(SseAnswer.class, method, "it is not for streams that begin now",
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
					"it returns a source, whose elements are published to one topic, and has " + topics,
					"Name one topic, and no pattern", null);
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
					"its snapshot would never be sent, as clients get what is kept from the start",
					"Return nothing, or a Supplier of what clients get where the topic has ended and is no longer "
							+ "kept; or leave out from",
					null);
		}
		if (!nothing && SseData.isSupplier(returned) && !isOneTopic) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"its Supplier is asked where one topic is no longer kept, and it has several, or a pattern",
					"Name one topic, or return nothing", null);
		}
	}

	private static void checkAnswer(Method method, SseAnswer answer, boolean source, boolean isOneTopic) {
		if (!isOneTopic) {
			throw new InvalidSseMethodException(SseAnswer.class, method, "it is for one topic, and no pattern",
					"Name one topic, or leave out @SseAnswer", null);
		}
		if (!source && (answer.startAgain() || answer.restartInterrupted() || !answer.join().isEmpty()
				|| !answer.abandonAfter().isEmpty())) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"join, abandonAfter, startAgain and restartInterrupted are for the source that a method returns, "
							+ "and it returns none",
					"Leave them out, and give SsePublishOptions where the source is published", null);
		}
		if (source && answer.noContentWhenUnknown()) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"noContentWhenUnknown is for methods whose source is published elsewhere",
					"Leave it out, and return null where nothing is to be started", null);
		}
	}

	private static void checkRestart(Method method, SseTopic annotation, SsePublishOptions options) {
		SseSourceFormat format = options.getFormat();
		boolean dataOnly = annotation.dataOnly() || (format != null && format.isDataOnly());
		if (options.isRestartInterrupted() && dataOnly) {
			throw new InvalidSseMethodException(SseAnswer.class, method,
					"restartInterrupted needs event: gap, by which clients drop what they have of an interrupted "
							+ "answer, and its streams are of data alone",
					"Leave out restartInterrupted, or use no dataOnly and no format of data alone", null);
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
					"Correct join, abandonAfter or format: times are as 100ms or 30s, and a format is a bean, or a "
							+ "class with a constructor whose arguments are beans",
					ex);
		}
	}

	private static String resolve(String text, StringValueResolver placeholders) {
		String result = placeholders.resolveStringValue(text);
		return (result != null) ? result.trim() : "";
	}

	/**
	 * NOTE: by the type that is declared, as Spring MVC writes what methods return.
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
	 * Return how failures and the end are told.
	 */
	@Nullable SseSourceFormat format() {
		return this.options.getFormat();
	}

}
