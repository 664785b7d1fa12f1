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

import io.github.springsse.delivery.Delivery;
import io.github.springsse.security.ExpirySettings;
import io.github.springsse.security.SessionEnds;
import io.github.springsse.security.SseAuthenticationCheck;
import io.github.springsse.security.StreamAuthorizer;
import io.github.springsse.security.StreamGuard;
import io.github.springsse.security.UserDetailsCheck;
import jakarta.servlet.Filter;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;

/**
 * Auto-configuration for streams with Spring Security: a stream ends with the session,
 * token or account that admitted its client.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SseAutoConfiguration.class, before = SseWebMvcAutoConfiguration.class,
		afterName = { "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
				"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration" })
@ConditionalOnClass(SecurityFilterChain.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean(value = Delivery.class, name = AbstractSecurityWebApplicationInitializer.DEFAULT_FILTER_NAME)
@EnableConfigurationProperties(SseSecurityProperties.class)
public final class SseSecurityAutoConfiguration {

	/** The shortest interval at which session stores and users are looked up. */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	@Bean
	@ConditionalOnMissingBean
	SseAuthenticationCheck sseAuthenticationCheck(ObjectProvider<UserDetailsService> users) {
		return new UserDetailsCheck(users::getIfUnique);
	}

	@Bean
	@ConditionalOnMissingBean
	StreamGuard sseStreamGuard(SseSecurityProperties properties, SseAuthenticationCheck check,
			ObjectProvider<SessionRegistry> registry, ObjectProvider<StreamAuthorizer> authorizers) {
		return new StreamGuard(settings(properties), registry::getIfUnique, check, authorizers::getIfUnique,
				System::currentTimeMillis);
	}

	private static ExpirySettings settings(SseSecurityProperties properties) {
		return new ExpirySettings(event(properties.getExpiredEvent()), properties.isEndWithSession(),
				properties.isIdleLogout(), properties.isEndWithToken(),
				DeliverySettingsFactory.notNegative("sse.security.token-skew", properties.getTokenSkew()),
				DurationRange.checked("sse.security.check-interval", properties.getCheckInterval(), SHORTEST),
				recheckInterval(properties.getRecheckInterval()));
	}

	private static String event(String name) {
		if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
			throw new InvalidConfigurationPropertyValueException("sse.security.expired-event", name,
					"It must be a name in one line");
		}
		return name;
	}

	private static @Nullable Duration recheckInterval(Duration interval) {
		return interval.isZero() ? null : DurationRange.checked("sse.security.recheck-interval", interval, SHORTEST);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "sse.security.end-with-session", matchIfMissing = true)
	static class SessionConfiguration {

		/**
		 * After the filters that give requests their sessions, and before all other
		 * filters.
		 */
		private static final int ORDER = Integer.MIN_VALUE + 60;

		/**
		 * The registry that Spring Security's concurrency control uses. The registry that
		 * it would create itself is no bean, so that the guard could not ask which
		 * sessions are to end.
		 */
		@Bean
		@ConditionalOnMissingBean(SessionRegistry.class)
		SessionRegistryImpl sseSessionRegistry() {
			return new SessionRegistryImpl();
		}

		@Bean
		SessionEnds sseSessionEnds(StreamGuard guard) {
			return guard.sessionEnds();
		}

		@Bean
		FilterRegistrationBean<Filter> sseSessionUseFilter(StreamGuard guard) {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(guard.filter());
			registration.setName("sseSessionUseFilter");
			registration.setOrder(ORDER);
			return registration;
		}

	}

}
