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

import io.github.springsse.SseSourceFormat.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests how {@link UiMessageFormat} and {@link OpenAiFormat} report failures and the end.
 */
class SourceFormatTests {

	private static final String ODD = "\"quoted\" \\ \n\t\u0000\u2028 \uD83D\uDE00 \uD83D";

	@ParameterizedTest
	@EnumSource
	void failuresAreToldWithoutWhatHasFailed(Failure kind) {
		Throwable failure = new IllegalStateException("secret");
		JsonNode part = data(new UiMessageFormat().failure(kind, failure).get(0));
		assertThat(part.propertyNames()).containsExactly("type", "errorText");
		assertThat(part.at("/type").asString()).isEqualTo("error");
		assertThat(part.at("/errorText").asString()).isNotEmpty().doesNotContain("secret");
		JsonNode error = data(new OpenAiFormat().failure(kind, failure).get(0));
		assertThat(error.at("/error").propertyNames()).containsExactly("message", "type", "param", "code");
		assertThat(error.at("/error/code").asString()).isEqualToIgnoringCase(kind.name());
		assertThat(error.at("/error/message").asString()).isNotEmpty().doesNotContain("secret");
	}

	@Test
	void ownTextsMayHaveAnyCharacters() {
		UiMessageFormat ui = new UiMessageFormat() {

			@Override
			protected String errorText(Failure kind, Throwable failure) {
				return ODD;
			}

		};
		assertThat(data(ui.failure(Failure.FAILED, null).get(0)).at("/errorText").asString()).isEqualTo(ODD);
	}

	@Test
	void bothEndAsTheProtocolsDoAndCutAfterAFailure() {
		for (SseSourceFormat format : new SseSourceFormat[] { new UiMessageFormat(), new OpenAiFormat() }) {
			assertThat(format.end()).extracting(SseEvent::getData).containsExactly("[DONE]");
			assertThat(format.end()).extracting(SseEvent::getName).containsOnlyNulls();
			assertThat(format.cutsAfterFailure()).isTrue();
			assertThat(format.isDataOnly()).isTrue();
		}
		assertThat(new UiMessageFormat().headers()).containsEntry("x-vercel-ai-ui-message-stream", "v1");
		assertThat(new OpenAiFormat().headers()).isEmpty();
	}

	@Test
	void nativeImagesHaveTheConstructorsOfFormats() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new FormatReflectiveProcessor().registerReflectionHints(hints.reflection(),
				ReflectionUtils.findMethod(SourceFormatTests.class, "annotated"));
		assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(UiMessageFormat.class.getConstructor()))
			.accepts(hints);
	}

	@SseAnswer(format = UiMessageFormat.class)
	void annotated() {
	}

	private static JsonNode data(SseEvent event) {
		assertThat(event.getName()).isNull();
		return JsonMapper.builder().build().readTree((String) event.getData());
	}

}
