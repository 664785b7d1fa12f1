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

package io.github.springsse.sample.card;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.servlet.CookieSameSiteSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Everybody may look, borrow and return; what is below {@code /me} needs a card.
 * <p>
 * Who has signed in is told by a signed cookie and by nothing else, so any library knows
 * it, also one that has just been started. The cookie does not come with requests from
 * other sites, which is why there are no CSRF tokens.
 */
@Configuration(proxyBeanMethods = false)
class CardConfiguration {

	@Bean
	SecurityFilterChain security(HttpSecurity http, CardProperties properties,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
		AuthenticationEntryPoint refusal = (request, response, ex) -> errors.resolveException(request, response, null,
				ex);
		http.authorizeHttpRequests(
				(requests) -> requests.requestMatchers("/me/**").authenticated().anyRequest().permitAll());
		http.formLogin((form) -> form.loginPage("/")
			.loginProcessingUrl("/sign-in")
			.successHandler((request, response, member) -> response.setStatus(HttpStatus.NO_CONTENT.value()))
			.failureHandler(new AuthenticationEntryPointFailureHandler(refusal)));
		http.rememberMe((cookie) -> cookie.key(properties.key()).alwaysRemember(true));
		http.exceptionHandling((exceptions) -> exceptions.authenticationEntryPoint(refusal));
		http.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
		http.csrf(AbstractHttpConfigurer::disable);
		return http.build();
	}

	@Bean
	CookieSameSiteSupplier sameSite() {
		return CookieSameSiteSupplier.ofStrict();
	}

}
