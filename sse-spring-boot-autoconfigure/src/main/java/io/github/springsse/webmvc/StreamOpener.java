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

import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameMemory;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.TransportStarter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.server.ResponseStatusException;

/**
 * Turns a request into a stream: writes the head of the response, creates the first
 * frames, and starts a transport.
 */
final class StreamOpener {

	private static final String CACHE_CONTROL = "no-store, no-cache, no-transform";

	private final Delivery delivery;

	private final SsePayloadEncoder encoder;

	private final List<TransportStarter> starters;

	private final ResponseSettings settings;

	private final SnapshotBudget snapshots;

	private final Refusal refusal;

	private final List<StreamAdmission> admissions;

	private final Answers answers;

	/**
	 * Create an opener.
	 * @param delivery delivers to the streams
	 * @param encoder encodes snapshots
	 * @param starters the ways to start a transport, the best first
	 * @param settings the settings of responses
	 * @param snapshots the memory for snapshots
	 * @param refusal answers requests for which no stream is possible now
	 * @param admissions decide whether a client may have a stream
	 * @param answers decide on streams that begin at the start of their topics
	 */
	StreamOpener(Delivery delivery, SsePayloadEncoder encoder, List<TransportStarter> starters,
			ResponseSettings settings, SnapshotBudget snapshots, Refusal refusal, List<StreamAdmission> admissions,
			Answers answers) {
		this.delivery = delivery;
		this.encoder = encoder;
		this.starters = List.copyOf(starters);
		this.settings = settings;
		this.snapshots = snapshots;
		this.refusal = refusal;
		this.admissions = List.copyOf(admissions);
		this.answers = answers;
	}

	/**
	 * Check, once for each stream, whether a request may have it, and reserve a place for
	 * it.
	 * @param stream the stream
	 * @param request the request
	 * @throws StreamRefusedException if no stream is possible now
	 * @throws Exception if this client may not have the stream
	 */
	void admit(DeliveredStream stream, HttpServletRequest request) throws Exception {
		if (stream.markAdmitted()) {
			if (!HttpMethod.HEAD.matches(request.getMethod())) {
				takePlace(stream);
			}
			for (StreamAdmission admission : this.admissions) {
				admission.admit(stream, request);
			}
		}
	}

	/**
	 * Return the exception that answers a request without a user if a user is needed.
	 */
	RuntimeException missingUser() {
		for (StreamAdmission admission : this.admissions) {
			RuntimeException answer = admission.missingUser();
			if (answer != null) {
				return answer;
			}
		}
		return new ResponseStatusException(HttpStatus.UNAUTHORIZED, "Only for authenticated users");
	}

	private void takePlace(DeliveredStream stream) {
		if (!this.delivery.isAccepting()) {
			throw new StreamRefusedException(RefusalReason.SHUTDOWN);
		}
		if (!this.delivery.admit(stream)) {
			throw new StreamRefusedException(RefusalReason.STREAMS);
		}
	}

	/**
	 * Open the stream of a method with {@code @SseTopic}, or abandon it.
	 * @param topics the topics and the stream of the request
	 * @param returned the return value of the method: the snapshot or the source
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has disconnected
	 * @throws Exception if the client may not have the stream
	 */
	void open(TopicRequest topics, Returned returned, HttpServletRequest request, HttpServletResponse response)
			throws Exception {
		TopicMethod method = topics.method();
		try (ConcurrentOpenings.Opening opening = topics.opening()) {
			open(topics.stream(), returned, new Entrance(method.method(), method.answer(), topics.lease()), request,
					response);
		}
	}

	/**
	 * Open a stream that a method has returned, or abandon it.
	 * @param stream the stream
	 * @param returned the snapshot
	 * @param source the origin of the snapshot, whose snapshots have similar sizes
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has disconnected
	 * @throws Exception if the client may not have the stream
	 */
	void open(DeliveredStream stream, Returned returned, Object source, HttpServletRequest request,
			HttpServletResponse response) throws Exception {
		open(stream, returned, new Entrance(source, null, null), request, response);
	}

