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

import java.util.Map;

import jakarta.persistence.EntityManager;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.dao.support.PersistenceExceptionTranslator;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The JPA entity managers of the transaction of a thread.
 */
final class EntityManagers {

	/** As Hibernate names the mode that JPA does not know. */
	private static final String FLUSH_MODE = "org.hibernate.flushMode";

	private EntityManagers() {
	}

	/**
	 * Have those that take part in the transaction of this thread write their changes, as
	 * they would when it commits. One that is to write when it is told to is left alone.
	 * @throws RuntimeException as the commit would, but for a transaction exception,
	 * which would leave the transaction open where {@code beforeCommit} throws it
	 */
	static void flush() {
		for (Map.Entry<Object, Object> resource : TransactionSynchronizationManager.getResourceMap().entrySet()) {
			if (resource.getValue() instanceof EntityManagerHolder holder && holder.isSynchronizedWithTransaction()) {
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
	 * NOTE: one that was open before the transaction began, as with open-in-view, is not
	 * joined to it for Hibernate; and with JTA there is no transaction to ask.
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
