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

import java.util.ArrayList;
import java.util.List;

import io.github.springsse.PublishingGate;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SseOperationsDecorator;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublish;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseTemplate;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.transaction.AfterCommitGate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
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

	@ParameterizedTest
	@ValueSource(strings = { "false", "off", "no", "0", "FALSE" })
	void publishesAtOnceWhereItIsSwitchedOff(String value) {
		this.contextRunner.withPropertyValues("sse.publish.after-commit=" + value)
			.run((context) -> this.transaction.executeWithoutResult((status) -> {
				assertThat(context.getBean(SseOperations.class).publish("desks", "closed")).isNotNull();
				context.getBean(Desk.class).open();
				assertThat(published(context)).isEqualTo(2);
				status.setRollbackOnly();
			}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "on", "yes", "1" })
	void publishesAfterCommitWhereItIsSwitchedOn(String value) {
		this.contextRunner.withPropertyValues("sse.publish.after-commit=" + value)
			.run((context) -> assertThat(context).hasSingleBean(AfterCommitGate.class));
	}

	@Test
	void valuesThatAreNoBooleansAreExplained() {
		this.contextRunner.withPropertyValues("sse.publish.after-commit=later")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, "sse.publish.after-commit=later")
					.hasDescription("Property: sse.publish.after-commit", "Value: \"later\"")));
	}

	@Test
	void backsOffForAGate() {
		this.contextRunner.withBean(PublishingGate.class, () -> mock(PublishingGate.class))
			.run((context) -> assertThat(context).hasSingleBean(PublishingGate.class)
				.doesNotHaveBean(AfterCommitGate.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnTemplate.class, OwnWrappedTemplate.class })
	void templatesOfTheApplicationPublishAfterCommit(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration).run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			this.transaction.executeWithoutResult((status) -> {
				assertThat(sse.publish("desks", "closed")).isNull();
				assertThat(published(context)).isZero();
				assertThat(sse.immediately().publish("desks", "locked")).isNotNull();
				assertThat(published(context)).isEqualTo(1);
			});
			assertThat(published(context)).isEqualTo(2);
			this.transaction.executeWithoutResult((status) -> {
				sse.publish("desks", "open");
				status.setRollbackOnly();
			});
			assertThat(published(context)).isEqualTo(2);
		});
	}

	@Test
	void templatesOfTheApplicationUseItsGate() {
		List<PublishingGate.Publication> heldBack = new ArrayList<>();
		this.contextRunner.withUserConfiguration(OwnTemplate.class)
			.withBean(PublishingGate.class, () -> heldBack::add)
			.run((context) -> {
				assertThat(context.getBean(SseOperations.class).publish("desks", "closed")).isNull();
				assertThat(heldBack).hasSize(1);
			});
	}

	@Test
	void templatesOfTheApplicationKeepTheGateThatTheyAreMadeWith() {
		this.contextRunner
			.withBean(SseTemplate.class,
					() -> new SseTemplate(new InMemoryEventLog(1), Object::toString, PublishingGate.OPEN))
			.run((context) -> this.transaction.executeWithoutResult(
					(status) -> assertThat(context.getBean(SseOperations.class).publish("desks", "a")).isNotNull()));
	}

	@Test
	void templatesOfTheApplicationPublishAtOnceWhereThatIsSwitchedOff() {
		this.contextRunner.withUserConfiguration(OwnTemplate.class)
			.withPropertyValues("sse.publish.after-commit=false")
			.run((context) -> this.transaction.executeWithoutResult((status) -> {
				assertThat(context.getBean(SseOperations.class).publish("desks", "closed")).isNotNull();
				status.setRollbackOnly();
			}));
	}

	@Test
	void severalGatesOfWhichNoneIsPrimaryFailTheStart() {
		this.contextRunner.withBean("one", PublishingGate.class, () -> mock(PublishingGate.class))
			.withBean("two", PublishingGate.class, () -> mock(PublishingGate.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class)
				.hasMessageContaining("one,two"));
	}

	@Test
	void decoratorsWrapWhatPublishesAfterCommit() {
		List<String> calls = new ArrayList<>();
		this.contextRunner.withBean("second", SseOperationsDecorator.class, () -> new Recording("second", 2, calls))
			.withBean("first", SseOperationsDecorator.class, () -> new Recording("first", 1, calls))
			.run((context) -> {
				assertThat(context).hasSingleBean(SseOperations.class);
				this.transaction.executeWithoutResult((status) -> {
					assertThat(context.getBean(SseOperations.class).publish("desks", "closed")).isNull();
					context.getBean(Desk.class).open();
					assertThat(published(context)).isZero();
				});
				assertThat(published(context)).isEqualTo(2);
				assertThat(calls).containsExactly("second", "first", "second", "first");
			});
	}

	@Test
	void decoratorsLeaveOperationsOfTheApplicationAlone() {
		SseOperations own = mock(SseOperations.class);
		this.contextRunner.withBean(SseOperations.class, () -> own)
			.withBean(SseOperationsDecorator.class, () -> new Recording("unused", 1, new ArrayList<>()))
			.run((context) -> assertThat(context).getBean(SseOperations.class).isSameAs(own));
	}

	private static long published(ApplicationContext context) {
		return context.getBean(Delivery.class).statistics().published();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTemplate {

		@Bean
		SseTemplate ownTemplate(EventLog log, SsePayloadEncoder encoder) {
			return new SseTemplate(log, encoder);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnWrappedTemplate {

		@Bean
		SseOperations ownOperations(EventLog log, SsePayloadEncoder encoder) {
			return new Wrapper(new SseTemplate(log, encoder), () -> {
			});
		}

	}

	/**
	 * Notes each publication before it is passed on.
	 */
	record Recording(String name, int getOrder, List<String> calls) implements SseOperationsDecorator, Ordered {

		@Override
		public SseOperations decorate(SseOperations operations) {
			return new Wrapper(operations, () -> this.calls.add(this.name));
		}

	}

	record Wrapper(SseOperations delegate, Runnable before) implements SseOperations {

		@Override
		public @Nullable String publish(String topic, Object data) {
			this.before.run();
			return this.delegate.publish(topic, data);
		}

		@Override
		public @Nullable String publish(String topic, SseEvent event) {
			this.before.run();
			return this.delegate.publish(topic, event);
		}

		@Override
		public void complete(String topic) {
			this.delegate.complete(topic);
		}

		@Override
		public SsePublication publishAll(String topic, Object source, SsePublishOptions options) {
			this.before.run();
			return this.delegate.publishAll(topic, source, options);
		}

		@Override
		public void cancel(String topic) {
			this.delegate.cancel(topic);
		}

		@Override
		public SseOperations immediately() {
			return new Wrapper(this.delegate.immediately(), this.before);
		}

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
