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

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.delivery.StreamTransport;
import io.github.springsse.webmvc.tomcat.TomcatAsyncContainer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for the calls that {@link AsyncTransport} makes on a response, and the calls that
 * it must never make, in states that web servers rarely reach.
 */
class AsyncTransportTests {

	private static final AsyncContainer.Processing TOMCAT = tomcat(new MockHttpServletRequest());

	private final AsyncContext context = mock(AsyncContext.class);

	private final AsyncEvent event = new AsyncEvent(this.context);

	private final Output output = new Output();

	private final List<String> told = new ArrayList<>();

	private final StreamTransport.Listener listener = new StreamTransport.Listener() {

		@Override
		public void onWritable() {
			AsyncTransportTests.this.told.add("writable");
		}

		@Override
		public void onDisconnected() {
			AsyncTransportTests.this.told.add("disconnected");
		}

	};

	private @Nullable StreamTransport transport;

	private @Nullable AsyncListener asyncListener;

	@Test
	void opensAtTheFirstEventAndWritesWhatFits() throws IOException {
		start(null, TOMCAT);
		assertThat(this.transport).isNull();
		this.output.listener.onWritePossible();
		assertThat(write("one")).isTrue();
		assertThat(write("two")).isTrue();
		assertThat(this.output.calls).containsExactly("write one", "flush", "write two", "flush");
		assertThat(this.told).isEmpty();
	}

	@Test
	void flushesWhatTheContainerHeldBackBeforeItTellsThatMoreFits() throws IOException {
		start(null, TOMCAT);
		this.output.listener.onWritePossible();
		this.output.ready = false;
		assertThat(write("one")).isFalse();
		assertThat(this.output.calls).containsExactly("write one");
		this.output.ready = true;
		this.output.readyAfterFlush = false;
		this.output.listener.onWritePossible();
		assertThat(this.output.calls).containsExactly("write one", "flush");
		assertThat(this.told).isEmpty();
		this.output.ready = true;
		this.output.listener.onWritePossible();
		assertThat(this.told).containsExactly("writable");
		assertThat(this.output.calls).containsExactly("write one", "flush");
	}

