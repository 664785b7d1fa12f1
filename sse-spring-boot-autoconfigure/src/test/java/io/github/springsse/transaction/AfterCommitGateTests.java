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
import java.util.concurrent.atomic.AtomicReference;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseException;
import io.github.springsse.SseTemplate;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.MockLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.IllegalTransactionStateException;
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

/**
 * Tests for {@link AfterCommitGate}.
 */
@ExtendWith(OutputCaptureExtension.class)
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
	void callerDoesNotLearnWhatFailsAfterTheCommit(CapturedOutput output) {
		EventLog failing = MockLogs.newLog();
		List<String> appended = new ArrayList<>();
		given(failing.append(any())).willAnswer((invocation) -> {
			LogEntry entry = invocation.getArgument(0);
			if (entry.data().equals("two")) {
				throw new SseException("too large", null);
			}
			appended.add(entry.data());
			return new EventId(1, 1);
		});
		List<String> handled = new ArrayList<>();
		AfterCommitGate gate = new AfterCommitGate((topic, event, failure) -> handled
			.add(topic + " " + ((event != null) ? event.getData() : null) + " " + failure.getMessage()));
		SseTemplate template = new SseTemplate(failing, Object::toString, gate);
		this.transaction.executeWithoutResult((status) -> {
			template.publish("topic", "one");
			template.publish("topic", "two");
			template.publish("topic", "three");
		});
		assertThat(appended).containsExactly("one", "three");
		assertThat(handled).containsExactly("topic two too large");
		assertThat(gate.failures()).isEqualTo(1);
		assertThat(output).contains("The transaction has committed, but 1 of the 3 events published in it could not "
				+ "be sent, the first of them to topic 'topic'");
	}

	@Test
	void doesNotTryTheRestWhereTheLogCannotBeReached() {
		EventLog failing = MockLogs.newLog();
		List<LogEntry> tried = new ArrayList<>();
		given(failing.append(any())).willAnswer((invocation) -> {
			tried.add(invocation.getArgument(0));
			throw new EventLogUnavailableException("gone", null);
		});
		List<String> handled = new ArrayList<>();
		AfterCommitGate gate = new AfterCommitGate((topic, event, failure) -> handled
			.add(topic + " " + ((event != null) ? event.getData() : null) + " " + failure.getMessage()));
		SseTemplate template = new SseTemplate(failing, Object::toString, gate);
		this.transaction.executeWithoutResult((status) -> {
			template.publish("a", "one");
			template.publish("b", "two");
			template.complete("c");
		});
		assertThat(tried).hasSize(1);
		assertThat(handled).containsExactly("a one gone", "b two gone", "c null gone");
		assertThat(gate.failures()).isEqualTo(3);
	}

	@Test
	void callerLearnsWhatTheHandlerThrows() {
		EventLog failing = MockLogs.newLog();
		given(failing.append(any())).willThrow(new SseException("too large", null));
		AfterCommitGate gate = new AfterCommitGate((topic, event, failure) -> {
			throw failure;
		});
		FakeTransactionManager manager = new FakeTransactionManager();
		manager.addListener(gate.listener());
		SseTemplate template = new SseTemplate(failing, Object::toString, gate);
		assertThatExceptionOfType(SseException.class)
			.isThrownBy(() -> new TransactionTemplate(manager)
				.executeWithoutResult((status) -> template.publish("topic", "one")))
			.withMessage("too large");
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
		});
	}

	@Test
	void handlerIsNotCalledForItsOwnFailures() {
		EventLog failing = MockLogs.newLog();
		given(failing.append(any())).willThrow(new SseException("too large", null));
		List<String> handled = new ArrayList<>();
		AtomicReference<SseTemplate> template = new AtomicReference<>();
		TransactionTemplate inner = new TransactionTemplate(this.transaction.getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		AfterCommitGate gate = new AfterCommitGate((topic, event, failure) -> {
			handled.add(topic);
			inner.executeWithoutResult((status) -> template.get().publish("failures", topic));
		});
		template.set(new SseTemplate(failing, Object::toString, gate));
		this.transaction.executeWithoutResult((status) -> template.get().publish("topic", "one"));
		assertThat(handled).containsExactly("topic");
		assertThat(gate.failures()).isEqualTo(2);
	}

	@Test
	void sendsAfterWhatOthersDoAfterTheCommit() {
		FakeTransactionManager manager = new FakeTransactionManager();
		AfterCommitGate gate = new AfterCommitGate();
		manager.addListener(gate.listener());
		SseTemplate template = new SseTemplate(this.log, Object::toString, gate);
		TransactionTemplate transaction = new TransactionTemplate(manager);
		assertThatIllegalStateException().isThrownBy(() -> transaction.executeWithoutResult((status) -> {
			template.publish("topic", "one");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					AfterCommitGateTests.this.published.add("evicted");
					throw new IllegalStateException("of another");
				}

			});
		})).withMessage("of another");
		assertThat(this.published).containsExactly("evicted", "one");
	}

	@Test
	void writesBeforeTheCommit() {
		StringBuilder data = new StringBuilder("at the call");
		this.transaction.executeWithoutResult((status) -> {
			this.sse.publish("topic", data);
			data.replace(0, data.length(), "at the commit");
		});
		assertThat(this.published).containsExactly("at the commit");
	}

	@Test
	void whatCannotBeWrittenRollsBack() {
		FakeTransactionManager manager = new FakeTransactionManager();
		assertThatIllegalStateException()
			.isThrownBy(() -> new TransactionTemplate(manager).executeWithoutResult((status) -> {
				this.sse.publish("topic", "fine");
				this.sse.publish("topic", new Object() {

					@Override
					public String toString() {
						throw new IllegalStateException("cannot be written");
					}

				});
			}))
			.withMessage("cannot be written");
		assertThat(manager.outcomes).containsExactly("rollback");
		assertThat(this.published).isEmpty();
	}

	@Test
	void transactionExceptionOfWhatIsWrittenRollsBack() {
		FakeTransactionManager manager = new FakeTransactionManager();
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> new TransactionTemplate(manager)
			.executeWithoutResult((status) -> this.sse.publish("topic", new Object() {

				@Override
				public String toString() {
					throw new IllegalTransactionStateException("cannot be written");
				}

			}))).withMessageContaining("cannot be written");
		assertThat(manager.outcomes).containsExactly("rollback");
	}

	@Test
	void knowsWhatIsTooLateForTheCommitOfATransactionManagerThatItFollows() {
		FakeTransactionManager manager = new FakeTransactionManager();
		AfterCommitGate gate = new AfterCommitGate();
		manager.addListener(gate.listener());
		SseTemplate template = new SseTemplate(this.log, Object::toString, gate);
		StringBuilder data = new StringBuilder("at the call");
		manager.committing = () -> {
			template.publish("topic", data);
			data.replace(0, data.length(), "later");
		};
		new TransactionTemplate(manager).executeWithoutResult((status) -> assertThat(this.published).isEmpty());
		assertThat(this.published).containsExactly("at the call");
		manager.committing = () -> template.publish("topic", new Object() {

			@Override
			public String toString() {
				throw new IllegalStateException("cannot be written");
			}

		});
		assertThatIllegalStateException()
			.isThrownBy(() -> new TransactionTemplate(manager).executeWithoutResult((status) -> {
			}));
		assertThat(this.published).hasSize(1);
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

		private final List<String> outcomes = new ArrayList<>();

		private Runnable committing = () -> {
		};

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
			this.committing.run();
			this.outcomes.add("commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.outcomes.add("rollback");
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
