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

import io.github.springsse.InvalidSseMethodException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains why {@code @SseTopic} or {@code @SsePublish} cannot work on a method.
 */
class InvalidSseMethodFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSseMethodException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSseMethodException cause) {
		String method = cause.getMethod().getDeclaringClass().getName() + "." + cause.getMethod().getName();
		return new FailureAnalysis("@" + cause.getAnnotation().getSimpleName() + " cannot work on method " + method
				+ ": " + cause.getFault() + ".", cause.getAction() + ".", cause);
	}

}
