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

import io.github.springsse.SseException;
import io.github.springsse.SsePayloadEncoder;

/**
 * Writes text, numbers and booleans, for applications without a JSON library.
 */
final class TextPayloadEncoder implements SsePayloadEncoder {

	@Override
	public String encode(Object data) {
		if (data instanceof CharSequence || data instanceof Number || data instanceof Boolean) {
			return data.toString();
		}
		throw new SseException("Cannot write " + data.getClass().getName()
				+ " as JSON: there is no JsonMapper, or there are several of which none is primary. Add "
				+ "spring-boot-starter-jackson, mark one JsonMapper as @Primary, or define a bean of type "
				+ "SsePayloadEncoder", null);
	}

}
