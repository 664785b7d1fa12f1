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
import java.util.List;

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.codec.FrameMemory;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.history.StoredEvent;
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
 * Turns a request into a stream: decides what the client needs, writes the head of the
 * response, and creates the first frames.
 */
final class StreamOpener {

	private static final String CACHE_CONTROL = "no-store, no-cache, no-transform";

	private final Delivery delivery;

	private final SsePayloadEncoder encoder;

	private final StreamStarter starter;

	private final ResponseSettings settings;

	private final SnapshotBudget snapshots;

	private final Refusal refusal;

	private final List<StreamAdmission> admissions;

	private final Answers answers;

	/**
	 * Create an opener.
	 * @param delivery delivers to the streams
	 * @param encoder encodes snapshots
	 * @param starter starts the transports
	 * @param settings the settings of responses
	 * @param snapshots the memory for snapshots
	 * @param refusal answers requests for which no stream is possible now
	 * @param admissions decide whether a client may have a stream
	 * @param answers decide on streams that begin at the start of their topics
	 */
	StreamOpener(Delivery delivery, SsePayloadEncoder encoder, StreamStarter starter, ResponseSettings settings,
			SnapshotBudget snapshots, Refusal refusal, List<StreamAdmission> admissions, Answers answers) {
		this.delivery = delivery;
		this.encoder = encoder;
		this.starter = starter;
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
			open(topics.stream(), returned,
					new Entrance(method.method(), method.answer(), topics.lease(), topics.lead()), request, response);
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
		open(stream, returned, new Entrance(source, null, null, null), request, response);
	}

	/**
	 * Open a stream. It is abandoned if the request was answered already, if no stream is
	 * possible now, or if opening fails.
	 */
	private void open(DeliveredStream stream, Returned returned, Entrance entrance, HttpServletRequest request,
			HttpServletResponse response) throws Exception {
		claim(stream, (entrance.lead() == null) ? entrance.lease() : null);
		attempt(stream, request, response, () -> openOrAbandon(stream, returned, entrance, request, response));
	}

	/**
	 * Open a stream of a method with shared snapshots without calling the method, or
	 * abandon it.
	 * @param stream the stream
	 * @param start where it begins
	 * @param share the share of the request in a snapshot, {@code null} if the client
	 * needs none
	 * @param method the method
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has disconnected
	 * @throws Exception if opening fails
	 */
	void openShared(DeliveredStream stream, StreamStart start, SharedSnapshots.@Nullable Share share,
			TopicMethod method, HttpServletRequest request, HttpServletResponse response) throws Exception {
		claim(stream, null);
		attempt(stream, request, response, () -> {
			Entrance entrance = new Entrance(method.method(), null, null, null);
			SharedOpening shared = (share != null) ? share.result() : null;
			if (start.kind() == StreamStart.Kind.ENDED) {
				answerEnded(stream, request, response);
			}
			else if (share == null) {
				// NOTE: there may be a snapshot if the client loses events later
				open(stream, start, new Opening(start.cursor(), List.of(), true), null, entrance, request, response);
			}
			else if (shared == null) {
				openWaiting(stream, start, share, entrance, request, response);
			}
			else {
				Opening opening = of(shared, stream, start);
				open(stream, start, opening, (opening == shared.opening()) ? shared : null, entrance, request,
						response);
			}
		});
	}

	private void openWaiting(DeliveredStream stream, StreamStart start, SharedSnapshots.Share share, Entrance entrance,
			HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (!this.delivery.isAccepting()) {
			refuse(stream, RefusalReason.SHUTDOWN, null, request, response);
			return;
		}
		prepare(entrance, request, response);
		this.starter.startWaiting(stream, start, request, response,
				(compressed) -> share.whenEnded((result) -> begin(stream, start, result, compressed)));
	}

	/**
	 * Continue with a stream that has waited for a snapshot.
	 * @param shared the snapshot, {@code null} if it could not be created
	 */
	private void begin(DeliveredStream stream, StreamStart start, @Nullable SharedOpening shared, boolean compressed) {
		if (shared == null) {
			this.delivery.fail(stream);
			return;
		}
		Opening opening = of(shared, stream, start);
		if (refusesEarly(start, opening.snapshotPossible())) {
			this.delivery.fail(stream);
			return;
		}
		stream.setSnapshotPossible(opening.snapshotPossible());
		this.delivery.begin(stream, opening.cursor(),
				(opening == shared.opening()) ? shared.frames(compressed) : opening.frames());
	}

