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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when {@link SseTopic}, {@link SsePublish} or {@link SseAnswer} cannot work on a
 * method.
 *
 * @since 0.1.0
 */
public class InvalidSseMethodException extends SseException {

	private final Class<? extends Annotation> annotation;

	private final Method method;

	private final String fault;

	private final String action;

	/**
	 * Create an exception.
	 * @param annotation the annotation
	 * @param method the method
	 * @param fault what is wrong
	 * @param action what to do about it
	 * @param cause the cause, if there is one
	 */
	public InvalidSseMethodException(Class<? extends Annotation> annotation, Method method, String fault, String action,
			@Nullable Throwable cause) {
		super("@" + annotation.getSimpleName() + " on " + method + ": " + fault + ". " + action, cause);
		this.annotation = annotation;
		this.method = method;
		this.fault = fault;
		this.action = action;
	}

	/**
	 * Return the annotation.
	 * @return the type of the annotation
	 */
	public Class<? extends Annotation> getAnnotation() {
		return this.annotation;
	}

	/**
	 * Return the method.
	 * @return the method
	 */
	public Method getMethod() {
		return this.method;
	}

	/**
	 * Return what is wrong.
	 * @return the fault
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
