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

/**
 * Holds back what is published until it is true, such as until a transaction has
 * committed. Called by the thread that publishes.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishingGate {

	/** Holds nothing back. */
	PublishingGate OPEN = (publication) -> false;

	/**
	 * Take a publication to run it later, or never, in the order in which publications
	 * are taken.
	 * @param publication appends to the log
	 * @return {@code false} if the publication was not taken, and is to be run at once
	 */
	boolean holdBack(Runnable publication);

}
