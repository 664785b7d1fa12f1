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
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCurrentlyInCreationException;
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
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
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
	AfterCommitGate ssePublishingGate(ObjectProvider<PublishFailureHandler> handlers) {
		return new AfterCommitGate((topic, event, failure) -> handlers.orderedStream()
			.forEach((handler) -> handler.handle(topic, event, failure)));
	}

	/**
	 * NOTE: required in each context, because the post-processors of a parent do not
	 * process the beans of its children.
	 */
	@Bean
	static TransactionManagerPostProcessor sseTransactionManagerPostProcessor(ObjectProvider<PublishingGate> gate) {
		return new TransactionManagerPostProcessor(gate);
	}

	/**
	 * The gate with which templates that the application defines publish at once.
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
	 * Registers the listener of the gate with each transaction manager.
	 */
	static final class TransactionManagerPostProcessor implements BeanPostProcessor {

		private final ObjectProvider<PublishingGate> gate;

		TransactionManagerPostProcessor(ObjectProvider<PublishingGate> gate) {
			this.gate = gate;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (bean instanceof ConfigurableTransactionManager transactionManager) {
				transactionManager.addListener(new GateListener(this.gate));
			}
			return bean;
		}

	}

	/**
	 * Delegates to the listener of the gate. The gate is looked up when the first
	 * transaction begins, because it may depend on the transaction manager.
	 */
	private static final class GateListener implements TransactionExecutionListener {

		private static final TransactionExecutionListener NONE = new TransactionExecutionListener() {
		};

		private final ObjectProvider<PublishingGate> gate;

		private volatile @Nullable TransactionExecutionListener delegate;

		GateListener(ObjectProvider<PublishingGate> gate) {
			this.gate = gate;
		}

		private TransactionExecutionListener delegate() {
			TransactionExecutionListener result = this.delegate;
			if (result != null) {
				return result;
			}
			try {
				result = (this.gate.getIfUnique() instanceof AfterCommitGate available) ? available.listener() : NONE;
				this.delegate = result;
				return result;
			}
			catch (BeanCurrentlyInCreationException ex) {
				return NONE;
			}
		}

		@Override
		public void beforeBegin(TransactionExecution transaction) {
			delegate().beforeBegin(transaction);
		}

		@Override
		public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
			delegate().afterBegin(transaction, failure);
		}

		@Override
		public void beforeCommit(TransactionExecution transaction) {
			delegate().beforeCommit(transaction);
		}

		@Override
		public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
			delegate().afterCommit(transaction, failure);
		}

	}

}
