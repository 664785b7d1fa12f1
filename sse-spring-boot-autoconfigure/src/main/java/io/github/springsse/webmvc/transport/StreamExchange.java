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

package io.github.springsse.webmvc.transport;

import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

import io.github.springsse.delivery.StreamTransport;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;

/**
 * The request and response of a stream for which a {@link TransportStarter} starts the
 * transport.
 */
public final class StreamExchange {

	/**
	 * The values of {@code Content-Encoding} for a body that is not encoded. They make
	 * filters and proxies leave it unchanged.
	 */
	private static final Set<String> UNENCODED = Set.of("identity", "none");

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final StreamTransport.Listener listener;

	private final Consumer<StreamTransport> opened;

	private final Consumer<Runnable> held;

	private boolean committed;

	private boolean chunked;

	/** Whether frames are compressed before they reach the transport. */
	private boolean compressed;

	/**
	 * Create an exchange.
	 * @param request the request, as filters have wrapped it
	 * @param response the response, as filters have wrapped it, with status and headers
	 * @param listener notified of the events of the transport
	 * @param opened receives the transport once bytes may be written to it
	 * @param held receives actions to run when the stream is closed, or not opened
	 */
	public StreamExchange(HttpServletRequest request, HttpServletResponse response, StreamTransport.Listener listener,
			Consumer<StreamTransport> opened, Consumer<Runnable> held) {
		this.request = request;
		this.response = response;
		this.listener = listener;
		this.opened = opened;
		this.held = held;
	}

	/**
	 * Return the request, as filters have wrapped it.
	 * @return the request
	 */
	public HttpServletRequest request() {
		return this.request;
	}

	/**
	 * Return the response, as filters have wrapped it.
	 * @return the response
	 */
	public HttpServletResponse response() {
		return this.response;
	}

	/**
	 * Return the request of the container, without the wrappers of filters.
	 * @return the request
	 */
	public ServletRequest containerRequest() {
		ServletRequest result = this.request;
		while (result instanceof ServletRequestWrapper wrapper) {
			result = wrapper.getRequest();
		}
		return result;
	}

	/**
	 * Return the response of the container. Streams write to it past the wrappers of
	 * filters, some of which hold the body back until the request ends.
	 * @return the response
	 */
	public HttpServletResponse containerResponse() {
		ServletResponse result = this.response;
		while (result instanceof ServletResponseWrapper wrapper) {
			result = wrapper.getResponse();
		}
		return (HttpServletResponse) result;
	}

	/**
	 * Return the listener of the transport.
	 * @return the listener
	 */
	public StreamTransport.Listener listener() {
		return this.listener;
	}

	/**
	 * Note that the frames of the stream are compressed, as {@code Content-Encoding}
	 * states.
	 */
	public void setCompressed() {
		this.compressed = true;
	}

	/**
	 * Return whether the frames of the stream are compressed.
	 * @return whether they are
	 */
	public boolean isCompressed() {
		return this.compressed;
	}

	/**
	 * Note that the body is written as chunks.
	 */
	public void setChunked() {
		this.chunked = true;
	}

	/**
	 * Return whether the body is written as chunks.
	 * @return whether it is
	 */
	public boolean isChunked() {
		return this.chunked;
	}

	/**
	 * Send the head of the response, unless it was sent before. Each wrapper is flushed
	 * first, so that it can add its headers: a wrapper that holds the body back does not
	 * flush the others.
	 * @throws IOException if the client has disconnected
	 * @throws IllegalStateException if a wrapper encodes the body
	 */
	public void commit() throws IOException {
		if (!this.committed) {
			checkEncoding();
			this.committed = true;
			ServletResponse wrapped = this.response;
			while (wrapped instanceof ServletResponseWrapper wrapper) {
				wrapped.flushBuffer();
				wrapped = wrapper.getResponse();
			}
			wrapped.flushBuffer();
		}
	}

	/**
	 * Return whether the head of the response was sent.
	 * @return whether it was
	 */
	public boolean isCommitted() {
		return this.committed;
	}

	/**
	 * Register an action that releases resources when the stream is closed, or not
	 * opened.
	 * @param release the action; called once, by any thread
	 */
	public void hold(Runnable release) {
		this.held.accept(release);
	}

	/**
	 * Return whether something other than this library encodes the body, or declares to
	 * do so.
	 * @return whether it does
	 */
	public boolean isEncoded() {
		String encoding = containerResponse().getHeader(HttpHeaders.CONTENT_ENCODING);
		return encoding != null && !UNENCODED.contains(encoding) && !(this.compressed && encoding.equals("gzip"));
	}

	/**
	 * Check that no filter encodes the body. Call this before the response is committed,
	 * because the server then declares its own compression.
	 * @throws IllegalStateException if a filter encodes it
	 */
	public void checkEncoding() {
		if (isEncoded()) {
			throw new IllegalStateException("The stream of " + this.request.getRequestURI()
					+ " cannot be opened, because a filter encodes its body (Content-Encoding: "
					+ containerResponse().getHeader(HttpHeaders.CONTENT_ENCODING)
					+ "). Exclude text/event-stream from the filter; server.compression can compress it");
		}
	}

	/**
	 * Hand over the transport. Bytes may be written to it from now on.
	 * @param transport the transport
	 */
	public void opened(StreamTransport transport) {
		this.opened.accept(transport);
	}

}
