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

package io.github.springsse.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.EventId;
import io.github.springsse.EventLog;
import io.github.springsse.SseException;
import io.github.springsse.SseTemplate;
import io.github.springsse.log.InMemoryEventLog;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AfterCommitGate}.
 */
class AfterCommitGateTests {

	private final InMemoryEventLog log = new InMemoryEventLog(1);

	private final List<String> published = new ArrayList<>();

	private final SseTemplate sse = new SseTemplate(this.log, Object::toString, new AfterCommitGate());

	private final TransactionTemplate transaction = new TransactionTemplate(new FakeTransactionManager());

	AfterCommitGateTests() {
		this.log.follow(this.log.head(),
				(id, entry) -> this.published.add(entry.data().isEmpty() ? entry.kind().name() : entry.data()));
	}

	@Test
	void publishesAtOnceWithoutTransaction() {
		assertThat(this.sse.publish("topic", "event")).isEqualTo(this.log.format(this.log.head()));
		assertThat(this.published).containsExactly("event");
	}

	@Test
	void publishesAfterCommitInTheOrderOfTheCalls() {
		this.transaction.executeWithoutResult((status) -> {
			assertThat(this.sse.publish("topic", "one")).isNull();
			this.sse.publish("topic", "two");
			this.sse.complete("topic");
			assertThat(this.published).isEmpty();
		});
		assertThat(this.published).containsExactly("one", "two", "END");
	}

	@Test
	void saysHowManyWereNotSentIfTheLogFails() {
		AtomicInteger appended = new AtomicInteger();
		EventLog failing = mock(EventLog.class);
		given(failing.append(any())).willAnswer((invocation) -> {
			if (appended.incrementAndGet() == 2) {
				throw new SseException("log has gone", null);
			}
			return new EventId(1, 1);
		});
		SseTemplate template = new SseTemplate(failing, Object::toString, new AfterCommitGate());
		assertThatExceptionOfType(SseException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				template.publish("topic", "one");
				template.publish("topic", "two");
				template.publish("topic", "three");
			}))
			.withMessageContaining("The transaction has committed")
			.withMessageContaining("of the 3 events published in it only the first 1 were sent")
			.havingCause()
			.withMessage("log has gone");
		assertThat(appended).hasValue(2);
	}

	@Test
	void publishesNothingAfterRollback() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			this.sse.publish("topic", "one");
			throw new IllegalStateException("fails afterwards");
		}));
		assertThat(this.published).isEmpty();
	}

	@Test
	void innerTransactionPublishesWhenItCommitsItself() {
		TransactionTemplate inner = new TransactionTemplate(this.transaction.getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			this.sse.publish("topic", "outer");
			inner.executeWithoutResult((innerStatus) -> this.sse.publish("topic", "inner"));
			assertThat(this.published).containsExactly("inner");
		});
		assertThat(this.published).containsExactly("inner", "outer");
	}

	@Test
	void publishesNothingBetweenSavepointAndRollbackToIt() {
		TransactionTemplate nested = new TransactionTemplate(this.transaction.getTransactionManager());
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.transaction.executeWithoutResult((status) -> {
			this.sse.publish("topic", "before");
			nested.executeWithoutResult((nestedStatus) -> {
				this.sse.publish("topic", "nested");
				nestedStatus.setRollbackOnly();
			});
			nested.executeWithoutResult((nestedStatus) -> this.sse.publish("topic", "nested, and kept"));
		});
		assertThat(this.published).containsExactly("before", "nested, and kept");
	}

	@Test
	void publishesWhatOthersPublishAfterCommit() {
		this.transaction.executeWithoutResult((status) -> {
			this.sse.publish("topic", "one");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					AfterCommitGateTests.this.sse.publish("topic", "two");
				}

			});
		});
		assertThat(this.published).containsExactly("one", "two");
	}

	@Test
	void publishesWhatOthersPublishAfterCommitWhereNothingWasPublishedBefore() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						AfterCommitGateTests.this.sse.publish("topic", "only");
					}

				}));
		assertThat(this.published).containsExactly("only");
	}

	@Test
	void doesNotWaitWhereToldSo() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			assertThat(this.sse.immediately().publish("topic", "at once")).isEqualTo(this.log.format(this.log.head()));
			throw new IllegalStateException("fails afterwards");
		}));
		assertThat(this.published).containsExactly("at once");
	}

	/**
	 * Transactions without a resource, nested ones included.
	 */
	@SuppressWarnings("serial")
	private static final class FakeTransactionManager extends AbstractPlatformTransactionManager {

		private boolean active;

		FakeTransactionManager() {
			setNestedTransactionAllowed(true);
		}

		@Override
		protected Object doGetTransaction() {
			return new FakeTransaction();
		}

		@Override
		protected boolean isExistingTransaction(Object transaction) {
			return this.active;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.active = true;
		}

		@Override
		protected Object doSuspend(Object transaction) {
			this.active = false;
			return transaction;
		}

		@Override
		protected void doResume(Object transaction, Object suspendedResources) {
			this.active = true;
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

		@Override
		protected void doSetRollbackOnly(DefaultTransactionStatus status) {
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			this.active = false;
		}

	}

	private static final class FakeTransaction implements SavepointManager {

		@Override
		public Object createSavepoint() {
			return new Object();
		}

		@Override
		public void rollbackToSavepoint(Object savepoint) {
		}

		@Override
		public void releaseSavepoint(Object savepoint) {
		}

	}

}
