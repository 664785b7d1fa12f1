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

import io.github.springsse.PresenceDirectory;
import io.github.springsse.SourcePublisher;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.Topic;
import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.answer.CallerContext;
import io.github.springsse.answer.DefaultSourceFormat;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.history.AnswerState;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntryWriter;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.util.unit.DataSize;

/**
 * Auto-configuration for publishing the elements of sources.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SseAutoConfiguration.class)
@ConditionalOnBean(EventLog.class)
@ConditionalOnMissingBean(SourcePublisher.class)
public final class SseAnswersAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SseSourceFormat sseSourceFormat(SseAnswersProperties properties, SseProperties sse) {
		DefaultSourceFormat format = new DefaultSourceFormat(AnswerSettingsFactory.failedEvent(properties));
		AnswerSettingsFactory.checkRoomForFailures(format, sse.getLimits());
		return format;
	}

	@Bean
	AnswerEngine sseSourcePublisher(EventLog log, SsePayloadEncoder encoder, SseProperties properties,
			SseAnswersProperties answers, Environment environment, ObjectProvider<SseSourceFormat> format,
			ObjectProvider<CallerContext> contexts, ObjectProvider<PresenceDirectory> directory,
			ObjectProvider<Delivery> delivery, ApplicationEventPublisher events) {
		AnswerSettingsFactory.failedEvent(answers);
		DataSize eventSize = DataSize.ofBytes(CheckedLimits.eventSize(properties.getLimits()));
		Delivery available = delivery.getIfAvailable();
		AnswerEngine engine = AnswerEngine.of(log, new LogEntryWriter(encoder, eventSize))
			.settings(AnswerSettingsFactory.create(answers))
			.format(format::getObject)
			.contexts(contexts.orderedStream().toList())
			.presence((topic) -> !directory.getIfAvailable(() -> PresenceDirectories.local(delivery))
				.subscribers(topic)
				.isEmpty())
			.listener(events::publishEvent)
			.ended((topic) -> available != null && isEnded(available.histories(), topic))
			.virtualThreads(Threading.VIRTUAL.isActive(environment))
			.followsCommands(available == null)
			.build();
		if (available != null) {
			available.setSources(engine::cancelHere);
		}
		return engine;
	}

	private static boolean isEnded(TopicHistories histories, Topic topic) {
		AnswerState state = histories.answerState(topic);
		return (state == AnswerState.COMPLETE || state == AnswerState.GONE) && !histories.isInterrupted(topic);
	}

	@Bean
	SseAnswersShutdown sseAnswersShutdown(AnswerEngine engine, SseProperties properties) {
		return new SseAnswersShutdown(engine,
				DeliverySettingsFactory.notNegative("sse.shutdown.timeout", properties.getShutdown().getTimeout()));
	}

	/**
	 * NOTE: the bean that closes streams stops in the same phase, and must wait for the
	 * ends of sources.
	 */
	@Bean
	SmartInitializingSingleton sseAnswersBeforeStreams(SseAnswersShutdown sources,
			ObjectProvider<SseShutdown> streams) {
		return () -> streams.ifAvailable((shutdown) -> shutdown.before(sources::stop));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextSnapshotFactory.class)
	static class PropagationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@Order(0)
		PropagatedContext ssePropagatedContext(ObjectProvider<ContextSnapshotFactory> factory,
				ObjectProvider<ObservationRegistry> registry) {
			return new PropagatedContext(factory.getIfUnique(() -> ContextSnapshotFactory.builder().build()),
					() -> registry.getIfUnique(() -> ObservationRegistry.NOOP));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityContextHolder.class)
	static class SecurityConfiguration {

		/**
		 * Ordered after the other one, which may restore the context of the request; a
		 * logout clears that context.
		 */
		@Bean
		@ConditionalOnMissingBean
		@Order(1)
		SecurityOfCaller sseSecurityOfCaller(ObjectProvider<SecurityContextHolderStrategy> strategy) {
			return new SecurityOfCaller(() -> strategy.getIfUnique(SecurityContextHolder::getContextHolderStrategy));
		}

	}

}
