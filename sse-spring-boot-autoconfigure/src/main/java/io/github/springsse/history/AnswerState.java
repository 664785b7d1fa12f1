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

package io.github.springsse.history;

/**
 * The state of the answer of a topic, which consists of the elements of a source.
 */
public enum AnswerState {

	/** Unknown: this node does not know of a source. */
	UNKNOWN,

	/** A source began and has not ended. */
	RUNNING,

	/** A source ended, and everything since its beginning is kept. */
	COMPLETE,

	/** The topic ended, and not everything is kept. */
	GONE

}
