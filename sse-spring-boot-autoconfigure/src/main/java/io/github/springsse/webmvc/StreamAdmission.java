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

package io.github.springsse.webmvc;

import java.lang.reflect.Method;
import java.util.List;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.TopicTemplate;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.StreamRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may have a stream. Called by the thread of the request,
 * before a controller method with {@code @SseTopic} runs, and before any other stream is
 * opened.
 */
@FunctionalInterface
public interface StreamAdmission {

	/**
	 * Admit a stream. What it takes is {@linkplain DeliveredStream#hold held} by the
	 * stream, which lets go of it when it is closed or not opened, whatever the reason.
	 * @param stream the stream, which is not open and has no user yet
	 * @param request the request
	 * @throws StreamRefusedException if there can be no stream now
	 * @throws Exception if there can be no stream for this client: Spring MVC answers the
	 * request as if the controller method had thrown it
	 */
	void admit(DeliveredStream stream, HttpServletRequest request) throws Exception;

	/**
	 * Check at the start of the application that streams of a method are not refused
	 * whatever their request.
	 * @param method a controller method with {@code @SseTopic}
	 * @param topics its topics
	 * @throws InvalidSseMethodException if they are
	 */
	default void check(Method method, List<TopicTemplate> topics) {
	}

	/**
	 * Return what a request is to be answered with that has no user, and is for a topic
	 * with the user. Called by the thread of the request.
	 * @return the exception, or {@code null} if that is for others
	 */
	default @Nullable RuntimeException missingUser() {
		return null;
	}

}
