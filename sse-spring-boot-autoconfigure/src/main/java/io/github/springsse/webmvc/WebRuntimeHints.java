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

import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Runtime hints for native images: the fields of Tomcat that are read by reflection, the
 * classes that Tomcat instantiates by name, and the types that are looked up by name.
 */
final class WebRuntimeHints implements RuntimeHintsRegistrar {

	private static final String UPGRADE = "org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler";

	private static final List<String> LOOKED_FOR = List.of(UPGRADE, "org.eclipse.jetty.ee11.servlet.ServletApiRequest",
			"org.apache.catalina.connector.Connector",
			"org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		ReflectionHints reflection = hints.reflection();
		LOOKED_FOR.forEach((type) -> reflection.registerTypeIfPresent(classLoader, type, (hint) -> {
		}));
		reflection.registerTypeIfPresent(classLoader, "org.springframework.security.core.Authentication",
				(hint) -> hint.withMethod("getPrincipal", Collections.emptyList(), ExecutableMode.INVOKE));
		registerField(reflection, classLoader, "org.apache.catalina.connector.RequestFacade", "request");
		registerField(reflection, classLoader, "org.apache.catalina.connector.Request", "coyoteRequest");
		registerField(reflection, classLoader, "org.apache.coyote.Request", "hook");
		registerField(reflection, classLoader, "org.apache.coyote.AbstractProcessor", "socketWrapper");
		registerField(reflection, classLoader, "org.apache.coyote.http2.StreamProcessor", "processLock");
		reflection.registerTypeIfPresent(classLoader, UPGRADE,
				(hint) -> List.of(".tomcat.TomcatConnection", ".tomcat.TomcatStreamProtocol")
					.forEach((name) -> reflection.registerType(
							TypeReference.of(WebRuntimeHints.class.getPackageName() + name),
							MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)));
	}

	private static void registerField(ReflectionHints reflection, @Nullable ClassLoader classLoader, String type,
			String field) {
		reflection.registerTypeIfPresent(classLoader, type, (hint) -> hint.withField(field));
	}

}
