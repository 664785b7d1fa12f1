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

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

import jakarta.persistence.EntityManager;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.dao.support.PersistenceExceptionTranslator;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The JPA entity managers that take part in the transaction of a thread.
 */
final class EntityManagers {

	/** Hibernate's name of the flush mode that JPA does not define. */
	private static final String FLUSH_MODE = "org.hibernate.flushMode";

	private EntityManagers() {
	}

	/**
	 * Return the holders of the entity managers that take part in a transaction.
	 * @return the holders, usually none
	 */
	static Set<Object> inTransaction() {
		Set<Object> result = Set.of();
		for (Object value : TransactionSynchronizationManager.getResourceMap().values()) {
			if (value instanceof EntityManagerHolder holder && holder.isSynchronizedWithTransaction()) {
				result = result.isEmpty() ? Collections.newSetFromMap(new IdentityHashMap<>()) : result;
				result.add(holder);
			}
		}
		return result;
	}

	/**
	 * Flush the entity managers of the thread's transaction, as its commit would. An
	 * entity manager with manual flushing is skipped.
	 * @param others holders of entity managers that take part in another transaction
	 * @throws RuntimeException the same as the commit would throw, except for transaction
	 * exceptions
	 */
	static void flush(Set<Object> others) {
		// NOTE: iterates over a copy, since entity listeners may bind other resources
		for (Map.Entry<Object, Object> resource : Map.copyOf(TransactionSynchronizationManager.getResourceMap())
			.entrySet()) {
			if (resource.getValue() instanceof EntityManagerHolder holder && holder.isSynchronizedWithTransaction()
					&& !others.contains(holder)) {
				flush(holder.getEntityManager(), resource.getKey());
			}
		}
	}

	private static void flush(EntityManager entityManager, Object factory) {
		if (!takesPart(entityManager)
				|| "MANUAL".equals(String.valueOf(entityManager.getProperties().get(FLUSH_MODE)))) {
			return;
		}
		try {
			entityManager.flush();
		}
		catch (RuntimeException ex) {
			throw DataAccessUtils.translateIfNecessary(ex, translator(factory));
		}
	}

	/**
	 * NOTE: an entity manager that was open before the transaction, as with open-in-view,
	 * does not count as joined for Hibernate; and with JTA there is no transaction object
	 * to ask.
	 */
	private static boolean takesPart(EntityManager entityManager) {
		if (entityManager.isJoinedToTransaction()) {
			return true;
		}
		try {
			return entityManager.getTransaction().isActive();
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private static PersistenceExceptionTranslator translator(Object factory) {
		PersistenceExceptionTranslator dialect = (factory instanceof EntityManagerFactoryInfo info)
				? info.getJpaDialect() : null;
		return (dialect != null) ? dialect : EntityManagerFactoryUtils::convertJpaAccessExceptionIfPossible;
	}

}
