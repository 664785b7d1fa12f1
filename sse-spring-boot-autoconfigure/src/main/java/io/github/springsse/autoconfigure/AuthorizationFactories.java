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
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ResolvableType;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.authorization.AuthorizationManagerFactory;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.config.core.GrantedAuthorityDefaults;
import org.springframework.util.ClassUtils;

/**
 * Finds the factory of rules about roles, authorities and authentication, as Spring
 * Security does for requests: the {@code AuthorizationManagerFactory} of the application,
 * or one with the role hierarchy and the role prefix of the application.
 */
final class AuthorizationFactories {

	private static final boolean configPresent = ClassUtils.isPresent(
			"org.springframework.security.config.core.GrantedAuthorityDefaults",
			AuthorizationFactories.class.getClassLoader());

	private AuthorizationFactories() {
	}

	static AuthorizationManagerFactory<? super SseSubscription> get(BeanFactory beans) {
		AuthorizationManagerFactory<SseSubscription> own = find(beans, SseSubscription.class);
		if (own != null) {
			return own;
		}
		AuthorizationManagerFactory<Object> common = find(beans, Object.class);
		return (common != null) ? common : create(beans);
	}

	private static <T> @Nullable AuthorizationManagerFactory<T> find(BeanFactory beans, Class<T> type) {
		ObjectProvider<AuthorizationManagerFactory<T>> provider = beans
			.getBeanProvider(ResolvableType.forClassWithGenerics(AuthorizationManagerFactory.class, type));
		return provider.getIfAvailable();
	}

	private static AuthorizationManagerFactory<SseSubscription> create(BeanFactory beans) {
		DefaultAuthorizationManagerFactory<SseSubscription> result = new DefaultAuthorizationManagerFactory<>();
		beans.getBeanProvider(RoleHierarchy.class).ifAvailable(result::setRoleHierarchy);
		if (configPresent) {
			RolePrefix.apply(beans, result);
		}
		return result;
	}

	/**
	 * Loaded only if the class of the bean is present.
	 */
	private static final class RolePrefix {

		static void apply(BeanFactory beans, DefaultAuthorizationManagerFactory<?> factory) {
			beans.getBeanProvider(GrantedAuthorityDefaults.class)
				.ifAvailable((defaults) -> factory.setRolePrefix(defaults.getRolePrefix()));
		}

	}

}
