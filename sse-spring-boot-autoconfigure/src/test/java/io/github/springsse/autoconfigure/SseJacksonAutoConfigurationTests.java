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

package io.github.springsse.autoconfigure;

import java.util.Map;

import io.github.springsse.SsePayloadEncoder;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseJacksonAutoConfiguration}.
 */
class SseJacksonAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, SseJacksonAutoConfiguration.class,
				SseAutoConfiguration.class));

	@Test
	void writesWithTheMapperOfTheApplication() {
		this.contextRunner.withPropertyValues("spring.jackson.serialization.indent-output=true")
			.run((context) -> assertThat(context.getBean(SsePayloadEncoder.class).encode(Map.of("a", 1)))
				.isEqualToIgnoringNewLines("{  \"a\" : 1}"));
	}

	@Test
	void backsOffForAPayloadEncoder() {
		this.contextRunner.withBean(SsePayloadEncoder.class, () -> (data) -> "own")
			.run((context) -> assertThat(context).hasSingleBean(SsePayloadEncoder.class)
				.getBean(SsePayloadEncoder.class)
				.extracting((encoder) -> encoder.encode(1))
				.isEqualTo("own"));
	}

	@Test
	void leavesTheFallbackWithoutJackson() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context).hasSingleBean(TextPayloadEncoder.class));
	}

	@Test
	void leavesTheFallbackWithoutAMapper() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SseJacksonAutoConfiguration.class, SseAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(TextPayloadEncoder.class));
	}

	@Test
	void leavesTheFallbackIfThereIsNoTellingWhichMapper() {
		this.contextRunner.withUserConfiguration(TwoMappers.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(TextPayloadEncoder.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMappers {

		@Bean
		JsonMapper one() {
			return JsonMapper.builder().build();
		}

		@Bean
		JsonMapper two() {
			return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
		}

	}

}
