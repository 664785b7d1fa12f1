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

package io.github.springsse.delivery;

import java.util.Set;

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.codec.Frame;

import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;

/**
 * Frames from what {@code SseEmitter.SseEventBuilder} builds: texts are parts of the
 * frame as they are, and what comes after one that ends with {@code data:} is data, as
 * objects are. A client takes one space away after the colon, so one is put there.
 * Stateless.
 */
final class DirectFrames {

	private static final String FIELD = "data:";

	private final SsePayloadEncoder encoder;

	DirectFrames(SsePayloadEncoder encoder) {
		this.encoder = encoder;
	}

	Frame encode(Set<DataWithMediaType> parts) {
		StringBuilder text = new StringBuilder();
		boolean isData = false;
		for (DataWithMediaType part : parts) {
			if (!(part.getData() instanceof String string)) {
				text.append(lines(this.encoder.encode(part.getData())));
				isData = false;
			}
			else if (isData) {
				// the builder has put the field before each line but the first
				text.append(lines(string.replace("\n" + FIELD, "\n")));
				isData = false;
			}
			else {
				text.append(string);
				isData = string.equals(FIELD) || string.endsWith("\n" + FIELD);
			}
		}
		return Frame.of(withoutEmptyEvent(text.toString()));
	}

	/**
	 * Take away the empty line after comments and times to reconnect, of which some
	 * clients would make an event without data.
	 */
	private static String withoutEmptyEvent(String text) {
		return text.lines().allMatch((line) -> line.isEmpty() || line.startsWith(":") || line.startsWith("retry:"))
				? text.replaceAll("\\n\\n+$", "\n") : text;
	}

	private static String lines(String data) {
		return " " + data.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\ndata: ");
	}

}
