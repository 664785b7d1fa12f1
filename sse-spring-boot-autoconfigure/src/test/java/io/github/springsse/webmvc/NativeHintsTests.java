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

import java.lang.reflect.Field;
import java.util.List;

import io.github.springsse.webmvc.tomcat.TomcatConnection;
import io.github.springsse.webmvc.tomcat.TomcatStreamProtocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the hints for native images cover the reflection of this library.
 */
class NativeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@BeforeEach
	void register() {
		register(getClass().getClassLoader());
	}

	private void register(ClassLoader classLoader) {
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.github.springsse."))
			.forEach((registrar) -> registrar.registerHints(this.hints, classLoader));
	}

	@ParameterizedTest
	@CsvSource({ "org.apache.catalina.connector.RequestFacade,request",
			"org.apache.catalina.connector.Request,coyoteRequest", "org.apache.coyote.Request,hook",
			"org.apache.coyote.http11.Http11Processor,socketWrapper",
			"org.apache.coyote.http2.StreamProcessor,socketWrapper",
			"org.apache.coyote.http2.StreamProcessor,processLock" })
	void hasTheFieldsOfTomcatThatAreRead(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		assertThat(field).isNotNull();
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(field)).accepts(this.hints);
	}

	@Test
	void hasWhatTomcatCreates() throws Exception {
		for (Class<?> type : List.of(TomcatConnection.class, TomcatStreamProtocol.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getConstructor()))
				.accepts(this.hints);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler",
			"org.eclipse.jetty.ee11.servlet.ServletApiRequest", "org.apache.catalina.connector.Connector",
			"org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
			"org.springframework.security.core.Authentication" })
	void findsTypesByTheirNames(String type) {
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(type))).accepts(this.hints);
	}

	@Test
	void readsThePrincipalOfSpringSecurity() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation("org.springframework.security.core.Authentication", "getPrincipal"))
			.accepts(this.hints);
	}

	@Test
	void needsNoneOfThem() {
		RuntimeHints none = new RuntimeHints();
		new WebRuntimeHints().registerHints(none, new FilteredClassLoader("org.apache", "org.eclipse.jetty",
				"org.springframework.security", "org.springframework.data"));
		assertThat(none.reflection().typeHints()).isEmpty();
	}

}
