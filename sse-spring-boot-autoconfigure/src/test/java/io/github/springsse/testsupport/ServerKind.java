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

package io.github.springsse.testsupport;

/**
 * Web servers and transports that streams are tested on.
 */
public enum ServerKind {

	TOMCAT_HANDOFF("tomcat", "auto"),

	TOMCAT_ASYNC("tomcat", "async"),

	TOMCAT_BLOCKING("tomcat", "blocking"),

	JETTY_HANDOFF("jetty", "auto"),

	JETTY_ASYNC("jetty", "async");

	private final String server;

	private final String transport;

	ServerKind(String server, String transport) {
		this.server = server;
		this.transport = transport;
	}

	/**
	 * Whether connections are handed over, so that nothing is kept of the request.
	 */
	public boolean isHandoff() {
		return this == TOMCAT_HANDOFF || this == JETTY_HANDOFF;
	}

	String server() {
		return this.server;
	}

	String transport() {
		return this.transport;
	}

}
