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

import io.github.springsse.PublishingGate;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.transaction.AfterCommitGate;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SseTransactionAutoConfiguration}.
 */
class SseTransactionAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseTransactionAutoConfiguration.class, SseAutoConfiguration.class))
		.withBean(Desk.class);

	private final TransactionTemplate transaction = new TransactionTemplate(new FakeTransactionManager());

	@Test
	void publishesAfterCommit() {
		this.contextRunner.run((context) -> {
			this.transaction.executeWithoutResult((status) -> {
				assertThat(context.getBean(SseOperations.class).publish("desks", "closed")).isNull();
				context.getBean(Desk.class).open();
				assertThat(published(context)).isZero();
			});
			assertThat(published(context)).isEqualTo(2);
		});
	}

	@Test
	void publishesNothingAfterRollback() {
		this.contextRunner.run((context) -> {
			this.transaction.executeWithoutResult((status) -> {
				context.getBean(SseOperations.class).publish("desks", "closed");
				context.getBean(Desk.class).open();
				status.setRollbackOnly();
			});
			assertThat(published(context)).isZero();
		});
	}

	@Test
	void publishesAtOnceWhereItIsSwitchedOff() {
		this.contextRunner.withPropertyValues("sse.publish.after-commit=false")
			.run((context) -> this.transaction.executeWithoutResult((status) -> {
				assertThat(context.getBean(SseOperations.class).publish("desks", "closed")).isNotNull();
				context.getBean(Desk.class).open();
				assertThat(published(context)).isEqualTo(2);
				status.setRollbackOnly();
			}));
	}

	@Test
	void backsOffForAGate() {
		this.contextRunner.withBean(PublishingGate.class, () -> mock(PublishingGate.class))
			.run((context) -> assertThat(context).hasSingleBean(PublishingGate.class)
				.doesNotHaveBean(AfterCommitGate.class));
	}

	private static long published(ApplicationContext context) {
		return context.getBean(Delivery.class).statistics().published();
	}

	static class Desk {

		@SsePublish("desks")
		String open() {
			return "open";
		}

	}

	/**
	 * Transactions without a resource.
	 */
	@SuppressWarnings("serial")
	private static final class FakeTransactionManager extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
