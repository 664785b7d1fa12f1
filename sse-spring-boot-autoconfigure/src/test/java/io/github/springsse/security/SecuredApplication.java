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

import java.util.Map;

import io.github.springsse.SseTopic;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.switchuser.SwitchUserFilter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with members who log in by a form.
 */
@RestController
class SecuredApplication {

	@GetMapping("/feed")
	@SseTopic("feed")
	void feed() {
	}

	@GetMapping("/public")
	@SseTopic("public")
	void everyone() {
	}

	@GetMapping("/data")
	@SseTopic(value = "data", dataOnly = true)
	void data() {
	}

	/**
	 * A session may end while the method runs.
	 */
	@GetMapping("/leave")
	@SseTopic("leave")
	void leave(HttpSession session) {
		session.invalidate();
	}

	@GetMapping("/page")
	String page(HttpServletRequest request) {
		return String.valueOf(request.getUserPrincipal());
	}

	@GetMapping("/public/session")
	String session(HttpSession session) {
		return session.getId();
	}

	@PostMapping("/timeout")
	Map<String, Integer> timeout(HttpServletRequest request) {
		int seconds = Integer.parseInt(request.getParameter("seconds"));
		request.getSession().setMaxInactiveInterval(seconds);
		return Map.of("seconds", seconds);
	}

	@PostMapping("/invalidate")
	void invalidate(HttpSession session) {
		session.invalidate();
	}

	@Bean
	static SecurityFilterChain security(HttpSecurity http, SwitchUserFilter switching,
			@Value("${test.maximum-sessions:-1}") int maximumSessions) {
		http.authorizeHttpRequests(
				(requests) -> requests.requestMatchers("/public/**").permitAll().anyRequest().authenticated());
		http.formLogin(Customizer.withDefaults());
		http.exceptionHandling(
				(handling) -> handling.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)));
		http.csrf(AbstractHttpConfigurer::disable);
		http.addFilterAfter(switching, AuthorizationFilter.class);
		if (maximumSessions > 0) {
			http.sessionManagement((sessions) -> sessions.maximumSessions(maximumSessions));
		}
		return http.build();
	}

	@Bean
	static SwitchUserFilter switching(UserDetailsService users) {
		SwitchUserFilter filter = new SwitchUserFilter();
		filter.setUserDetailsService(users);
		filter.setTargetUrl("/page");
		return filter;
	}

	/**
	 * The filter is for the filter chain of Spring Security alone.
	 */
	@Bean
	static FilterRegistrationBean<SwitchUserFilter> switchingInTheChain(SwitchUserFilter switching) {
		FilterRegistrationBean<SwitchUserFilter> result = new FilterRegistrationBean<>(switching);
		result.setEnabled(false);
		return result;
	}

	@Bean
	static InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}secret").roles("USER").build(),
				User.withUsername("bob").password("{noop}secret").roles("USER").build());
	}

	/**
	 * A session may end when the user was let in already.
	 */
	@Bean
	static FilterRegistrationBean<Filter> ending() {
		FilterRegistrationBean<Filter> result = new FilterRegistrationBean<>((request, response, chain) -> {
			if (request.getParameter("gone") != null) {
				((HttpServletRequest) request).getSession().invalidate();
			}
			chain.doFilter(request, response);
		});
		result.setOrder(Ordered.LOWEST_PRECEDENCE);
		return result;
	}

}
