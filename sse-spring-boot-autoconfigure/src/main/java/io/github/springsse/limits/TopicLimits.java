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

package io.github.springsse.limits;

import java.lang.reflect.Method;
import java.util.List;
import java.util.regex.Pattern;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicPattern;
import io.github.springsse.TopicTemplate;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.webmvc.StreamAdmission;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;

/**
 * Limits the number and length of the topics and patterns of one stream.
 * <p>
 * This admission is the first one. Others may inspect each topic, so it bounds the number
 * and length of the topics that a request can make them inspect. Thread-safe.
 */
public final class TopicLimits implements StreamAdmission, Ordered {

	private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

	private final int topicsPerStream;

	private final int topicLength;

	/**
	 * Create limits; 0 means no limit.
	 * @param topicsPerStream the number of topics and patterns of one stream
	 * @param topicLength the number of characters of a topic or pattern
	 */
	public TopicLimits(int topicsPerStream, int topicLength) {
		this.topicsPerStream = topicsPerStream;
		this.topicLength = topicLength;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void admit(DeliveredStream stream, HttpServletRequest request) {
		List<TopicPattern> patterns = stream.getPatterns();
		if (this.topicsPerStream > 0 && patterns.size() > this.topicsPerStream) {
			throw new StreamRefusedException(RefusalReason.TOPICS,
					patterns.size() + " topics, but sse.limits.topics-per-stream is " + this.topicsPerStream);
		}
		for (TopicPattern pattern : patterns) {
			int length = pattern.toString().length();
			if (this.topicLength > 0 && length > this.topicLength) {
				throw new StreamRefusedException(RefusalReason.TOPICS,
						"a topic of " + length + " characters, but sse.limits.topic-length is " + this.topicLength);
			}
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Variables may make a topic longer, so only its fixed part is checked.
	 */
	@Override
	public void check(Method method, List<TopicTemplate> topics) {
		long count = topics.stream().map(TopicTemplate::toString).distinct().count();
		if (this.topicsPerStream > 0 && count > this.topicsPerStream) {
			throw new InvalidSseMethodException(SseTopic.class, method,
					"it has " + count + " topics, but sse.limits.topics-per-stream is " + this.topicsPerStream
							+ ", so that every request would be refused",
					"Use a pattern for several topics, or increase sse.limits.topics-per-stream", null);
		}
		for (TopicTemplate topic : topics) {
			int length = VARIABLE.matcher(topic.toString()).replaceAll("").length();
			if (this.topicLength > 0 && length > this.topicLength) {
				throw new InvalidSseMethodException(SseTopic.class, method,
						"the topic '" + topic + "' has " + length
								+ " characters without its variables, but sse.limits.topic-length is "
								+ this.topicLength + ", so that every request would be refused",
						"Use a shorter topic, or increase sse.limits.topic-length", null);
			}
		}
	}

}
