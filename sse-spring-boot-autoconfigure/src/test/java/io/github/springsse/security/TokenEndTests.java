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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;

import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams end when their token expires.
 */
@ExtendWith(OutputCaptureExtension.class)
class TokenEndTests {

	private static final byte[] SECRET = "a secret of two hundred and fifty-six bits"
		.getBytes(StandardCharsets.US_ASCII);

	private static final Duration SKEW = Duration.ofSeconds(2);

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void jwtEndsItsStreamsSoThatTheReconnectIsRefused(ServerKind kind, CapturedOutput output) throws Exception {
		try (TestServer server = start(kind, "sse.security.token-skew=" + SKEW.toMillis() + "ms")) {
			Instant expiry = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 1);
			String token = jwt(expiry);
			EventStreamClient feed = open(server, "/jwt", token);
			EventStreamClient lasting = open(server, "/jwt", jwt(null));
			EventStreamClient.await().atMost(Duration.ofSeconds(6)).until(feed::isEnded);
			assertThat(Instant.now()).isBetween(expiry.plus(SKEW), expiry.plus(SKEW).plusSeconds(1));
			SessionEndTests.assertExpired(feed, "token", Duration.ofSeconds(1));
			assertThat(open(server, "/jwt", token).response().statusCode()).isEqualTo(401);
			assertThat(lasting.isEnded()).isFalse();
			lasting.close();
			assertThat(output).doesNotContain(token);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void opaqueTokenEndsItsStreamsAtItsExpiry(ServerKind kind, CapturedOutput output) {
		try (TestServer server = start(kind)) {
			Instant expiry = Instant.now().plusSeconds(2);
			EventStreamClient feed = open(server, "/opaque", String.valueOf(expiry.toEpochMilli()));
			EventStreamClient.await().atMost(Duration.ofSeconds(6)).until(feed::isEnded);
			assertThat(Instant.now()).isBetween(expiry.minusMillis(1), expiry.plusSeconds(1));
			SessionEndTests.assertExpired(feed, "token", Duration.ofSeconds(1));
			assertThat(open(server, "/opaque", String.valueOf(expiry.toEpochMilli())).response().statusCode())
				.isEqualTo(401);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	/**
	 * As an authorization server may say that a token does not expire.
	 */
	@ParameterizedTest
	@EnumSource(names = "TOMCAT_HANDOFF")
	void tokenThatExpiresAtTheEndOfTimeOpensAStream(ServerKind kind) throws Exception {
		try (TestServer server = start(kind)) {
			List<EventStreamClient> feeds = List.of(open(server, "/jwt", jwt(Instant.ofEpochMilli(Long.MAX_VALUE))),
					open(server, "/opaque/for/ever", "any"));
			for (EventStreamClient feed : feeds) {
				assertThat(feed.response().statusCode()).isEqualTo(200);
			}
			EventStreamClient.await().until(() -> server.registry().count() == 2);
			server.sse().publish("feed", "event");
			for (EventStreamClient feed : feeds) {
				feed.awaitEvents(1);
				assertThat(feed.data()).containsExactly("event");
				feed.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT_HANDOFF")
	void tokenEndsNothingWhereThatIsSwitchedOff(ServerKind kind) {
		try (TestServer server = start(kind, "sse.security.end-with-token=false")) {
			Instant expiry = Instant.now().plusSeconds(1);
			EventStreamClient feed = open(server, "/opaque", String.valueOf(expiry.toEpochMilli()));
			EventStreamClient.await().during(Duration.ofSeconds(2)).until(() -> !feed.isEnded());
			feed.close();
		}
	}

	private static TestServer start(ServerKind kind, String... properties) {
		List<String> all = new ArrayList<>(List.of("test.security=true"));
		all.addAll(List.of(properties));
		return TestServer.start(kind, Application.class, all.toArray(String[]::new));
	}

	private static EventStreamClient open(TestServer server, String path, String token) {
		return EventStreamClient.open(server.uri(path), "Authorization", "Bearer " + token);
	}

	private static String jwt(@Nullable Instant expiry) throws JOSEException {
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().subject("ada");
		if (expiry != null) {
			claims.expirationTime(Date.from(expiry));
		}
		SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
		jwt.sign(new MACSigner(SECRET));
		return jwt.serialize();
	}

	@RestController
	static class Application {

		@GetMapping({ "/jwt", "/opaque", "/opaque/for/ever" })
		@SseTopic("feed")
		void feed() {
		}

		@Bean
		static JwtDecoder decoder() {
			NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256"))
				.macAlgorithm(MacAlgorithm.HS256)
				.build();
			decoder.setJwtValidator(new JwtTimestampValidator(SKEW));
			return decoder;
		}

		@Bean
		static OpaqueTokenIntrospector introspector() {
			return (token) -> {
				Instant expiry = token.equals("any") ? Instant.MAX : Instant.ofEpochMilli(Long.parseLong(token));
				if (expiry.isBefore(Instant.now())) {
					throw new BadOpaqueTokenException("Expired");
				}
				return new DefaultOAuth2AuthenticatedPrincipal("ada", Map.of("exp", expiry),
						AuthorityUtils.NO_AUTHORITIES);
			};
		}

		@Bean
		@Order(0)
		static SecurityFilterChain opaque(HttpSecurity http, OpaqueTokenIntrospector introspector) {
			http.securityMatcher("/opaque/**");
			http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated());
			http.oauth2ResourceServer(
					(resource) -> resource.opaqueToken((tokens) -> tokens.introspector(introspector)));
			return http.build();
		}

		@Bean
		static SecurityFilterChain jwt(HttpSecurity http, JwtDecoder decoder) {
			http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated());
			http.oauth2ResourceServer((resource) -> resource.jwt((tokens) -> tokens.decoder(decoder)));
			return http.build();
		}

	}

}
