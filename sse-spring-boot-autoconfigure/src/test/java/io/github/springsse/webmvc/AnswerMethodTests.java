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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonView;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.OpenAiFormat;
import io.github.springsse.SseAnswer;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseTopic;
import io.github.springsse.UiMessageFormat;
import io.github.springsse.autoconfigure.SseAutoConfiguration;
import io.github.springsse.autoconfigure.SseJacksonAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which methods serve sources, or begin at the start, and which fail the start of the
 * application.
 */
class AnswerMethodTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
					WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"TwoTopics|it returns a source, whose elements are published to one topic, but has [a, b]|Name one topic and no pattern",
			"APattern|has [a/*]|Name one topic and no pattern",
			"Put|it returns a source, but is mapped to [PUT]|Map it to GET or POST",
			"Snapshot|its snapshot would never be sent, as clients receive the kept events from the start|Return nothing, or a Supplier",
			"SnapshotOfPattern|its Supplier is called if a single topic is no longer kept|Name one topic, or return nothing",
			"OneValue|reactor.core.publisher.Mono cannot be a snapshot: its value comes later|To publish its value when it is available, return mono.flux()",
			"Answers|org.springframework.http.ResponseEntity cannot be published|Publish only the data",
			"ForeignEvents|org.springframework.http.codec.ServerSentEvent cannot be published|Publish SseEvent.of(name, data)",
			"Later|reactor.core.publisher.Mono cannot be published|Publish the value" })
	void refusesTopicsThatCannotWork(String controller, String fault, String action) {
		fails(controller, SseTopic.class, fault, action);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"OptionsOfNow|its streams begin with new events|Return a source, such as a Flux, or set from",
			"OptionsOfPattern|it has several topics or a pattern|Name one topic",
			"RestartOfNothing|restartInterrupted apply to a returned source|pass SsePublishOptions",
			"RestartOfData|its streams carry only data|leave out dataOnly",
			"RestartOfDataFormat|its streams carry only data|a format that is not data-only",
			"JoinOfNothing|join, abandonAfter, startAgain and restartInterrupted apply to a returned source|pass SsePublishOptions",
			"Unknown|noContentWhenUnknown is for methods whose source is published elsewhere|return null",
			"NoTime|is not a valid duration|write times as 100ms",
			"NegativeTime|must not be negative|write times as 100ms", "NoFormat|NeedsText|a format is a bean",
			"Alone|the method has no @SseTopic|Add @SseTopic" })
	void refusesOptionsThatCannotWork(String controller, String fault, String action) {
		fails(controller, SseAnswer.class, fault, action);
	}

	private void fails(String controller, Class<?> annotation, String fault, String action) {
		Class<?> type = List.of(AnswerMethodTests.class.getDeclaredClasses())
			.stream()
			.filter((each) -> each.getSimpleName().equals(controller))
			.findFirst()
			.orElseThrow();
		this.contextRunner.withUserConfiguration(type)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class, (ex) -> {
					assertThat(ex.getAnnotation()).isEqualTo(annotation);
					assertThat(ex.getFault()).contains(fault);
					assertThat(ex.getAction()).contains(action);
				}));
	}

	@Test
	void takesWhatWorks() {
		this.contextRunner.withUserConfiguration(Good.class)
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, SseJacksonAutoConfiguration.class))
			.withPropertyValues("join=80ms")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void optionsAreThoseOfTheAnnotation() {
		TopicMethods methods = new TopicMethods();
		methods.setPlaceholders((text) -> text.replace("${join}", "80ms"));
		TopicMethod method = method(methods, "options");
		AnswerMethod answer = answer(method);
		SsePublishOptions options = answer.options();
		assertThat(options.getJoin()).isEqualTo(Duration.ofMillis(80));
		assertThat(options.getAbandonAfter()).isEqualTo(Duration.ofSeconds(30));
		assertThat(options.getFormat()).isInstanceOf(UiMessageFormat.class);
		assertThat(options.getHints().type()).isEqualTo(Loan.class);
		assertThat(options.getHints().view()).isEqualTo(Object.class);
		assertThat(method.dataOnly()).as("as the format says").isTrue();
		assertThat(method.makesSnapshot()).isFalse();
		assertThat(answer.lastEventAgain()).isTrue();
	}

	@Test
	void defaultsAreThoseOfTheApplication() {
		AnswerMethod answer = answer(method(new TopicMethods(), "plain"));
		assertThat(answer.options().getFormat()).isNull();
		assertThat(answer.options().getAbandonAfter()).isNull();
		assertThat(answer.options().getJoin()).isZero();
		assertThat(answer.options().getHints().type()).isEqualTo(String.class);
		assertThat(answer.noContentWhenUnknown()).isTrue();
		assertThat(method(new TopicMethods(), "plain").dataOnly()).isFalse();
	}

	@Test
	void formatIsTheBeanOfItsTypeIfThereIsOne() {
		TopicMethods methods = new TopicMethods();
		methods.setPlaceholders((text) -> text.replace("${join}", "80ms"));
		OwnFormat own = new OwnFormat("own");
		methods.setFormats((type) -> own);
		assertThat(answer(method(methods, "options")).format()).isSameAs(own);
		this.contextRunner.withUserConfiguration(WithOwnFormat.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static TopicMethod method(TopicMethods methods, String name) {
		TopicMethod result = methods.get(List.of(ReflectionUtils.getDeclaredMethods(Good.class))
			.stream()
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow());
		assertThat(result).isNotNull();
		return result;
	}

	private static AnswerMethod answer(TopicMethod method) {
		AnswerMethod answer = method.answer();
		assertThat(answer).isNotNull();
		return answer;
	}

	record Loan(String book) {

	}

	@RestController
	static class Good {

		@GetMapping("/plain")
		@SseTopic("a")
		Flux<String> plain() {
			return Flux.empty();
		}

		@GetMapping("/options")
		@SseTopic("a")
		@SseAnswer(join = "${join}", abandonAfter = "30s", format = UiMessageFormat.class, lastEventAgain = true)
		@JsonView(Object.class)
		Supplier<Flux<Loan>> options() {
			return Flux::empty;
		}

		@GetMapping("/events")
		@SseTopic("a")
		Flow.Publisher<SseEvent> events() {
			throw new UnsupportedOperationException();
		}

		@GetMapping("/maps")
		@SseTopic("a")
		@SseAnswer(format = OpenAiFormat.class)
		Flux<Map<String, List<Loan>>> maps() {
			return Flux.empty();
		}

		@GetMapping("/start")
		@SseTopic(value = { "a", "b/**" }, from = SseTopic.From.START)
		void start() {
		}

		@GetMapping("/stored")
		@SseTopic(value = "a", from = SseTopic.From.START)
		@SseAnswer(noContentWhenUnknown = true)
		Supplier<Loan> stored() {
			return () -> new Loan("book");
		}

	}

	@RestController
	static class TwoTopics {

		@GetMapping("/a")
		@SseTopic({ "a", "b" })
		Flux<String> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class APattern {

		@GetMapping("/a")
		@SseTopic("a/*")
		Supplier<Flux<String>> source() {
			return Flux::empty;
		}

	}

	@RestController
	static class Put {

		@PutMapping("/a")
		@SseTopic("a")
		Flux<String> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class Snapshot {

		@GetMapping("/a")
		@SseTopic(value = "a", from = SseTopic.From.START)
		List<String> snapshot() {
			return List.of();
		}

	}

	@RestController
	static class SnapshotOfPattern {

		@GetMapping("/a")
		@SseTopic(value = "a/**", from = SseTopic.From.START)
		Supplier<List<String>> snapshot() {
			return List::of;
		}

	}

	@RestController
	static class OneValue {

		@GetMapping("/a")
		@SseTopic("a")
		Mono<String> source() {
			return Mono.empty();
		}

	}

	@RestController
	static class Answers {

		@GetMapping("/a")
		@SseTopic("a")
		Flux<ResponseEntity<String>> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class ForeignEvents {

		@GetMapping("/a")
		@SseTopic("a")
		Flux<ServerSentEvent<String>> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class Later {

		@GetMapping("/a")
		@SseTopic("a")
		Flux<Mono<String>> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class OptionsOfNow {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(noContentWhenUnknown = true)
		void now() {
		}

	}

	@RestController
	static class OptionsOfPattern {

		@GetMapping("/a")
		@SseTopic(value = "a/*", from = SseTopic.From.START)
		@SseAnswer(noContentWhenUnknown = true)
		void start() {
		}

	}

	@RestController
	static class RestartOfNothing {

		@GetMapping("/a")
		@SseTopic(value = "a", from = SseTopic.From.START)
		@SseAnswer(restartInterrupted = true)
		void start() {
		}

	}

	@RestController
	static class RestartOfData {

		@GetMapping("/a")
		@SseTopic(value = "a", dataOnly = true)
		@SseAnswer(restartInterrupted = true)
		Flux<String> start() {
			return Flux.empty();
		}

	}

	@RestController
	static class RestartOfDataFormat {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(restartInterrupted = true, format = UiMessageFormat.class)
		Flux<Map<String, String>> start() {
			return Flux.empty();
		}

	}

	@RestController
	static class JoinOfNothing {

		@GetMapping("/a")
		@SseTopic(value = "a", from = SseTopic.From.START)
		@SseAnswer(join = "1s")
		void start() {
		}

	}

	@RestController
	static class Unknown {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(noContentWhenUnknown = true)
		Flux<String> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class NoTime {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(join = "soon")
		Flux<String> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class NegativeTime {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(abandonAfter = "-1s")
		Flux<String> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class NoFormat {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(format = NeedsText.class)
		Flux<String> source() {
			return Flux.empty();
		}

	}

	@RestController
	static class Alone {

		@GetMapping("/a")
		@SseAnswer(join = "1s")
		String ordinary() {
			return "";
		}

	}

	@RestController
	static class WithOwnFormat {

		@GetMapping("/a")
		@SseTopic("a")
		@SseAnswer(format = NeedsText.class)
		Flux<String> source() {
			return Flux.empty();
		}

		@Bean
		static NeedsText format() {
			return new NeedsText("text");
		}

	}

	static class NeedsText extends UiMessageFormat {

		NeedsText(String text) {
		}

	}

	static class OwnFormat extends UiMessageFormat {

		private final String text;

		OwnFormat(String text) {
			this.text = text;
		}

		@Override
		protected String errorText(SseSourceFormat.Failure kind, Throwable failure) {
			return this.text;
		}

	}

}
