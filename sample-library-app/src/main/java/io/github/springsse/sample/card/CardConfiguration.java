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

import io.github.springsse.sample.web.ForbiddenException;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.servlet.CookieSameSiteSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Security of the pages: all users may look, borrow and return. The paths below
 * {@code /me} and the page to ask the librarian are for members, and the desk is for
 * librarians. {@link TopicConfiguration} decides which user may subscribe to which topic.
 */
@Configuration(proxyBeanMethods = false)
class CardConfiguration {

	private static final String SIGN_IN_PAGE = "/sign-in.html";

	private static final String DESK_PAGE = "/desk.html";

	private static final String ASK_PAGE = "/ask.html";

	@Bean
	SecurityFilterChain pages(HttpSecurity http,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
		http.authorizeHttpRequests((requests) -> requests.requestMatchers(DESK_PAGE, "/desk/**")
			.hasRole("LIBRARIAN")
			.requestMatchers(ASK_PAGE, "/me/**")
			.hasRole("MEMBER")
			.anyRequest()
			.permitAll());
		http.formLogin((form) -> form.loginPage(SIGN_IN_PAGE)
			.loginProcessingUrl("/sign-in")
			.failureUrl(SIGN_IN_PAGE + "?error"));
		http.logout((logout) -> logout.logoutUrl("/sign-out")
			.logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)));
		http.exceptionHandling((exceptions) -> exceptions.authenticationEntryPoint(entryPoint(errors))
			.accessDeniedHandler(accessDenied(errors)));
		// Static pages read the token from its cookie, which each client receives with
		// the first response. No page contains the token, so it needs no mask
		CsrfTokenRequestAttributeHandler tokens = new CsrfTokenRequestAttributeHandler();
		tokens.setCsrfRequestAttributeName(null);
		http.csrf((csrf) -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
			.csrfTokenRequestHandler(tokens));
		return http.build();
	}

	@Bean
	CookieSameSiteSupplier sameSite() {
		return CookieSameSiteSupplier.ofStrict();
	}

	/**
	 * A page redirects users who are not signed in to the sign-in page. All other
	 * requests, including the feeds, are answered with 401, which stops an
	 * {@code EventSource}.
	 */
	private static AuthenticationEntryPoint entryPoint(HandlerExceptionResolver errors) {
		RequestMatcher page = new OrRequestMatcher(PathPatternRequestMatcher.pathPattern(DESK_PAGE),
				PathPatternRequestMatcher.pathPattern(ASK_PAGE));
		AuthenticationEntryPoint signIn = new LoginUrlAuthenticationEntryPoint(SIGN_IN_PAGE);
		return (request, response, ex) -> {
			if (page.matches(request)) {
				signIn.commence(request, response, ex);
			}
			else {
				errors.resolveException(request, response, null, ex);
			}
		};
	}

	private static AccessDeniedHandler accessDenied(HandlerExceptionResolver errors) {
		return (request, response, ex) -> errors
			.resolveException(request, response, null, new ForbiddenException((ex instanceof CsrfException)
					? "The CSRF token is missing or old: load the page again" : "This user is not allowed to do this"));
	}

}
