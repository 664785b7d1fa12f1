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

package io.github.springsse.webmvc;

import java.lang.reflect.Method;

import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.DeliveredStream;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;

/**
 * A request for a method with {@code @SseTopic}, attached to the servlet request from
 * before the method runs until its stream is opened.
 *
 * @param method the method
 * @param stream the stream, whose cursor is the newest event before the method ran
 * @param lease the memory of the returned snapshot, if the method returns one
 * @param opening counts until the stream is opened or abandoned
 * @param lead what the request leads if other requests share its snapshot
 */
record TopicRequest(TopicMethod method, DeliveredStream stream, SnapshotBudget.@Nullable Lease lease,
		ConcurrentOpenings.Opening opening, @Nullable Lead lead) {

	private static final String ATTRIBUTE = TopicRequest.class.getName();

	private static final String SUPERSEDED = ATTRIBUTE + ".superseded";

	/**
	 * Attach this to a request. An instance that was attached before is abandoned: its
	 * method forwards to another method, which answers.
	 */
	void attachTo(HttpServletRequest request) {
		TopicRequest before = of(request);
		request.setAttribute(ATTRIBUTE, this);
		if (before != null) {
			request.setAttribute(SUPERSEDED, before.method.method());
			before.abandon(CloseReason.COMPLETED);
		}
	}

	/**
	 * Whether a method has forwarded to another one.
	 */
	static boolean isSuperseded(HttpServletRequest request, @Nullable Method method) {
		return method != null
				&& BridgeMethodResolver.findBridgedMethod(method).equals(request.getAttribute(SUPERSEDED));
	}

	/**
	 * Return the instance that is attached to a request.
	 */
	static @Nullable TopicRequest of(HttpServletRequest request) {
		return (TopicRequest) request.getAttribute(ATTRIBUTE);
	}

	/**
	 * Whether an instance for a method is attached to a request.
	 */
	static boolean isAttached(HttpServletRequest request, Method method) {
		TopicRequest attached = of(request);
		return attached != null && attached.isFor(method);
	}

	/**
	 * Detach the instance of a method from a request, and return it. An instance of
	 * another method, which has forwarded the request to this one, is detached and
	 * abandoned.
	 */
	static @Nullable TopicRequest takeFrom(HttpServletRequest request, @Nullable Method method) {
		TopicRequest result = of(request);
		request.removeAttribute(ATTRIBUTE);
		if (result != null && !result.isFor(method)) {
			StreamLog.notOpened(request, "it was forwarded to another method");
			result.abandon(CloseReason.COMPLETED);
			return null;
		}
		return result;
	}

	/**
	 * Abandon the instance of a method that has failed, if it is still attached.
	 */
	static void abandon(HttpServletRequest request, Method method, @Nullable Exception failure) {
		TopicRequest left = of(request);
		if (left != null && left.isFor(method)) {
			request.removeAttribute(ATTRIBUTE);
			Object cause = (failure != null) ? failure : StreamLog.failure(request);
			StreamLog.notOpened(request, "the method failed" + ((cause != null) ? ": " + cause : ""));
			left.abandon(CloseReason.FAILED);
		}
	}

	/**
	 * NOTE: Spring refers to a bridged method by its bridge in some places only.
	 */
	private boolean isFor(@Nullable Method other) {
		return other != null && this.method.method().equals(BridgeMethodResolver.findBridgedMethod(other));
	}

	private void abandon(CloseReason reason) {
		this.opening.close();
		if (this.lease != null) {
			this.lease.close();
		}
		this.stream.abandon(reason);
	}

	/**
	 * The part of a request that runs the method for others, too. The stream holds the
	 * share until it has its first frames. So if the stream is abandoned, the others are
	 * told.
	 *
	 * @param start where the stream of this request begins
	 * @param share reports the snapshot
	 */
	record Lead(StreamStart start, SharedSnapshots.Share share) {

	}

}