	/**
	 * Open a stream. It is abandoned if the request was answered already, if no stream is
	 * possible now, or if opening fails.
	 */
	private void open(DeliveredStream stream, Returned returned, Entrance entrance, HttpServletRequest request,
			HttpServletResponse response) throws Exception {
		claim(stream, entrance.lease());
		try {
			openOrAbandon(stream, returned, entrance, request, response);
		}
		catch (IOException ex) {
			StreamLog.notOpened(request, ex);
			stream.abandon(CloseReason.DISCONNECTED);
			throw ex;
		}
		catch (Exception | Error ex) {
			RefusalReason reason = Refusal.reasonOf(ex);
			if (reason == null || response.isCommitted()) {
				StreamLog.notOpened(request, ex);
				stream.abandon(ex);
				throw ex;
			}
			refuse(stream, reason, ex, request, response);
		}
	}

	private static void claim(DeliveredStream stream, SnapshotBudget.@Nullable Lease lease) {
		try {
			stream.claim();
		}
		catch (IllegalStateException ex) {
			if (lease != null) {
				lease.close();
			}
			throw ex;
		}
		if (lease != null) {
			stream.holdWhileOpening(lease::close);
		}
	}

	private void openOrAbandon(DeliveredStream stream, Returned value, Entrance entrance, HttpServletRequest request,
			HttpServletResponse response) throws Exception {
		if (response.isCommitted() || response.getStatus() != HttpServletResponse.SC_OK) {
			StreamLog.notOpened(request, "it is answered with status " + response.getStatus());
			stream.abandon(CloseReason.COMPLETED);
			return;
		}
		admit(stream, request);
		AnswerMethod answer = entrance.answer();
		StreamStart start = (answer != null) ? this.answers.start(answer, value.value(), stream, request)
				: StreamStart.of(request, stream.getPatterns(), stream.getCursor(), this.delivery);
		Returned returned = (answer != null && answer.source() != null) ? Returned.NOTHING : value;
		boolean snapshotPossible = returned.isSnapshotPossible();
		if (start.kind() == StreamStart.Kind.ENDED || (start.kind() == StreamStart.Kind.GONE && !snapshotPossible)) {
			answerEnded(stream, start, entrance, request, response);
			return;
		}
		boolean snapshotNeeded = snapshotPossible && start.kind() != StreamStart.Kind.RESUMED
				&& start.kind() != StreamStart.Kind.BEGINNING;
		if (start.kind() == StreamStart.Kind.EARLY && !snapshotPossible) {
			refuse(stream, RefusalReason.STARTING, null, request, response);
			return;
		}
		SnapshotBudget.Lease lease = entrance.lease();
		if (lease != null && !snapshotNeeded) {
			lease.close();
		}
		else if (lease == null && snapshotNeeded) {
			lease = this.snapshots.acquire(entrance.source());
			if (lease == null) {
				refuse(stream, RefusalReason.SNAPSHOTS, null, request, response);
				return;
			}
			stream.holdWhileOpening(lease::close);
		}
		Opening opening = Opening.of(start, stream, returned, this.delivery.histories(), this.encoder,
				new SnapshotSize(this.settings.snapshotSize(),
						(lease != null) ? lease::allocate : FrameMemory.UNBOUNDED, entrance.source()));
		if (lease != null && snapshotNeeded) {
			lease.made(opening.size());
		}
		if (start.kind() == StreamStart.Kind.GONE) {
			if (!opening.snapshotPossible()) {
				answerEnded(stream, request, response);
				return;
			}
			stream.complete();
		}
		if (stream.isDataOnly() && stream.isUnused() && opening.isEndOf(stream, this.delivery.histories())) {
			answerEnded(stream, request, response);
			return;
		}
		open(stream, start, opening, entrance, request, response);
	}

	private void open(DeliveredStream stream, StreamStart start, Opening opening, Entrance entrance,
			HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (HttpMethod.HEAD.matches(request.getMethod())) {
			prepare(entrance, request, response);
			stream.abandon(CloseReason.COMPLETED);
			response.flushBuffer();
			return;
		}
		if (!this.delivery.isAccepting()) {
			refuse(stream, RefusalReason.SHUTDOWN, null, request, response);
			return;
		}
		prepare(entrance, request, response);
		stream.setSnapshotPossible(opening.snapshotPossible());
		start(stream, start, opening, request, response);
	}

