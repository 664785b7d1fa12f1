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

import io.github.springsse.security.SseSubscription;
import io.github.springsse.security.SseTopicAuthorization;
import io.github.springsse.security.StreamAuthorizer;
import jakarta.servlet.Servlet;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.core.ResolvableType;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.SpringAuthorizationEventPublisher;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Auto-configuration for authorization of topics by Spring Security.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SseAutoConfiguration.class, before = SseWebMvcAutoConfiguration.class)
@ConditionalOnClass({ AuthorizationManager.class, Servlet.class, WebMvcConfigurer.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
public final class SseAuthorizationAutoConfiguration {

	/**
	 * NOTE: there is no condition on a manager, because the application may define it
	 * later, and it must not be overlooked.
	 */
	@Bean
	@ConditionalOnMissingBean
	StreamAuthorizer sseStreamAuthorizer(BeanFactory beans, ApplicationEventPublisher events,
			ObjectProvider<AuthorizationEventPublisher> publisher,
			ObjectProvider<SecurityContextHolderStrategy> contexts) {
		ObjectProvider<AuthorizationManager<SseSubscription>> manager = beans
			.getBeanProvider(ResolvableType.forClassWithGenerics(AuthorizationManager.class, SseSubscription.class));
		return new StreamAuthorizer(manager::getIfAvailable,
				publisher.getIfAvailable(() -> new SpringAuthorizationEventPublisher(events)),
				contexts.getIfAvailable(SecurityContextHolder::getContextHolderStrategy));
	}

	/**
	 * Create the manager at start-up, so that its faults are reported then.
	 */
	@Bean
	SmartInitializingSingleton sseAuthorizationCheck(StreamAuthorizer authorizer) {
		return authorizer::isActive;
	}

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	SseTopicAuthorization.Builder sseTopicAuthorizationBuilder(BeanFactory beans) {
		return SseTopicAuthorization.builder(AuthorizationFactories.get(beans));
	}

}
