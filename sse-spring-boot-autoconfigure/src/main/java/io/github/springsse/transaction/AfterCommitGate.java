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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.PublishFailureHandler;
import io.github.springsse.PublishingGate;
import io.github.springsse.SseException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.ResourceHolderSynchronization;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Holds events back until the commit of a Spring transaction. Events of a transaction
 * that rolls back are never sent, nor are events between a savepoint and the rollback to
 * it.
 * <p>
 * Data is written as text before the commit, after JPA has flushed its changes, so that
 * it contains their versions and timestamps. If data cannot be written, the transaction
 * is rolled back. An event that is published later, for example by an entity listener
 * during the commit, is written at the call. Events are sent after all
 * {@code afterCommit} callbacks, such as those that evict cache entries. Failures at this
 * point are logged, counted, and passed to the {@link PublishFailureHandler}.
 * <p>
 * If the {@link #listener()} is registered with the transaction manager, a gate writes
 * data after all {@code beforeCommit} callbacks, provided that entity managers are still
 * open then. Without the listener, the gate writes data in a {@code beforeCommit}
 * callback of its own. Later events are then written at the call, because the gate does
 * not know whether other callbacks follow.
 * <p>
 * Thread-safe. Pending events belong to the transaction and so to its thread.
 */
public final class AfterCommitGate implements PublishingGate {

	private static final Log logger = LogFactory.getLog(AfterCommitGate.class);

	private static final boolean jpa = isPresent("jakarta.persistence.EntityManager")
			&& isPresent("org.springframework.orm.jpa.EntityManagerHolder");

	/** The publications of the thread's transaction, if a gate is its listener. */
	private static final ThreadLocal<Publications> announced = new ThreadLocal<>();

	/** Entity managers of the outer transaction when an inner one begins. */
	private static final ThreadLocal<Set<Object>> outer = new ThreadLocal<>();

	/** An exception of a handler, to be rethrown to the caller. */
	private static final ThreadLocal<RuntimeException> thrown = new ThreadLocal<>();

	private final PublishFailureHandler handler;

	private final AtomicLong failures = new AtomicLong();

	/**
	 * Set while the thread runs the handler. Failures of the handler's own publications
	 * are not passed to it.
	 */
	private final ThreadLocal<Boolean> handling = new ThreadLocal<>();

	/**
	 * Create a gate that logs and counts failures after a commit.
	 */
	public AfterCommitGate() {
		this((topic, event, failure) -> {
		});
	}

	/**
	 * Create a gate.
	 * @param handler notified of failures after a commit
	 */
	public AfterCommitGate(PublishFailureHandler handler) {
		this.handler = handler;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, AfterCommitGate.class.getClassLoader());
	}

	/**
	 * Return the number of publications that were not sent although their transaction has
	 * committed.
	 * @return the number of events, ends of topics and sources
	 */
	public long failures() {
		return this.failures.get();
	}

	/**
	 * Return the listener to add to each transaction manager.
	 * @return the listener
	 */
	public TransactionExecutionListener listener() {
		return new Listener(this);
	}

	private void announce(Set<Object> others) {
		Publications publications = new Publications(true, others);
		announced.set(publications);
		thrown.remove();
		TransactionSynchronizationManager.registerSynchronization(publications);
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
	 * Return the pending publications of the thread's transaction. A nested new
	 * transaction has its own synchronizations.
	 */
	private Publications current() {
		Publications result = announced.get();
		if (result != null) {
			return result;
		}
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Publications publications) {
				return publications;
			}
		}
		result = new Publications(false, Set.of());
		TransactionSynchronizationManager.registerSynchronization(result);
		return result;
	}

	private static final class Listener implements TransactionExecutionListener {

		private final AfterCommitGate gate;

		Listener(AfterCommitGate gate) {
			this.gate = gate;
		}

		@Override
		public void beforeBegin(TransactionExecution transaction) {
			if (jpa) {
				Set<Object> holders = EntityManagers.inTransaction();
				if (!holders.isEmpty()) {
					outer.set(holders);
				}
			}
		}

		@Override
		public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
			Set<Object> others = outer.get();
			outer.remove();
			if (failure == null && TransactionSynchronizationManager.isSynchronizationActive() && !isAnnounced()) {
				this.gate.announce((others != null) ? others : Set.of());
			}
		}

		/**
		 * NOTE: there may be several listeners.
		 */
		private static boolean isAnnounced() {
			Publications publications = announced.get();
			return publications != null
					&& TransactionSynchronizationManager.getSynchronizations().contains(publications);
		}

		@Override
		public void beforeCommit(TransactionExecution transaction) {
			Publications publications = announced.get();
			if (publications != null && transaction.isNewTransaction()) {
				if (!transaction.isRollbackOnly()) {
					publications.write();
				}
				publications.written = true;
			}
		}

		@Override
		public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
			RuntimeException exception = thrown.get();
			if (exception != null) {
				thrown.remove();
				throw exception;
			}
		}

	}

	private final class Publications implements TransactionSynchronization {

		private final boolean isAnnounced;

		private final Set<Object> others;

		private final List<Publication> pending = new ArrayList<>(0);

		/** The number of publications at each savepoint. */
		private final Map<Object, Integer> savepoints = new HashMap<>(0);

		private boolean readOnly;

		/** Whether further publications are written at once. */
		private boolean written;

		/**
		 * Create an instance for a transaction.
		 * @param isAnnounced whether a listener reported the beginning of the transaction
		 * @param others entity managers that do not take part in the transaction
		 */
		Publications(boolean isAnnounced, Set<Object> others) {
			this.isAnnounced = isAnnounced;
			this.others = others;
		}

		void take(Publication publication) {
			if (this.written) {
				publication.write();
			}
			this.pending.add(publication);
		}

		@Override
		public void suspend() {
			if (this.isAnnounced) {
				announced.remove();
			}
		}

		@Override
		public void resume() {
			if (this.isAnnounced) {
				announced.set(this);
			}
		}

		@Override
		public void savepoint(Object savepoint) {
			this.savepoints.put(savepoint, this.pending.size());
		}

		@Override
		public void savepointRollback(Object savepoint) {
			int size = this.savepoints.getOrDefault(savepoint, 0);
			List<Publication> dropped = this.pending.subList(size, this.pending.size());
			dropped.forEach(Publication::discard);
			dropped.clear();
		}

		/**
		 * NOTE: some entity managers are closed before the listener is called for the
		 * commit.
		 */
		@Override
		public void beforeCommit(boolean readOnly) {
			this.readOnly = readOnly;
			if (!this.isAnnounced) {
				write();
				this.written = true;
			}
			else if (!this.pending.isEmpty() && TransactionSynchronizationManager.getSynchronizations()
				.stream()
				.anyMatch(ResourceHolderSynchronization.class::isInstance)) {
				write();
			}
		}

		/**
		 * NOTE: writing data may publish further events, for example in entity listeners.
		 */
		void write() {
			try {
				if (jpa && !this.readOnly && !this.pending.isEmpty()) {
					EntityManagers.flush(this.others);
				}
				for (int i = 0; i < this.pending.size(); i++) {
					this.pending.get(i).write();
				}
			}
			catch (TransactionException ex) {
				// NOTE: after a TransactionException, the transaction manager does not
				// roll back
				throw new SseException("The transaction is rolled back, because data published in it cannot be "
						+ "written: " + ex.getMessage(), ex);
			}
		}

		@Override
		public void afterCompletion(int status) {
			if (this.isAnnounced) {
				announced.remove();
			}
			if (status != STATUS_COMMITTED) {
				drop();
			}
			else if (!this.isAnnounced) {
				send();
			}
			else {
				try {
					send();
				}
				catch (RuntimeException ex) {
					// NOTE: Spring would not propagate an exception from here
					thrown.set(ex);
				}
			}
		}

		private void drop() {
			if (!this.pending.isEmpty() && logger.isDebugEnabled()) {
				logger.debug("Dropped " + this.pending.size() + " events of a transaction that did not commit, "
						+ "the first of them to topic '" + this.pending.get(0).topic() + "'");
			}
			this.pending.forEach(Publication::discard);
			this.pending.clear();
		}

		/**
		 * Send the pending publications. If the log is unreachable, the remaining ones
		 * are not tried: each would wait as long, and a success would change the order.
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
				else {
					publication.discard();
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
