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
 * A source of elements. {@link #start} and {@link #request} may run its code, and so may
 * {@link #cancel}, which may block.
 */
interface Source {

	/** How many elements may be on their way to the log. */
	int WINDOW = 32;

	/**
	 * Have elements handed over, at first {@link #WINDOW} at the most. Called once at the
	 * most. Does nothing after {@link #cancel}.
	 * @param receiver gets the elements
	 */
	void start(Receiver receiver);

	/**
	 * Allow the source to hand over more elements.
	 * @param count how many
	 */
	void request(int count);

	/**
	 * Tell whether {@link #request} has been seen to run code of the source, which may
	 * take any time.
	 * @return whether it is to be called where that does no harm
	 */
	boolean isSynchronous();

	/**
	 * Cancel the source, and free what it has. Without effect if it has ended, or was
	 * cancelled before.
	 */
	void cancel();

	/**
	 * Gets what a source gives. Called by any thread. Never blocks.
	 */
	interface Receiver {

		/**
		 * Take an element.
		 * @param element the element
		 */
		void next(Object element);

		/**
		 * The source has ended.
		 */
		void completed();

		/**
		 * The source has failed.
		 * @param failure the failure
		 */
		void failed(Throwable failure);

		/**
		 * The source does what it must not do, and is not to be listened to any more.
		 * @param fault what it has done
		 */
		void broken(Throwable fault);

	}

}
