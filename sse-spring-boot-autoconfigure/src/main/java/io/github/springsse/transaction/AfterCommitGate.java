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

import io.github.springsse.PublishingGate;
import io.github.springsse.SseException;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Holds back what is published in a Spring transaction until it has committed. What is
 * published in one that rolls back, or between a savepoint and the rollback to it, is
 * never sent. Stateless: what is held back belongs to the transaction, and so to its
 * thread.
 */
public final class AfterCommitGate implements PublishingGate {

	@Override
	public boolean holdBack(Runnable publication) {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		Publications publications = current();
		if (publications == null) {
			publications = new Publications();
			TransactionSynchronizationManager.registerSynchronization(publications);
		}
		publications.pending.add(publication);
		return true;
	}

	/**
	 * What is held back by the transaction of this thread. One that was begun meanwhile
	 * has synchronizations of its own.
	 */
	private static @Nullable Publications current() {
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Publications publications) {
				return publications;
			}
		}
		return null;
	}

	private static final class Publications implements TransactionSynchronization {

		private final List<Runnable> pending = new ArrayList<>();

		/** How many publications there were at each savepoint. */
		private final Map<Object, Integer> savepoints = new HashMap<>();

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
		public void afterCommit() {
			publish();
		}

		/**
		 * NOTE: what is published by others in their {@code afterCommit} comes after
		 * ours, or with a synchronization that was registered too late for it.
		 */
		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED) {
				publish();
			}
		}

		private void publish() {
			List<Runnable> publications = List.copyOf(this.pending);
			this.pending.clear();
			int count = 0;
			try {
				for (Runnable publication : publications) {
					publication.run();
					count++;
				}
			}
			catch (SseException ex) {
				throw new SseException("The transaction has committed, but of the " + publications.size()
						+ " events published in it only the first " + count + " were sent", ex);
			}
		}

	}

}
