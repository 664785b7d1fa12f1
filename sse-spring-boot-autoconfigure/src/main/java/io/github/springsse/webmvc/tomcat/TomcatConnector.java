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

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.ReflectionUtils;

/**
 * Tomcat's connector of a request, and whether it changes the body of the response.
 * Tomcat decides on compression when it sends the head, which is too late for a response
 * that declares its own chunks.
 * <p>
 * Tomcat has no public API that returns the connector of a request, so it is read from a
 * private field. If a version of Tomcat does not have this field, no connection is handed
 * over, and a warning is logged.
 */
final class TomcatConnector {

	private static final Log logger = LogFactory.getLog(TomcatConnector.class);

	private static final @Nullable Field REQUEST = requestField();

	private static final AtomicBoolean warned = new AtomicBoolean();

	private final @Nullable AbstractHttp11Protocol<?> protocol;

	private TomcatConnector(@Nullable AbstractHttp11Protocol<?> protocol) {
		this.protocol = protocol;
	}

	/**
	 * Return the connector of a request.
	 * @param facade the request, as Tomcat passes it to applications
	 * @return the connector
	 */
	static TomcatConnector of(RequestFacade facade) {
		Object request = (REQUEST != null) ? ReflectionUtils.getField(REQUEST, facade) : null;
		if (!(request instanceof Request catalinaRequest)) {
			if (warned.compareAndSet(false, true)) {
				logger.warn("Handoff is disabled: this version of Tomcat has no field 'request' in RequestFacade. "
						+ "Streams use asynchronous requests, which need more memory");
			}
			return new TomcatConnector(null);
		}
		return new TomcatConnector(
				(catalinaRequest.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http11)
						? http11 : null);
	}

	private static @Nullable Field requestField() {
		Field field = ReflectionUtils.findField(RequestFacade.class, "request");
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

	/**
	 * Return whether the body of a response reaches the connection unchanged.
	 * @param request the request
	 * @param contentType the type of the body
	 * @param encoded whether the body is encoded already, so that Tomcat does not
	 * compress it
	 * @return {@code false} if it may be compressed, or the protocol is not HTTP/1.1,
	 * such as AJP
	 */
	boolean leavesBodiesAlone(HttpServletRequest request, String contentType, boolean encoded) {
		return this.protocol != null && (encoded || !(compresses(this.protocol, contentType) && takesGzip(request)));
	}

	/**
	 * Return the endpoint if it does not count connections that were handed over.
	 * @return the endpoint, {@code null} if they count like others
	 */
	@Nullable TomcatStreamEndpoint endpoint() {
		return (this.protocol instanceof TomcatStreamProtocol streams) ? streams.endpoint() : null;
	}

	private static boolean compresses(AbstractHttp11Protocol<?> protocol, String contentType) {
		return switch (protocol.getCompression()) {
			case "off" -> false;
			case "force" -> true;
			default -> Arrays.stream(protocol.getCompressibleMimeTypes()).anyMatch(contentType::startsWith);
		};
	}

	private static boolean takesGzip(HttpServletRequest request) {
		return Stream.of(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.TE)
			.flatMap((name) -> Collections.list(request.getHeaders(name)).stream())
			.anyMatch((value) -> value.toLowerCase(Locale.ROOT).contains("gzip"));
	}

}
