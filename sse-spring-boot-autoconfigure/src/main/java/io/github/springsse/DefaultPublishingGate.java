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

package io.github.springsse;

import java.lang.reflect.InvocationTargetException;

import org.springframework.util.ClassUtils;

/**
 * Chooses the {@link PublishingGate} of publishers that were created without one.
 */
final class DefaultPublishingGate {

	private static final String TRANSACTIONS = "org.springframework.transaction.support.TransactionSynchronizationManager";

	private DefaultPublishingGate() {
	}

	/**
	 * Return a gate that waits for the commit of the transaction of the thread, or an
	 * open gate if Spring's transaction support is missing.
	 * @return the gate
	 */
	static PublishingGate get() {
		if (!ClassUtils.isPresent(TRANSACTIONS, DefaultPublishingGate.class.getClassLoader())) {
			return PublishingGate.OPEN;
		}
		try {
			// NOTE: loaded by name, since that package depends on this one; one
			// expression, which the build of native images can evaluate
			return (PublishingGate) Class.forName("io.github.springsse.transaction.AfterCommitGate")
				.getConstructor()
				.newInstance();
		}
		catch (InvocationTargetException ex) {
			throw new IllegalStateException("AfterCommitGate cannot be created", ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("AfterCommitGate is missing from the jar of this library", ex);
		}
	}

}
