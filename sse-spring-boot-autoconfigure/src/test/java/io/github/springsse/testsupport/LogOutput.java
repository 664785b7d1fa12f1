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

import java.util.List;

import org.springframework.boot.test.system.CapturedOutput;

/**
 * What an application has logged, by its default configuration.
 */
public final class LogOutput {

	private LogOutput() {
	}

	/**
	 * Return what should not be there after clients have done nothing worse than leave:
	 * warnings, errors, and stack traces at any level. The client OkHttp of another test
	 * of the same process may complain at any time, when garbage is collected.
	 * @param output the output of the application
	 * @return the lines
	 */
	public static List<String> complaints(CapturedOutput output) {
		return output.getAll()
			.lines()
			.filter((line) -> !line.contains("okhttp3.OkHttpClient"))
			.filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("Exception")
					|| line.startsWith("\tat "))
			.toList();
	}

}
