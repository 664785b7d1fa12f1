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
 * The structures that all topics of {@link TopicHistories} share.
 *
 * @param events every kept event, without pieces
 * @param losses the topics with lost events
 * @param answers the answers with pieces
 * @param answerLimits the limits of an answer
 */
record AllTopics(EventRing events, TopicLosses losses, AnswersByRecency answers, AnswerLimits answerLimits) {

	AllTopics(AnswerLimits answerLimits) {
		this(new EventRing(true), new TopicLosses(), new AnswersByRecency(), answerLimits);
	}

}