	/**
	 * Refuse a stream so that the client reconnects with the id that it has.
	 */
	private void refuse(DeliveredStream stream, RefusalReason reason, @Nullable Throwable cause,
			HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (cause != null && !(cause instanceof StreamRefusedException)) {
			stream.abandon(cause);
		}
		else {
			stream.abandon(reasonOf(reason));
		}
		this.refusal.answer(request, response, reason, stream.isDataOnly(), cause);
	}

	/**
	 * Return the reason with which a refused stream is closed.
	 */
	static CloseReason reasonOf(RefusalReason reason) {
		return (reason == RefusalReason.SHUTDOWN || reason == RefusalReason.STARTING) ? CloseReason.SHUTDOWN
				: CloseReason.OVERFLOW;
	}

	/**
	 * Answer a client that has received everything, or can receive nothing.
	 */
	private void answerEnded(DeliveredStream stream, StreamStart start, Entrance entrance, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		AnswerMethod answer = entrance.answer();
		StoredEvent last = (answer != null && answer.lastEventAgain() && start.kind() == StreamStart.Kind.ENDED)
				? this.answers.lastEvent(stream.getPatterns()) : null;
		if (last != null) {
			open(stream, start, new Opening(start.cursor(), List.of(last), false), entrance, request, response);
		}
		else {
			answerEnded(stream, request, response);
		}
	}

	/**
	 * Answer with status 204, after which an {@code EventSource} does not reconnect.
	 */
	private static void answerEnded(DeliveredStream stream, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		StreamLog.notOpened(request, "all of its topics have ended");
		stream.abandon(CloseReason.COMPLETED);
		response.setStatus(HttpServletResponse.SC_NO_CONTENT);
		response.flushBuffer();
	}

	private static void prepare(Entrance entrance, HttpServletRequest request, HttpServletResponse response) {
		prepare(request, response);
		SseSourceFormat format = (entrance.answer() != null) ? entrance.answer().format() : null;
		if (format != null) {
			format.headers().forEach(response::setHeader);
		}
	}

	static void prepare(HttpServletRequest request, HttpServletResponse response) {
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
		response.setHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL);
		response.setHeader("X-Accel-Buffering", "no");
		ShallowEtagHeaderFilter.disableContentCaching(request);
	}

	private void start(DeliveredStream stream, StreamStart start, Opening opening, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		Principal principal = request.getUserPrincipal();
		String user = (principal != null) ? principal.getName() : null;
		List<Frame> first = new ArrayList<>();
		first.add(firstLine(stream));
		first.addAll(opening.frames());
		boolean compressed = this.delivery.isCompressing() && GzipNegotiation.negotiate(request, response);
		List<Frame> frames = compressed ? this.delivery.compress(stream, first) : first;
		boolean snapshot = start.kind() != StreamStart.Kind.RESUMED && opening.snapshotPossible();
		StreamExchange exchange = new StreamExchange(request, response, stream, (transport) -> {
			StreamLog.opened(stream, user, start, snapshot);
			this.delivery.open(stream, transport, user, opening.cursor(), frames);
		}, stream::hold);
		if (compressed) {
			exchange.setCompressed();
		}
		for (TransportStarter starter : this.starters) {
			if (starter.start(exchange)) {
				return;
			}
		}
		throw new IllegalStateException("No transport can serve " + request.getRequestURI());
	}

	/**
	 * Return the first line of a stream. It is sent immediately, because Firefox reports
	 * a stream as open only after its first byte. The line is part of the frame that
	 * follows.
	 */
	private Frame firstLine(DeliveredStream stream) {
		return stream.isDataOnly() ? EventStreamEncoder.comment("") : EventStreamEncoder.retry(this.settings.retry());
	}

	/**
	 * The origin of a stream.
	 *
	 * @param source the origin of the snapshot, whose snapshots have similar sizes
	 * @param answer the method of a stream that begins at the start of its topics,
	 * otherwise {@code null}
	 * @param lease the memory that is already reserved for the snapshot, if any
	 */
	private record Entrance(Object source, @Nullable AnswerMethod answer, SnapshotBudget.@Nullable Lease lease) {

	}

}
