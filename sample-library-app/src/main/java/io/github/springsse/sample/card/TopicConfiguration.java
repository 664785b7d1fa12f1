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

package io.github.springsse.sample.card;

import io.github.springsse.sample.chat.ReadingRoom;
import io.github.springsse.security.SseSubscription;
import io.github.springsse.security.SseTopicAuthorization;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationManager;

/**
 * The rules for topics. They apply to all streams: methods with {@code @SseTopic}, the
 * feed of the page, streams with a token, and topics that a client chooses
 * ({@code sse.endpoint.path}).
 */
@Configuration(proxyBeanMethods = false)
class TopicConfiguration {

	@Bean
	AuthorizationManager<SseSubscription> topics(SseTopicAuthorization.Builder topics) {
		return topics.pattern("users/{user}/**")
			.currentUserIs("user")
			.pattern("desk/**")
			.hasRole("LIBRARIAN")
			.pattern("branches/*/loans")
			.permitAll()
			.pattern("imports/*")
			.permitAll()
			.pattern("scores/**")
			.permitAll()
			.pattern("clock")
			.permitAll()
			.pattern("simulation")
			.permitAll()
			.pattern(ReadingRoom.MESSAGES)
			.permitAll()
			.pattern(ReadingRoom.TYPING)
			.permitAll()
			.anyTopic()
			.denyAll()
			.build();
	}

}
