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

package io.github.springsse.answer;

/**
 * A source of elements. {@link #start}, {@link #request} and {@link #cancel} may run its
 * code, which may block.
 */
interface Source {

	/** The maximum number of elements that are requested but not yet in the log. */
	int WINDOW = 32;

	/**
	 * Start to pass elements on, at first at most {@link #WINDOW}. Called at most once.
	 * Does nothing after {@link #cancel}.
	 * @param receiver receives the elements
	 */
	void start(Receiver receiver);

	/**
	 * Allow the source to pass on more elements.
	 * @param count the number of elements
	 */
	void request(int count);

	/**
	 * Return whether {@link #request} was observed to run code of the source, which may
	 * take any time.
	 * @return whether {@code request} must be called by a thread that may block
	 */
	boolean isSynchronous();

	/**
	 * Cancel the source, and release its resources. No effect if it has ended or was
	 * already cancelled.
	 */
	void cancel();

	/**
	 * Receives the elements of a source. Called by any thread. Never blocks.
	 */
	interface Receiver {

		/**
		 * Receive an element.
		 * @param element the element
		 */
		void next(Object element);

		/**
		 * Called when the source has completed.
		 */
		void completed();

		/**
		 * Called when the source has failed.
		 * @param failure the failure
		 */
		void failed(Throwable failure);

		/**
		 * Called when the source violates its contract. Further signals must be ignored.
		 * @param fault the violation
		 */
		void broken(Throwable fault);

	}

}
