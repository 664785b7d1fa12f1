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

import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.log.EventLogStatus;
import io.github.springsse.metrics.AnswerMeterBinder;
import io.github.springsse.metrics.EventLogMeterBinder;
import io.github.springsse.metrics.SseMeterBinder;
import io.github.springsse.transaction.AfterCommitGate;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * Auto-configuration for the metrics of Server-Sent Events.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { SseAutoConfiguration.class, SseTransactionAutoConfiguration.class,
				SseAnswersAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
public final class SseMetricsAutoConfiguration {

	@Bean
	@ConditionalOnBean(Delivery.class)
	@ConditionalOnMissingBean
	SseMeterBinder sseMeterBinder(Delivery delivery) {
		return new SseMeterBinder(delivery);
	}

	@Bean
	@ConditionalOnBean(AnswerEngine.class)
	@ConditionalOnMissingBean
	AnswerMeterBinder sseAnswerMeterBinder(AnswerEngine engine) {
		return new AnswerMeterBinder(engine);
	}

	@Bean
	@ConditionalOnBean(EventLogStatus.class)
	@ConditionalOnMissingBean
	EventLogMeterBinder sseEventLogMeterBinder(EventLogStatus status) {
		return new EventLogMeterBinder(status);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TransactionSynchronization.class)
	@ConditionalOnBean(AfterCommitGate.class)
	static class TransactionMetricsConfiguration {

		@Bean
		MeterBinder ssePublishFailureMeterBinder(AfterCommitGate gate) {
			return (registry) -> FunctionCounter.builder("sse.publish.failures", gate, AfterCommitGate::failures)
				.description("Events that were not sent although their transaction was committed")
				.register(registry);
		}

	}

}
