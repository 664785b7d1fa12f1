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

import java.security.Principal;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.springsse.InvalidTopicException;
import io.github.springsse.InvalidTopicVariableException;
import io.github.springsse.SseException;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.TopicTemplate;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Prepares the stream of a method with {@code @SseTopic} before the method runs:
 * determines the topics, takes the cursor, and reserves memory for the snapshot. If no
 * return value handler was called, as for a {@code void} method with the response among
 * its arguments, this interceptor opens the stream afterwards. If the method has failed,
 * it abandons the stream. If snapshots are shared, it opens the stream itself, and the
 * method does not run, unless the request leads.
 */
final class TopicInterceptor implements HandlerInterceptor {

	private final TopicMethods methods;

	private final Delivery delivery;

	private final StreamOpener opener;

	private final SnapshotBudget snapshots;

	private final SharedSnapshots shared;

	private final Refusal refusal;

	private final ConcurrentOpenings openings;

	private final ArgumentResolution arguments;

	TopicInterceptor(TopicMethods methods, Delivery delivery, StreamOpener opener, SnapshotBudget snapshots,
			SharedSnapshots shared, Refusal refusal, ConcurrentOpenings openings, ArgumentResolution arguments) {
		this.methods = methods;
		this.delivery = delivery;
		this.opener = opener;
		this.snapshots = snapshots;
		this.shared = shared;
		this.refusal = refusal;
		this.openings = openings;
		this.arguments = arguments;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws Exception {
		if (!(handler instanceof HandlerMethod handlerMethod)) {
			return true;
		}
		TopicMethod method = this.methods.get(handlerMethod.getMethod());
		if (method == null || TopicRequest.isAttached(request, method.method())) {
			// NOTE: already attached if a mapping has this interceptor twice
			return true;
		}
		List<TopicPattern> patterns;
		try {
			patterns = patterns(method, handlerMethod, request, response);
		}
		catch (Exception ex) {
			StreamLog.notOpened(request, (ex instanceof ResponseStatusException status) ? reason(status) : ex);
			throw ex;
		}
		DeliveredStream stream = this.delivery.newStream(patterns, this.delivery.position());
		SharedStart sharedStart = null;
		try {
			if (method.dataOnly()) {
				stream.dataOnly();
			}
			this.opener.admit(stream, request);
			if (method.answer() != null && !this.delivery.isStarted()) {
				// NOTE: this node does not know yet which events are kept, and which
				// sources are running
				throw new StreamRefusedException(RefusalReason.STARTING);
			}
			if (method.shared() != null) {
				sharedStart = share(method.shared(), handlerMethod, stream, request);
			}
			if (sharedStart == null || sharedStart.leads()) {
				prepare(method, stream, (sharedStart != null) ? sharedStart.lead() : null, request);
				return true;
			}
		}
		catch (StreamRefusedException ex) {
			stream.abandon(StreamOpener.reasonOf(ex.getReason()));
			this.refusal.answer(request, response, ex.getReason(), method.dataOnly(), ex);
			return false;
		}
		catch (Exception | Error ex) {
			StreamLog.notOpened(request, ex);
			stream.abandon(CloseReason.FAILED);
			throw ex;
		}
		this.opener.openShared(stream, sharedStart.start(), sharedStart.share(), method, request, response);
		return false;
	}

	/**
	 * Join the run of a method with shared snapshots, or lead a new one, if the client
	 * needs a snapshot.
	 */
	private SharedStart share(SharedMethod method, HandlerMethod handler, DeliveredStream stream,
			HttpServletRequest request) {
		List<TopicPattern> patterns = stream.getPatterns();
		StreamStart start = StreamStart.of(request, patterns, stream.getCursor(), this.delivery);
		if (HttpMethod.HEAD.matches(request.getMethod()) || start.kind() == StreamStart.Kind.RESUMED
				|| start.kind() == StreamStart.Kind.ENDED) {
			return new SharedStart(start, null);
		}
		// NOTE: a cursor from before the start has no meaning later
		Duration maxAge = this.delivery.isStarted() ? method.maxAge() : Duration.ZERO;
		SharedSnapshots.Share share = this.shared.join(method.key(handler, patterns, request), stream.getCursor(),
				maxAge, (cursor) -> this.delivery.histories().gapAfter(cursor, patterns) == null);
		stream.holdWhileOpening(share::close);
		return new SharedStart(start, share);
	}

	/**
	 * Reserve what the method needs, and attach it to the request.
	 */
	private void prepare(TopicMethod method, DeliveredStream stream, TopicRequest.@Nullable Lead lead,
			HttpServletRequest request) {
		SnapshotBudget.Lease lease = null;
		if (method.makesSnapshot()) {
			lease = this.snapshots.acquire(method.method());
			if (lease == null) {
				throw new StreamRefusedException(RefusalReason.SNAPSHOTS);
			}
			if (lead != null) {
				lead.share().hold(lease);
			}
		}
		ConcurrentOpenings.Opening opening = this.openings.tryBegin();
		if (opening == null) {
			if (lease != null) {
				lease.close();
			}
			throw new StreamRefusedException(RefusalReason.OPENINGS,
					this.openings.limit() + " streams are being opened, the value of sse.limits.concurrent-openings");
		}
		new TopicRequest(method, stream, lease, opening, lead).attachTo(request);
	}

	@Override
	public void postHandle(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable ModelAndView modelAndView) throws Exception {
		if (handler instanceof HandlerMethod handlerMethod) {
			TopicRequest topicRequest = TopicRequest.takeFrom(request, handlerMethod.getMethod());
			if (topicRequest != null) {
				this.opener.open(topicRequest, Returned.NOTHING, request, response);
			}
		}
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception ex) {
		if (handler instanceof HandlerMethod handlerMethod) {
			TopicRequest.abandon(request, handlerMethod.getMethod(), ex);
		}
	}

	private List<TopicPattern> patterns(TopicMethod method, HandlerMethod handler, HttpServletRequest request,
			HttpServletResponse response) throws Exception {
		try {
			Map<String, @Nullable String> values = new HashMap<>();
			for (TopicTemplate topic : method.topics()) {
				for (String variable : topic.variables()) {
					values.put(variable, value(variable, method, handler, request, response));
				}
			}
			return method.topics().stream().map((template) -> pattern(template, values)).toList();
		}
		catch (InvalidTopicVariableException ex) {
			throw invalidValue(ex.getVariable(), ex);
		}
	}

	private @Nullable String value(String variable, TopicMethod method, HandlerMethod handler,
			HttpServletRequest request, HttpServletResponse response) throws Exception {
		Principal user = TopicVariables.isOfUser(variable) ? principal(request) : null;
		return (user != null && variable.equals(TopicVariables.USER)) ? encode(user)
				: method.variables().value(variable, handler, request, response, this.arguments);
	}

	/**
	 * NOTE: even if all values are valid, the pattern may be too long.
	 */
	private static TopicPattern pattern(TopicTemplate template, Map<String, @Nullable String> values) {
		try {
			return template.toPattern(values::get);
		}
		catch (InvalidTopicException ex) {
			String longest = template.variables()
				.stream()
				.max(Comparator.comparingInt((variable) -> Objects.toString(values.get(variable), "").length()))
				.orElse("");
			throw invalidValue(longest, ex);
		}
	}

	private static ResponseStatusException invalidValue(String variable, SseException cause) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, "Invalid value of variable '" + variable + "'",
				cause);
	}

	/**
	 * Return the reason for the log, which has more details than the answer to the
	 * client.
	 */
	private static @Nullable String reason(ResponseStatusException ex) {
		return (ex.getCause() instanceof SseException cause) ? ex.getReason() + ": " + cause.getMessage()
				: ex.getReason();
	}

	private Principal principal(HttpServletRequest request) {
		Principal user = request.getUserPrincipal();
		if (user == null) {
			throw this.opener.missingUser();
		}
		return user;
	}

	private static String encode(Principal user) {
		try {
			return user.getName().isEmpty() ? "" : Topic.encodeSegment(user.getName());
		}
		catch (InvalidTopicException ex) {
			throw invalidValue(TopicVariables.USER, ex);
		}
	}

	/**
	 * How the stream of a method with shared snapshots begins.
	 *
	 * @param start where the stream begins
	 * @param share the share in a run of the method, {@code null} if the client needs no
	 * snapshot
	 */
	private record SharedStart(StreamStart start, SharedSnapshots.@Nullable Share share) {

		private boolean leads() {
			return this.share != null && this.share.leads();
		}

		private TopicRequest.@Nullable Lead lead() {
			return (this.share != null) ? new TopicRequest.Lead(this.start, this.share) : null;
		}

	}

}
