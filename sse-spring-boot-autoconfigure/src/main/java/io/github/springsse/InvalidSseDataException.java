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
 * Thrown when a value cannot be the data of an event.
 *
 * @since 0.1.0
 * @see SseData
 */
public class InvalidSseDataException extends SseException {

	private final String fault;

	private final String action;

	/**
	 * Create an exception.
	 * @param fault what is wrong
	 * @param action what to do about it
	 */
	public InvalidSseDataException(String fault, String action) {
		super(fault + ". " + action, null);
		this.fault = fault;
		this.action = action;
	}

	/**
	 * Return what is wrong.
	 * @return the fault, with the type of the value
	 */
	public String getFault() {
		return this.fault;
	}

	/**
	 * Return what to do about it.
	 * @return the action
	 */
	public String getAction() {
		return this.action;
	}

}