	@Test
	void tomcatCompletesAfterAFailedWriteAndNobodyElse() throws IOException {
		start(null, TOMCAT);
		this.output.listener.onWritePossible();
		this.output.failure = new IOException("Broken pipe");
		assertThatIOException().isThrownBy(() -> write("one"));
		this.transport.close();
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> write("two"));
		assertThat(this.output.calls).containsExactly("write one");
		then(this.context).shouldHaveNoMoreInteractions();
		this.asyncListener.onError(this.event);
		then(this.context).should().complete();
		this.asyncListener.onComplete(this.event);
		this.transport.close();
		then(this.context).shouldHaveNoMoreInteractions();
		assertThat(this.told).containsOnly("disconnected");
	}

	@Test
	void tomcatIsAskedOnceMoreToCompleteIfAnErrorCameInBetween() throws IOException {
		start(null, TOMCAT);
		this.output.listener.onWritePossible();
		this.transport.close();
		then(this.context).should().complete();
		willThrow(IllegalStateException.class).given(this.context).complete();
		this.asyncListener.onError(this.event);
		then(this.context).should(times(2)).complete();
	}

	@Test
	void waitsUntilTomcatHasLeftTheRequestBeforeItWrites() throws Exception {
		BusyRequest request = new BusyRequest();
		request.request.coyoteRequest.hook.processLock.lock();
		start(null, tomcat(request));
		this.output.listener.onWritePossible();
		Thread writing = new Thread(() -> {
			try {
				write("one");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		writing.start();
		Awaitility.await().until(() -> writing.getState() == Thread.State.WAITING);
		assertThat(this.output.calls).isEmpty();
		request.request.coyoteRequest.hook.processLock.unlock();
		writing.join();
		assertThat(this.output.calls).containsExactly("write one", "flush");
	}

	@Test
	void responseIsCompletedAfterAFailureOfWhichTheContainerKnowsNothing() throws IOException {
		start(null, TOMCAT);
		this.output.listener.onWritePossible();
		this.output.failure = new InternalError("not really");
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> write("one"));
		then(this.context).shouldHaveNoInteractions();
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> write("two"));
		this.transport.close();
		then(this.context).should().complete();
		assertThat(this.output.calls).containsExactly("write one");
	}

	@Test
	void ownerIsToldOfAFailureOfAnotherThread() throws IOException {
		List<Runnable> tasks = new ArrayList<>();
		start(tasks::add, TOMCAT);
		this.output.listener.onWritePossible();
		this.output.failure = new InternalError("not really");
		write("one");
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> tasks.remove(0).run());
		assertThat(this.told).containsExactly("disconnected");
		this.transport.close();
		then(this.context).should().complete();
	}

	@Test
	void jettyHasAResponseCompletedWhoseWriteHasFailed() throws IOException {
		start(null, null);
		this.output.listener.onWritePossible();
		this.output.failure = new IOException("Broken pipe");
		assertThatIOException().isThrownBy(() -> write("one"));
		then(this.context).should().complete();
		this.transport.close();
		this.output.listener.onError(this.output.failure);
		then(this.context).shouldHaveNoMoreInteractions();
	}

	@Test
	void nothingIsTouchedAfterTheContainerHasCompleted() throws IOException {
		start(null, null);
		this.output.listener.onWritePossible();
		this.asyncListener.onComplete(this.event);
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> write("one"));
		this.transport.close();
		this.output.listener.onWritePossible();
		assertThat(this.output.calls).isEmpty();
		then(this.context).shouldHaveNoMoreInteractions();
	}

	@Test
	void nothingIsTouchedAfterTheEndOfAStreamThatWasBehind() throws IOException {
		start(null, TOMCAT);
		this.output.listener.onWritePossible();
		this.output.ready = false;
		assertThat(write("one")).isFalse();
		this.transport.close();
		then(this.context).should().complete();
		this.output.ready = true;
		this.output.listener.onWritePossible();
		assertThat(this.output.calls).containsExactly("write one");
		assertThat(this.told).isEmpty();
	}

	@Test
	void closingDoesNotWaitForAWriteThatBlocks() throws Exception {
		start((task) -> new Thread(task).start(), TOMCAT);
		this.output.listener.onWritePossible();
		this.output.block = new CountDownLatch(1);
		assertThat(write("one")).isFalse();
		Awaitility.await().until(() -> this.output.calls.contains("write one"));
		this.transport.close();
		then(this.context).shouldHaveNoInteractions();
		this.output.block.countDown();
		Awaitility.await().untilAsserted(() -> then(this.context).should().complete());
		assertThat(this.told).isEmpty();
	}

	@Test
	void containerWaitsForAWriteThatBlocksBeforeItUsesTheResponseAgain() throws Exception {
		start((task) -> new Thread(task).start(), TOMCAT);
		this.output.listener.onWritePossible();
		this.output.block = new CountDownLatch(1);
		write("one");
		Awaitility.await().until(() -> this.output.calls.contains("write one"));
		Thread container = new Thread(() -> onError());
		container.start();
		Awaitility.await().until(() -> container.getState() == Thread.State.WAITING);
		then(this.context).shouldHaveNoInteractions();
		this.output.block.countDown();
		container.join();
		then(this.context).should().complete();
	}

	@Test
	void tellsThatMoreFitsAfterAWriteOfAnotherThread() throws IOException {
		List<Runnable> tasks = new ArrayList<>();
		start(tasks::add, TOMCAT);
		this.output.listener.onWritePossible();
		assertThat(write("one")).isFalse();
		assertThat(this.output.calls).isEmpty();
		tasks.remove(0).run();
		assertThat(this.output.calls).containsExactly("write one", "flush");
		assertThat(this.told).containsExactly("writable");
		assertThat(write("two")).isFalse();
		this.transport.close();
		tasks.remove(0).run();
		assertThat(this.output.calls).containsExactly("write one", "flush");
		then(this.context).should().complete();
	}

	@Test
	void closesWhereNoThreadWritesAnyMore() throws IOException {
		start((task) -> {
			throw new RejectedExecutionException();
		}, TOMCAT);
		this.output.listener.onWritePossible();
		assertThatIOException().isThrownBy(() -> write("one"));
		this.transport.close();
		then(this.context).should().complete();
		assertThat(this.output.calls).isEmpty();
	}

	@Test
	void closesWhereNoThreadCanBeStarted() throws IOException {
		start((task) -> {
			throw new InternalError("not really");
		}, TOMCAT);
		this.output.listener.onWritePossible();
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> write("one"));
		this.transport.close();
		then(this.context).should().complete();
		assertThat(this.output.calls).isEmpty();
	}

	private void start(@Nullable Executor writers, AsyncContainer.@Nullable Processing tomcat) {
		StreamExchange exchange = new StreamExchange(new MockHttpServletRequest(), new MockHttpServletResponse(),
				this.listener, (transport) -> this.transport = transport, (release) -> {
				});
		AsyncTransport.start(this.context, this.output, exchange, writers, tomcat);
		ArgumentCaptor<AsyncListener> captor = ArgumentCaptor.captor();
		then(this.context).should().addListener(captor.capture());
		this.asyncListener = captor.getValue();
		clearInvocations(this.context);
	}

	private static AsyncContainer.Processing tomcat(MockHttpServletRequest request) {
		return new TomcatAsyncContainer().processing(request);
	}

	private boolean write(String text) throws IOException {
		return this.transport.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
	}

	private void onError() {
		try {
			this.asyncListener.onError(this.event);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A request that Tomcat works on while its lock is held.
	 */
	private static final class BusyRequest extends MockHttpServletRequest {

		private final CatalinaRequest request = new CatalinaRequest();

		private static final class CatalinaRequest {

			private final CoyoteRequest coyoteRequest = new CoyoteRequest();

		}

		private static final class CoyoteRequest {

			private final Processor hook = new Processor();

		}

		private static final class Processor {

			private final ReentrantLock processLock = new ReentrantLock();

		}

	}

	/**
	 * A response that does what a test wants.
	 */
	private static final class Output extends ServletOutputStream {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		private WriteListener listener;

		private volatile boolean ready = true;

		private volatile boolean readyAfterFlush = true;

		private volatile @Nullable Throwable failure;

		private volatile @Nullable CountDownLatch block;

		@Override
		public void setWriteListener(WriteListener listener) {
			this.listener = listener;
		}

		@Override
		public boolean isReady() {
			return this.ready;
		}

		@Override
		public void write(int b) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.calls.add("write " + new String(bytes, offset, length, StandardCharsets.US_ASCII));
			CountDownLatch block = this.block;
			if (block != null) {
				try {
					block.await();
				}
				catch (InterruptedException ex) {
					throw new IOException(ex);
				}
			}
			if (this.failure instanceof IOException exception) {
				throw exception;
			}
			if (this.failure instanceof Error error) {
				throw error;
			}
		}

		@Override
		public void flush() {
			this.calls.add("flush");
			this.ready = this.readyAfterFlush;
		}

	}

}
