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

package io.github.springsse.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the end of streams with Spring Security.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("sse.security")
public class SseSecurityProperties {

	/**
	 * Whether a stream ends when the session that admitted its client ends.
	 */
	private boolean endWithSession = true;

	/**
	 * Whether a stream ends when the token that admitted its client expires.
	 */
	private boolean endWithToken = true;

	/**
	 * Whether a session ends if only streams have used it for the duration of its
	 * timeout.
	 */
	private boolean idleLogout = true;

	/**
	 * Time for which the decoder accepts a JWT after its expiry. Streams end after this
	 * time, so that the decoder refuses the reconnect.
	 */
	private Duration tokenSkew = Duration.ofSeconds(60);

	/**
	 * Maximum time until the end of a session is noticed if the session store does not
	 * report it. Each session with open streams is looked up once per interval.
	 */
	private Duration checkInterval = Duration.ofSeconds(5);

	/**
	 * Maximum time until a disabled account or changed authorities are noticed. 0
	 * disables the check. Each user with open streams is loaded once per interval.
	 */
	private Duration recheckInterval = Duration.ofMinutes(1);

	/**
	 * Name of the event that is sent before a stream ends because of its session, token
	 * or account. Its data is the reason.
	 */
	private String expiredEvent = "expired";

	public boolean isEndWithSession() {
		return this.endWithSession;
	}

	public void setEndWithSession(boolean endWithSession) {
		this.endWithSession = endWithSession;
	}

	public boolean isEndWithToken() {
		return this.endWithToken;
	}

	public void setEndWithToken(boolean endWithToken) {
		this.endWithToken = endWithToken;
	}

	public boolean isIdleLogout() {
		return this.idleLogout;
	}

	public void setIdleLogout(boolean idleLogout) {
		this.idleLogout = idleLogout;
	}

	public Duration getTokenSkew() {
		return this.tokenSkew;
	}

	public void setTokenSkew(Duration tokenSkew) {
		this.tokenSkew = tokenSkew;
	}

	public Duration getCheckInterval() {
		return this.checkInterval;
	}

	public void setCheckInterval(Duration checkInterval) {
		this.checkInterval = checkInterval;
	}

	public Duration getRecheckInterval() {
		return this.recheckInterval;
	}

	public void setRecheckInterval(Duration recheckInterval) {
		this.recheckInterval = recheckInterval;
	}

	public String getExpiredEvent() {
		return this.expiredEvent;
	}

	public void setExpiredEvent(String expiredEvent) {
		this.expiredEvent = expiredEvent;
	}

}
