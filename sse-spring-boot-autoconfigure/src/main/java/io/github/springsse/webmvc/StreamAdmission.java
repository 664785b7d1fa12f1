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
 * Decides whether a request may open a stream. Called on the thread of the request,
 * before a controller method with {@code @SseTopic} runs, and before any other stream is
 * opened.
 */
@FunctionalInterface
public interface StreamAdmission {

	/**
	 * Admit a stream. The stream {@linkplain DeliveredStream#hold holds} the resources
	 * that it takes here, and releases them when it is closed or not opened, whatever the
	 * reason.
	 * @param stream the stream, which is not open and has no user yet
	 * @param request the request
	 * @throws StreamRefusedException if the stream cannot be opened now
	 * @throws Exception if this client may not open the stream: Spring MVC answers the
	 * request as if the controller method had thrown this exception
	 */
	void admit(DeliveredStream stream, HttpServletRequest request) throws Exception;

	/**
	 * Check when the application starts that the streams of a method would not be refused
	 * for every request.
	 * @param method a controller method with {@code @SseTopic}
	 * @param topics the topics of the method
	 * @throws InvalidSseMethodException if they would be refused for every request
	 */
	default void check(Method method, List<TopicTemplate> topics) {
	}

	/**
	 * Return the exception for a request without a user whose topic contains the user.
	 * Called on the thread of the request.
	 * @return the exception, or {@code null} if another admission provides it
	 */
	default @Nullable RuntimeException missingUser() {
		return null;
	}

}
