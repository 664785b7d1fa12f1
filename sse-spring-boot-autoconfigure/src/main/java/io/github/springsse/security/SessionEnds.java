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

package io.github.springsse.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

import org.springframework.context.ApplicationListener;
import org.springframework.security.authentication.event.AbstractAuthenticationEvent;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.session.SessionFixationProtectionEvent;
import org.springframework.security.web.authentication.switchuser.AuthenticationSwitchUserEvent;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;

/**
 * Listens to the ends of sessions, as reported by the container, by those stores of
 * Spring Session that report it, and by Spring Security, which also reports new users.
 */
public final class SessionEnds implements HttpSessionListener, ApplicationListener<AbstractAuthenticationEvent> {

	private final WatchedSessions sessions;

	SessionEnds(WatchedSessions sessions) {
		this.sessions = sessions;
	}

	/**
	 * NOTE: at a logout, the session ends before the event with the reason is published.
	 */
	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		String key = SessionAttributes.key(event.getSession());
		if (key != null) {
			RequestNotes notes = RequestNotes.current();
			if (notes != null) {
				notes.addDestroyed(key);
			}
			else {
				this.sessions.end(key, EndReason.SESSION);
			}
		}
	}

	@Override
	public void onApplicationEvent(AbstractAuthenticationEvent event) {
		RequestNotes notes = RequestNotes.current();
		if (event instanceof LogoutSuccessEvent && notes != null) {
			logOut(notes);
		}
		else if (event instanceof InteractiveAuthenticationSuccessEvent && notes != null) {
			notes.setUser(event.getAuthentication().getName());
		}
		else if (event instanceof AuthenticationSwitchUserEvent change && notes != null) {
			notes.setUser(nameAfter(change));
		}
		else if (event instanceof SessionFixationProtectionEvent change) {
			this.sessions.changeId(change.getOldSessionId(), change.getNewSessionId());
		}
	}

	/**
	 * NOTE: if the user to whom the event switches back is no {@code UserDetails}, the
	 * event does not contain that user.
	 */
	@SuppressWarnings("ConstantValue")
	private static String nameAfter(AuthenticationSwitchUserEvent change) {
		if (change.getTargetUser() != null) {
			return change.getTargetUser().getUsername();
		}
		for (GrantedAuthority authority : change.getAuthentication().getAuthorities()) {
			if (authority instanceof SwitchUserGrantedAuthority switched) {
				return switched.getSource().getName();
			}
		}
		return "";
	}

	/**
	 * NOTE: the event does not contain the id of the session. A logout may keep the
	 * session and only remove the user.
	 */
	private void logOut(RequestNotes notes) {
		notes.takeDestroyed().forEach((key) -> this.sessions.end(key, EndReason.LOGOUT));
		HttpServletRequest request = notes.request();
		String id = request.getRequestedSessionId();
		if (id != null) {
			this.sessions.endById(id, EndReason.LOGOUT);
		}
		HttpSession left = request.getSession(false);
		String key = (left != null) ? SessionAttributes.key(left) : null;
		if (key != null) {
			this.sessions.end(key, EndReason.LOGOUT);
		}
	}

}
