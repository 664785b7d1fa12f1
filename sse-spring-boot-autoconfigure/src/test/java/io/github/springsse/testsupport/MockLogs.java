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

package io.github.springsse.testsupport;

import io.github.springsse.log.EventLog;
import org.mockito.Answers;
import org.mockito.Mockito;

/**
 * Mocks of event logs whose default methods are real.
 */
public final class MockLogs {

	private MockLogs() {
	}

	/**
	 * Create a mock, of which {@code append} and the other abstract methods can be
	 * stubbed.
	 */
	public static EventLog newLog() {
		return Mockito.mock(EventLog.class, (invocation) -> invocation.getMethod().isDefault()
				? invocation.callRealMethod() : Answers.RETURNS_DEFAULTS.answer(invocation));
	}

}
