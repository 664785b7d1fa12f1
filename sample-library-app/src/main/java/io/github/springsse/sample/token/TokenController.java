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

package io.github.springsse.sample.token;

import java.security.Principal;
import java.time.Instant;
import java.util.List;

import io.github.springsse.SseTopic;
import io.github.springsse.sample.member.Members;
import io.github.springsse.sample.notification.NotificationView;
import io.github.springsse.sample.notification.Notifications;

import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Issues tokens to members who are signed in, and has the feed that is read with a token.
 */
@RestController
class TokenController {

	private final JwtEncoder encoder;

	private final TokenProperties properties;

	private final Members members;

	private final Notifications notifications;

	TokenController(JwtEncoder encoder, TokenProperties properties, Members members, Notifications notifications) {
		this.encoder = encoder;
		this.properties = properties;
		this.members = members;
		this.notifications = notifications;
	}

	@PostMapping("/me/token")
	Token issue(Principal user) {
		Instant now = Instant.now();
		JwtClaimsSet claims = JwtClaimsSet.builder()
			.subject(user.getName())
			.issuedAt(now)
			.expiresAt(now.plus(this.properties.validity()))
			.build();
		Jwt token = this.encoder
			.encode(JwtEncoderParameters.from(JwsHeader.with(SignatureAlgorithm.RS256).build(), claims));
		return new Token(token.getTokenValue(), this.properties.validity().toSeconds());
	}

	/**
	 * The stream ends with the token: an event {@code expired} is its last.
	 */
	@GetMapping("/api/notifications/feed")
	@SseTopic("users/{user}/notifications")
	List<NotificationView> notifications(Principal user) {
		return this.notifications.of(this.members.member(user));
	}

	/**
	 * A token.
	 *
	 * @param token the token, to be sent as a bearer token
	 * @param validFor the number of seconds for which it is valid
	 */
	record Token(String token, long validFor) {

	}

}
