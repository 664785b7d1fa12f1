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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.springsse.SseData;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * Encodes events that are sent to one stream as frames. The parts that
 * {@code SseEmitter.SseEventBuilder} builds are either text of the frame or data: a part
 * is data if it is an object, or follows a text that ends with {@code data:}. Clients
 * remove one space after the colon, so one is added there. Stateless.
 */
final class DirectFrames {

	private static final String FIELD = "data:";

	private final SsePayloadEncoder encoder;

	private final EventSize size;

	DirectFrames(SsePayloadEncoder encoder, EventSize size) {
		this.encoder = encoder;
		this.size = size;
	}

	/**
	 * Encode an object: an {@link SseEvent} with its name and data, an event of Spring
	 * with all its fields, or data.
	 */
	Frame encode(Object object, @Nullable MediaType mediaType) {
		if (object instanceof SseEventBuilder builder) {
			return encode(builder.build());
		}
		if (object instanceof ServerSentEvent<?> event) {
			return encode(builder(event, mediaType).build());
		}
		if (object instanceof SseEvent event) {
			return encode(event);
		}
		return encode(SseEmitter.event().data(object, mediaType).build());
	}

	private Frame encode(SseEvent event) {
		Object data = event.getData();
		if (data instanceof String text) {
			return EventStreamEncoder.event(null, event.getName(), text, this.size);
		}
		SseData.check(data, SseData.Place.SEND);
		return EventStreamEncoder.event(null, event.getName(),
				(writer) -> this.encoder.encode(data, event.getHints(), writer), this.size);
	}

	private static SseEventBuilder builder(ServerSentEvent<?> event, @Nullable MediaType mediaType) {
		SseEventBuilder result = SseEmitter.event();
		if (event.id() != null) {
			result.id(event.id());
		}
		if (StringUtils.hasLength(event.event())) {
			result.name(event.event());
		}
		if (event.retry() != null) {
			result.reconnectTime(event.retry().toMillis());
		}
		if (event.comment() != null) {
			result.comment(event.comment());
		}
		return (event.data() != null) ? result.data(event.data(), mediaType) : result;
	}

	Frame encode(Set<DataWithMediaType> parts) {
		List<String> texts = texts(parts);
		if (texts != null) {
			Frame frame = Frame.of(withoutEmptyEvent(String.join("", texts)));
			this.size.growing(frame.length(true));
			return frame;
		}
		FrameBuilder frame = new FrameBuilder(this.size);
		boolean isData = false;
		for (DataWithMediaType part : parts) {
			String text = (part.getData() instanceof String string) ? string : null;
			if (text != null && !isData) {
				frame.text(text);
				isData = text.equals(FIELD) || text.endsWith("\n" + FIELD);
			}
			else {
				frame.text(" ");
				write(part.getData(), frame);
				isData = false;
			}
		}
		return frame.toFrame();
	}

	/**
	 * Return the parts of a frame without data, or {@code null} if the frame has data.
	 */
	private static @Nullable List<String> texts(Set<DataWithMediaType> parts) {
		List<String> result = new ArrayList<>();
		for (DataWithMediaType part : parts) {
			if (!(part.getData() instanceof String text) || text.equals(FIELD) || text.endsWith("\n" + FIELD)) {
				return null;
			}
			result.add(text);
		}
		return result;
	}

	private void write(Object data, FrameBuilder frame) {
		if (data instanceof String text) {
			// the builder has added the field name before each line except the first
			String lines = text.replace("\n" + FIELD, "\n");
			frame.write(lines, 0, lines.length());
			return;
		}
		SseData.check(data, SseData.Place.SEND);
		try {
			this.encoder.encode(data, frame);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Remove the empty line after comments and reconnect delays: some clients would
	 * dispatch an event without data.
	 */
	private static String withoutEmptyEvent(String text) {
		return text.lines().allMatch((line) -> line.isEmpty() || line.startsWith(":") || line.startsWith("retry:"))
				? text.replaceAll("\\n\\n+$", "\n") : text;
	}

}
