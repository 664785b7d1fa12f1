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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Tomcat holds while it works on a request: its fields are not part of any API.
 */
@ExtendWith(OutputCaptureExtension.class)
class TomcatProcessingTests {

	@ParameterizedTest
	@EnumSource
	void waitsUntilTomcatHasLeftTheRequest(Version version) throws Exception {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_ASYNC, Controller.class,
				"server.http2.enabled=true")) {
			Controller controller = server.bean(Controller.class);
			CompletableFuture<HttpResponse<String>> response = HttpClient.newBuilder()
				.version(version)
				.build()
				.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/work")).build(),
						BodyHandlers.ofString());
			assertThat(controller.entered.await(20, TimeUnit.SECONDS)).isTrue();
			Thread waiting = new Thread(controller.processing::awaitEnd);
			waiting.start();
			Awaitility.await().until(() -> waiting.getState() == Thread.State.WAITING);
			controller.leave.countDown();
			waiting.join(20_000);
			assertThat(waiting.isAlive()).isFalse();
			controller.context.complete();
			assertThat(response.get(20, TimeUnit.SECONDS).version()).isEqualTo(version);
		}
	}

	@Test
	void saysOnceWhatNoLongerWorksWhereAFieldIsMissingOrEmpty(CapturedOutput output) {
		// NOTE: another test of this process may have had the warning
		((AtomicBoolean) ReflectionTestUtils.getField(TomcatProcessing.class, "warned")).set(false);
		TomcatProcessing.of(new MockHttpServletRequest()).awaitEnd();
		TomcatProcessing.of(new OfAnotherShape(new MockHttpServletRequest())).awaitEnd();
		assertThat(output).containsOnlyOnce("the lock of a request was not found");
	}

	/**
	 * Has the first field that is looked for, and nothing in it.
	 */
	static class OfAnotherShape extends HttpServletRequestWrapper {

		@SuppressWarnings("unused")
		private final Object request = new Object();

		OfAnotherShape(HttpServletRequest request) {
			super(request);
		}

	}

	@RestController
	static class Controller implements WriteListener {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch leave = new CountDownLatch(1);

		private volatile TomcatProcessing processing;

		private volatile AsyncContext context;

		@GetMapping("/work")
		void work(HttpServletRequest request, HttpServletResponse response) throws IOException {
			ServletRequest tomcat = request;
			while (tomcat instanceof ServletRequestWrapper wrapper) {
				tomcat = wrapper.getRequest();
			}
			this.processing = TomcatProcessing.of(tomcat);
			ServletOutputStream output = response.getOutputStream();
			this.context = request.startAsync();
			output.setWriteListener(this);
		}

		@Override
		public void onWritePossible() throws IOException {
			this.entered.countDown();
			try {
				this.leave.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}

		@Override
		public void onError(Throwable failure) {
		}

	}

}
