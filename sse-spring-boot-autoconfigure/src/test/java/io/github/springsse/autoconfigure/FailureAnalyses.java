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

import java.util.Objects;

import org.apache.commons.logging.LogFactory;
import org.assertj.core.api.AbstractObjectAssert;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs all failure analyzers of {@code spring.factories} on the failure of an
 * application.
 */
final class FailureAnalyses extends AbstractObjectAssert<FailureAnalyses, FailureAnalysis> {

	private FailureAnalyses(FailureAnalysis actual) {
		super(actual, FailureAnalyses.class);
	}

	static FailureAnalyses assertThatAnalysisOf(Throwable failure, String... properties) {
		StandardEnvironment environment = new StandardEnvironment();
		TestPropertyValues.of(properties).applyTo(environment);
		FailureAnalysis analysis = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					ArgumentResolver.of(Environment.class, environment)
						.and(BeanFactory.class, new DefaultListableBeanFactory()),
					FailureHandler.logging(LogFactory.getLog(FailureAnalyses.class)))
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nothing explains this failure", failure));
		return new FailureAnalyses(analysis);
	}

	FailureAnalyses hasDescription(String... parts) {
		if (parts.length == 1) {
			assertThat(this.actual.getDescription()).isEqualTo(parts[0]);
		}
		else {
			assertThat(this.actual.getDescription()).contains(parts);
		}
		return this;
	}

	FailureAnalyses hasAction(String action) {
		assertThat(this.actual.getAction()).isEqualTo(action);
		return this;
	}

}
