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

package io.github.springsse.webmvc.tomcat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.springsse.testsupport.LogOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The count of connections, by the calls that Tomcat makes: up before a connection is
 * accepted, by one thread, and down when it is closed, by any.
 */
@ExtendWith(OutputCaptureExtension.class)
class TomcatStreamEndpointTests {

	private static final int MOST = 2;

	private final TomcatStreamEndpoint endpoint = new TomcatStreamEndpoint();

	private final ExecutorService acceptor = Executors.newSingleThreadExecutor();

	@BeforeEach
	void limit() {
		this.endpoint.setMaxConnections(MOST);
	}

	@AfterEach
	void stop() {
		this.acceptor.shutdownNow();
	}

	@Test
	void aHandoffMakesRoomForOneThatWaits() throws Exception {
		accept(MOST);
		Future<?> waiting = acceptLater();
		assertThat(waiting).isNotDone();
		this.endpoint.handedOver();
		waiting.get();
		assertThat(this.endpoint.getConnectionCount()).isEqualTo(MOST);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aStreamThatEndsLeavesTheCountAsItWas(boolean closedFirst) throws Exception {
		accept(1);
		for (int i = 0; i < 10; i++) {
			accept(1);
			AtomicInteger ends = this.endpoint.handedOver();
			if (closedFirst) {
				this.endpoint.countDownConnection();
				ends.incrementAndGet();
			}
			else {
				ends.incrementAndGet();
				this.endpoint.countDownConnection();
			}
		}
		accept(1);
		assertThat(this.endpoint.getConnectionCount()).isEqualTo(2);
		Future<?> waiting = acceptLater();
		assertThat(waiting).isNotDone();
		this.endpoint.countDownConnection();
		waiting.get();
	}

	@Test
	void anOrdinaryConnectionMayBeClosedInBetween() throws Exception {
		accept(MOST);
		this.endpoint.handedOver().incrementAndGet();
		this.endpoint.countDownConnection();
		this.endpoint.countDownConnection();
		assertThat(this.endpoint.getConnectionCount()).isZero();
	}

	@Test
	void theCountIsNeverNegativeWhileManyComeAndLeave(CapturedOutput output) throws Exception {
		int threads = 4;
		int rounds = 5000;
		ExecutorService workers = Executors.newFixedThreadPool(threads);
		CountDownLatch done = new CountDownLatch(threads * rounds);
		try {
			this.acceptor.submit(() -> {
				for (int i = 0; i < threads * rounds; i++) {
					this.endpoint.countUpOrAwaitConnection();
					workers.execute(() -> {
						this.endpoint.handedOver().incrementAndGet();
						this.endpoint.countDownConnection();
						done.countDown();
					});
				}
				return null;
			}).get();
			done.await();
			accept(MOST);
			assertThat(this.endpoint.getConnectionCount()).isEqualTo(MOST);
			assertThat(LogOutput.complaints(output)).as("where Tomcat finds the count negative").isEmpty();
		}
		finally {
			workers.shutdownNow();
		}
	}

	private void accept(int count) throws Exception {
		this.acceptor.submit(() -> {
			for (int i = 0; i < count; i++) {
				this.endpoint.countUpOrAwaitConnection();
			}
			return null;
		}).get();
	}

	/**
	 * Have a thread wait for room.
	 */
	private Future<?> acceptLater() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		Future<?> result = this.acceptor.submit(() -> {
			thread.set(Thread.currentThread());
			this.endpoint.countUpOrAwaitConnection();
			return null;
		});
		Awaitility.await().until(() -> thread.get() != null && thread.get().getState() == Thread.State.WAITING);
		return result;
	}

}
