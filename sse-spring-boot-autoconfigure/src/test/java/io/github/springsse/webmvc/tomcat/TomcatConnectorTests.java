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

import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found of Tomcat's connector: the field that has it is not part of any API.
 */
@ExtendWith(OutputCaptureExtension.class)
class TomcatConnectorTests {

	private static final String TYPE = "text/event-stream";

	@ParameterizedTest
	@CsvSource({ "off, gzip, true", "force, gzip, false", "force, identity, true" })
	void findsTheConnectorOfARequest(String compression, String accepted, boolean leavesBodiesAlone,
			CapturedOutput output) {
		Connector connector = new Connector();
		assertThat(connector.setProperty("compression", compression)).isTrue();
		RequestFacade facade = new RequestFacade(new Request(connector, new org.apache.coyote.Request()));
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.addHeader(HttpHeaders.ACCEPT_ENCODING, accepted);
		assertThat(TomcatConnector.of(facade).leavesBodiesAlone(request, TYPE, false)).isEqualTo(leavesBodiesAlone);
		assertThat(TomcatConnector.of(facade).leavesBodiesAlone(request, TYPE, true)).as("encoded already").isTrue();
		assertThat(output).doesNotContain("Handoff is disabled");
	}

	@Test
	void saysOnceThatNothingIsHandedOverWhereTheFieldHasNoRequest(CapturedOutput output) {
		// NOTE: another test of this process may have had the warning
		((AtomicBoolean) ReflectionTestUtils.getField(TomcatConnector.class, "warned")).set(false);
		HttpServletRequest request = new MockHttpServletRequest();
		for (int i = 0; i < 2; i++) {
			assertThat(TomcatConnector.of(new RequestFacade(null)).leavesBodiesAlone(request, TYPE, false)).isFalse();
		}
		assertThat(output).containsOnlyOnce("Handoff is disabled");
	}

}
