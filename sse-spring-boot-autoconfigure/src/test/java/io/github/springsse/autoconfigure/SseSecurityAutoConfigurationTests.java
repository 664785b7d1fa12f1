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

import io.github.springsse.delivery.Delivery;
import io.github.springsse.security.SessionEnds;
import io.github.springsse.security.SseAuthenticationCheck;
import io.github.springsse.security.StreamGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseSecurityAutoConfiguration}.
 */
class SseSecurityAutoConfigurationTests {

	private final WebApplicationContextRunner withoutSecurity = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class,
					SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class, SseSecurityAutoConfiguration.class));

	private final WebApplicationContextRunner contextRunner = this.withoutSecurity.withConfiguration(
			AutoConfigurations.of(SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class));

	@Test
	void guardsStreamsWithSpringSecurity() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(StreamGuard.class)
			.hasSingleBean(SessionEnds.class)
			.hasSingleBean(SessionRegistry.class)
			.hasBean("sseSessionUseFilter"));
	}

	@Test
	void nothingWithoutTheClassesOfSpringSecurity() {
		this.withoutSecurity.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Delivery.class)
				.doesNotHaveBean("sseStreamGuard"));
	}

	@Test
	void nothingWithoutTheFilterOfSpringSecurity() {
		this.withoutSecurity.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(StreamGuard.class)
			.doesNotHaveBean(SessionRegistry.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.session", "org.springframework.security.oauth2" })
	void guardsStreamsWithoutWhatIsOptional(String missing) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(StreamGuard.class));
	}

	@Test
	void sessionsAreLeftAloneWhereStreamsDoNotEndWithThem() {
		this.contextRunner.withPropertyValues("sse.security.end-with-session=false")
			.run((context) -> assertThat(context).hasSingleBean(StreamGuard.class)
				.doesNotHaveBean(SessionEnds.class)
				.doesNotHaveBean(SessionRegistry.class)
				.doesNotHaveBean("sseSessionUseFilter"));
	}

	@Test
	void backsOffForBeansOfTheApplication() {
		this.contextRunner.withBean("ownCheck", SseAuthenticationCheck.class, () -> (authentication) -> true)
			.withBean("ownRegistry", SessionRegistry.class, SessionRegistryImpl::new)
			.run((context) -> assertThat(context).hasSingleBean(SseAuthenticationCheck.class)
				.hasBean("ownCheck")
				.hasSingleBean(SessionRegistry.class)
				.hasBean("ownRegistry"));
	}

	@ParameterizedTest
	@CsvSource({ "sse.security.check-interval,0s,It must be from 1000ms to 365d",
			"sse.security.recheck-interval,-1s,It must be from 1000ms to 365d",
			"sse.security.recheck-interval,999ms,It must be from 1000ms to 365d",
			"sse.security.token-skew,-1s,It must be from 0ms to 365d",
			"sse.security.expired-event,'',It must be a name" })
	void valuesThatCannotWorkAreExplained(String property, String value, String reason) {
		this.contextRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, property + "=" + value)
					.hasDescription("configuration property '" + property + "'", reason)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "sse.security.check-interval=1s", "sse.security.recheck-interval=0",
			"sse.security.token-skew=0", "sse.security.expired-event=session over" })
	void valuesAtTheEdgeWork(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

}