	/**
	 * Return the first frames of a stream that did not call the method. They are shared
	 * if the method has returned a snapshot. If it has returned none, they depend on the
	 * client.
	 */
	private Opening of(SharedOpening shared, DeliveredStream stream, StreamStart start) {
		return shared.opening().snapshotPossible() ? shared.opening()
				: Opening.of(start, stream, Returned.NOTHING, this.delivery.histories(), this.encoder,
						new SnapshotSize(this.settings.snapshotSize(), FrameMemory.UNBOUNDED, stream));
	}

	/**
	 * Call an action that opens or abandons a stream. If it fails, the stream is
	 * abandoned.
	 */
	private void attempt(DeliveredStream stream, HttpServletRequest request, HttpServletResponse response,
			Attempt attempt) throws Exception {
		try {
			attempt.run();
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
		TopicRequest.Lead lead = entrance.lead();
		StreamStart start = (answer != null) ? this.answers.start(answer, value.value(), stream, request)
				: (lead != null) ? lead.start()
						: StreamStart.of(request, stream.getPatterns(), stream.getCursor(), this.delivery);
		Returned returned = (answer != null && answer.source() != null) ? Returned.NOTHING : value;
		boolean snapshotPossible = returned.isSnapshotPossible();
		if (start.kind() == StreamStart.Kind.ENDED || (start.kind() == StreamStart.Kind.GONE && !snapshotPossible)) {
			answerEnded(stream, start, entrance, request, response);
			return;
		}
		boolean snapshotNeeded = snapshotPossible && start.kind() != StreamStart.Kind.RESUMED
				&& start.kind() != StreamStart.Kind.BEGINNING;
		if (refusesEarly(start, snapshotPossible)) {
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
			hold(stream, lease, lead);
		}
		Opening opening = Opening.of(start, stream, returned, this.delivery.histories(), this.encoder,
				new SnapshotSize(this.settings.snapshotSize(),
						(lease != null) ? lease::allocate : FrameMemory.UNBOUNDED, entrance.source()));
		if (lease != null && snapshotNeeded) {
			lease.made(opening.size());
		}
		SharedOpening shared = null;
		if (lead != null) {
			shared = new SharedOpening(opening, this.delivery::compressShared);
			lead.share().made(shared);
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
		open(stream, start, opening, shared, entrance, request, response);
	}

	private static void hold(DeliveredStream stream, SnapshotBudget.Lease lease, TopicRequest.@Nullable Lead lead) {
		if (lead != null) {
			lead.share().hold(lease);
		}
		else {
			stream.holdWhileOpening(lease::close);
		}
	}

	/**
	 * Whether a client must reconnect later, since this node does not know yet which
	 * events it has missed, and there is no snapshot.
	 */
	private static boolean refusesEarly(StreamStart start, boolean snapshotPossible) {
		return start.kind() == StreamStart.Kind.EARLY && !snapshotPossible;
	}

	private void open(DeliveredStream stream, StreamStart start, Opening opening, @Nullable SharedOpening shared,
			Entrance entrance, HttpServletRequest request, HttpServletResponse response) throws IOException {
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
		this.starter.start(stream, start, opening, shared, request, response);
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
			open(stream, start, new Opening(start.cursor(), List.of(last), false), null, entrance, request, response);
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

	/**
	 * The origin of a stream.
	 *
	 * @param source the origin of the snapshot, whose snapshots have similar sizes
	 * @param answer the method of a stream that begins at the start of its topics,
	 * otherwise {@code null}
	 * @param lease the memory that is already reserved for the snapshot, if any
	 * @param lead the part of the request that runs the method for others, too, if any
	 */
	private record Entrance(Object source, @Nullable AnswerMethod answer, SnapshotBudget.@Nullable Lease lease,
			TopicRequest.@Nullable Lead lead) {

	}

	/**
	 * Opens or abandons a stream.
	 */
	@FunctionalInterface
	private interface Attempt {

		void run() throws Exception;

	}

}
