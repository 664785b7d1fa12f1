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

/**
 * A page that reads an answer, and reports the text so far after each piece, other
 * events, and errors of the connection.
 */
public final class AnswerPage {

	private AnswerPage() {
	}

	/**
	 * Return the page.
	 * @param path the path of the answer
	 * @return HTML
	 */
	public static String of(String path) {
		return """
				<!DOCTYPE html>
				<script>
				const tell = (text) => parent.postMessage(text, '*');
				const source = new EventSource('%s');
				let text = '';
				source.onmessage = (event) => tell('text ' + (text += event.data));
				source.addEventListener('failed', (event) => tell('failed ' + event.data));
				source.addEventListener('gap', (event) => tell('gap ' + event.data));
				source.onerror = () => tell('error ' + source.readyState);
				</script>
				""".formatted(path);
	}

}
