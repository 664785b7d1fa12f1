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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.PublishFailureHandler;
import io.github.springsse.PublishingGate;
import io.github.springsse.SseException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Holds back what is published in a Spring transaction until it has committed. What is
 * published in one that rolls back, or between a savepoint and the rollback to it, is
 * never sent.
 * <p>
 * Data is written as text before the commit: in {@code beforeCommit}, after JPA has
 * written its changes, so that it has the versions and times of those. What cannot be
 * written fails the transaction. What is published in {@code beforeCommit} after that, or
 * later, is written at the call. After the commit, what fails is logged, counted, and
 * given to the {@link PublishFailureHandler}.
 * <p>
 * Thread-safe. What is held back belongs to the transaction, and so to its thread.
 */
public final class AfterCommitGate implements PublishingGate {

	private static final Log logger = LogFactory.getLog(AfterCommitGate.class);

	private static final boolean jpa = isPresent("jakarta.persistence.EntityManager")
			&& isPresent("org.springframework.orm.jpa.EntityManagerHolder");

	private final PublishFailureHandler handler;

	private final AtomicLong failures = new AtomicLong();

	/** Set for the thread that is in the handler, whose own failures are not for it. */
	private final ThreadLocal<Boolean> handling = new ThreadLocal<>();

	/**
	 * Create a gate that logs and counts what fails after a commit.
	 */
	public AfterCommitGate() {
		this((topic, event, failure) -> {
		});
	}

	/**
	 * Create a gate.
	 * @param handler told of what fails after a commit
	 */
	public AfterCommitGate(PublishFailureHandler handler) {
		this.handler = handler;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, AfterCommitGate.class.getClassLoader());
	}

	/**
	 * Have this gate told of each transaction when it begins. Only then it knows of an
	 * event whether it is published too late for {@code beforeCommit}, as by a listener
	 * of the entities that JPA writes when it commits. Without that, the data of such an
	 * event is written after the commit, if nothing was published before.
	 * @param transactionManager the transaction manager
	 */
	public void follow(ConfigurableTransactionManager transactionManager) {
		transactionManager.addListener(new TransactionExecutionListener() {

			@Override
			public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
				if (failure == null && TransactionSynchronizationManager.isSynchronizationActive()) {
					current();
				}
			}

		});
	}

	/**
	 * Return the number of events that were not sent though their transaction has
	 * committed.
	 * @return the number of events, and ends of topics
	 */
	public long failures() {
		return this.failures.get();
	}

	@Override
	public boolean holdBack(Publication publication) {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		current().take(publication);
		return true;
	}

	/**
	 * What is held back by the transaction of this thread. One that was begun meanwhile
	 * has synchronizations of its own.
	 */
	private Publications current() {
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Publications publications) {
				return publications;
			}
		}
		Publications result = new Publications();
		TransactionSynchronizationManager.registerSynchronization(result);
		return result;
	}

	private final class Publications implements TransactionSynchronization {

		private final List<Publication> pending = new ArrayList<>(0);

		/** How many publications there were at each savepoint. */
		private final Map<Object, Integer> savepoints = new HashMap<>(0);

		/** Whether what is published from now on is written at once. */
		private boolean written;

		/** Whether what is published from now on is sent at once. */
		private boolean committed;

		void take(Publication publication) {
			if (this.written) {
				publication.write();
			}
			this.pending.add(publication);
			if (this.committed) {
				send();
			}
		}

		@Override
		public void savepoint(Object savepoint) {
			this.savepoints.put(savepoint, this.pending.size());
		}

		@Override
		public void savepointRollback(Object savepoint) {
			int size = this.savepoints.getOrDefault(savepoint, 0);
			this.pending.subList(size, this.pending.size()).clear();
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			try {
				write(readOnly);
			}
			catch (TransactionException ex) {
				// NOTE: after one of these, the transaction manager does not roll back
				throw new SseException("The transaction is rolled back, since what was published in it cannot be "
						+ "written: " + ex.getMessage(), ex);
			}
		}

		/**
		 * NOTE: what writes data may publish, as a listener of the entities does.
		 */
		private void write(boolean readOnly) {
			if (jpa && !readOnly && !this.pending.isEmpty()) {
				EntityManagers.flush();
			}
			for (int i = 0; i < this.pending.size(); i++) {
				this.pending.get(i).write();
			}
			this.written = true;
		}

		@Override
		public void afterCommit() {
			this.written = true;
			this.committed = true;
			send();
		}

		/**
		 * NOTE: where this was registered too late for {@code afterCommit}.
		 */
		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED) {
				send();
			}
			else if (!this.pending.isEmpty() && logger.isDebugEnabled()) {
				logger.debug("Dropped what was published in a transaction that has not committed: "
						+ this.pending.size() + ", the first of them to topic '" + this.pending.get(0).topic() + "'");
			}
		}

		/**
		 * Send what is pending. Where the log cannot be reached, the rest is not tried:
		 * each would wait as long, and one that succeeds would come before others.
		 */
		private void send() {
			List<Publication> publications = List.copyOf(this.pending);
			this.pending.clear();
			List<Publication> unsent = new ArrayList<>(0);
			List<RuntimeException> causes = new ArrayList<>(0);
			RuntimeException last = null;
			for (Publication publication : publications) {
				if (!(last instanceof EventLogUnavailableException)) {
					last = trySend(publication);
				}
				if (last != null) {
					unsent.add(publication);
					causes.add(last);
				}
			}
			if (!unsent.isEmpty()) {
				failed(unsent, causes, publications.size());
			}
		}

		private static @Nullable RuntimeException trySend(Publication publication) {
			try {
				publication.send();
				return null;
			}
			catch (RuntimeException ex) {
				return ex;
			}
		}

		private void failed(List<Publication> unsent, List<RuntimeException> causes, int of) {
			AfterCommitGate.this.failures.addAndGet(unsent.size());
			logger.error("The transaction has committed, but " + unsent.size() + " of the " + of
					+ " events published in it could not be sent, the first of them to topic '" + unsent.get(0).topic()
					+ "'", causes.get(0));
			if (AfterCommitGate.this.handling.get() != null) {
				return;
			}
			AfterCommitGate.this.handling.set(true);
			try {
				for (int i = 0; i < unsent.size(); i++) {
					Publication publication = unsent.get(i);
					AfterCommitGate.this.handler.handle(publication.topic(), publication.event(), causes.get(i));
				}
			}
			finally {
				AfterCommitGate.this.handling.remove();
			}
		}

	}

}
