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

import io.github.springsse.PublishFailureHandler;
import io.github.springsse.PublishingGate;
import io.github.springsse.transaction.AfterCommitGate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Auto-configuration for publishing after the commit of a transaction.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = SseAutoConfiguration.class)
@ConditionalOnClass(TransactionSynchronizationManager.class)
public final class SseTransactionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(PublishingGate.class)
	@Conditional(AfterCommit.class)
	AfterCommitGate ssePublishingGate(ObjectProvider<PublishFailureHandler> handler) {
		return new AfterCommitGate(
				(topic, event, failure) -> handler.ifAvailable((available) -> available.handle(topic, event, failure)));
	}

	/**
	 * NOTE: in each context, as the post-processors of a parent do not see the beans of
	 * its children.
	 */
	@Bean
	static TransactionManagerPostProcessor sseTransactionManagerPostProcessor(ObjectProvider<AfterCommitGate> gate) {
		return new TransactionManagerPostProcessor(gate);
	}

	/**
	 * What has templates that the application defines publish at once.
	 */
	@Bean
	@ConditionalOnMissingBean(PublishingGate.class)
	@Conditional(AtTheCall.class)
	PublishingGate sseOpenPublishingGate() {
		return PublishingGate.OPEN;
	}

	static class AfterCommit extends BoundProperty {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return read(context, "sse.publish.after-commit", true);
		}

	}

	static class AtTheCall extends AfterCommit {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return !super.matches(context, metadata);
		}

	}

	/**
	 * Has the gate told of the transactions of each transaction manager.
	 */
	static final class TransactionManagerPostProcessor implements BeanPostProcessor {

		private final ObjectProvider<AfterCommitGate> gate;

		TransactionManagerPostProcessor(ObjectProvider<AfterCommitGate> gate) {
			this.gate = gate;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (bean instanceof ConfigurableTransactionManager transactionManager) {
				this.gate.ifUnique((available) -> available.follow(transactionManager));
			}
			return bean;
		}

	}

}
