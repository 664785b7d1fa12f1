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

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.security.StreamAuthorizer;
import io.github.springsse.webmvc.SubscriptionEndpoint;
import jakarta.servlet.Servlet;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.annotation.RegisterReflection;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Auto-configuration for streams of topics that clients choose. It is not part of the
 * slice of {@code @WebMvcTest}, which does not contain the rules of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { SseAuthorizationAutoConfiguration.class, SseWebMvcAutoConfiguration.class })
@ConditionalOnClass({ Servlet.class, WebMvcConfigurer.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnProperty("sse.endpoint.path")
@RegisterReflection(classes = SubscriptionEndpoint.class, memberCategories = MemberCategory.INVOKE_DECLARED_METHODS)
public final class SseEndpointAutoConfiguration {

	private static final String NAME = "sse.endpoint.path";

	private static final String SECURITY = "org.springframework.security.authorization.AuthorizationManager";

	/**
	 * NOTE: runs after all beans exist, including the authorization rules that the path
	 * requires.
	 */
	@Bean
	SmartInitializingSingleton sseSubscriptionEndpoint(SseProperties properties, SseEmitterRegistry registry,
			@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mapping,
			BeanFactory beans, ResourceLoader resources) {
		String path = properties.getEndpoint().getPath();
		return () -> {
			if (StringUtils.hasText(path)) {
				new SubscriptionEndpoint(registry).map(checked(path, beans, resources.getClassLoader()),
						mapping.getObject());
			}
		};
	}

	private static String checked(String path, BeanFactory beans, @Nullable ClassLoader classLoader) {
		if (!path.startsWith("/") || StringUtils.containsWhitespace(path) || path.matches(".*[*?{}].*")) {
			throw new InvalidConfigurationPropertyValueException(NAME, path,
					"It must be a path that begins with '/', without wildcards, variables and white space");
		}
		if (!ClassUtils.isPresent(SECURITY, classLoader)) {
			throw new UnauthorizedEndpointException(NAME, path, "Spring Security is not on the class path",
					"Add spring-boot-starter-security");
		}
		if (!Authorization.isActive(beans)) {
			throw new UnauthorizedEndpointException(NAME, path,
					"there is no bean of type AuthorizationManager<SseSubscription>", "Define one");
		}
		return path;
	}

	/**
	 * Loaded only if Spring Security is present.
	 */
	private static final class Authorization {

		/**
		 * NOTE: if the auto-configuration of authorization is excluded, nothing calls the
		 * manager, so its presence alone does not count.
		 */
		static boolean isActive(BeanFactory beans) {
			return beans.getBeanProvider(StreamAuthorizer.class).stream().anyMatch(StreamAuthorizer::isActive);
		}

	}

}
