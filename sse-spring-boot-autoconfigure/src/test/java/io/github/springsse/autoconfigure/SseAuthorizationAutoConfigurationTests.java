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

import java.util.List;
import java.util.function.Supplier;

import io.github.springsse.TopicPattern;
import io.github.springsse.security.SseSubscription;
import io.github.springsse.security.SseTopicAuthorization;
import io.github.springsse.security.StreamAuthorizer;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagerFactory;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.authorization.SingleResultAuthorizationManager;
import org.springframework.security.config.core.GrantedAuthorityDefaults;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link SseAuthorizationAutoConfiguration}.
 */
class SseAuthorizationAutoConfigurationTests {

	private static final AutoConfigurations all = AutoConfigurations.of(SseAutoConfiguration.class,
			SseAuthorizationAutoConfiguration.class, SseWebMvcAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner().withConfiguration(all);

	@Test
	void everythingIsGrantedWithoutAManager() {
		this.contextRunner.withUserConfiguration(ForRequests.class).run((context) -> {
			assertThat(context).hasSingleBean(StreamAuthorizer.class);
			assertThat(context.getBean(StreamAuthorizer.class).isActive()).isFalse();
			assertThat(isGranted(context, "any")).isTrue();
		});
	}

	@Test
	void asksTheManagerForSubscriptions() {
		this.contextRunner.withUserConfiguration(ForRequests.class, Rules.class).run((context) -> {
			assertThat(context.getBean(StreamAuthorizer.class).isActive()).isTrue();
			assertThat(isGranted(context, "staff")).isTrue();
			assertThat(isGranted(context, "any")).isFalse();
		});
	}

	@Test
	void managersOfAnyKindAreFound() {
		this.contextRunner.withBean(Denying.class).run((context) -> assertThat(isGranted(context, "any")).isFalse());
	}

	@Test
	void managersThatSayNothingOfTheirTypeAreNotMistaken() {
		this.contextRunner
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBeanDefinition("raw",
					new RootBeanDefinition(AuthorizationManager.class,
							() -> SingleResultAuthorizationManager.denyAll())))
			.run((context) -> assertThat(context.getBean(StreamAuthorizer.class).isActive()).isFalse());
	}

	@Test
	void managersThatAbstainDoNotGrant() {
		this.contextRunner.withUserConfiguration(Abstaining.class)
			.run((context) -> assertThat(isGranted(context, "any")).isFalse());
	}

	@Test
	void severalManagersFailTheStart() {
		this.contextRunner.withUserConfiguration(Rules.class)
			.withBean(Denying.class)
			.run((context) -> assertThat(context).getFailure().isInstanceOf(NoUniqueBeanDefinitionException.class));
	}

	@Test
	void rulesThatCannotWorkFailTheStart() {
		this.contextRunner.withUserConfiguration(UnreachableRules.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("The rule for topics 'a' can never decide"));
	}

	@Test
	void builderKnowsRoleHierarchyAndPrefix() {
		this.contextRunner.withUserConfiguration(Rules.class)
			.withBean(RoleHierarchy.class, () -> RoleHierarchyImpl.fromHierarchy("GROUP_HEAD > GROUP_STAFF"))
			.withBean(GrantedAuthorityDefaults.class, () -> new GrantedAuthorityDefaults("GROUP_"))
			.run((context) -> {
				assertThat(isGranted(context, "staff", "GROUP_HEAD")).isTrue();
				assertThat(isGranted(context, "staff", "ROLE_STAFF")).isFalse();
			});
	}

	@Test
	void builderUsesTheFactoryOfTheApplication() {
		for (Class<?> factory : List.of(FactoryOfAnything.class, FactoryOfSubscriptions.class)) {
			this.contextRunner.withUserConfiguration(Rules.class, factory)
				.run((context) -> assertThat(isGranted(context, "staff", "TEAM_STAFF")).isTrue());
		}
	}

	@Test
	void buildersAreNotShared() {
		this.contextRunner.run((context) -> assertThat(context.getBean(SseTopicAuthorization.Builder.class))
			.isNotSameAs(context.getBean(SseTopicAuthorization.Builder.class)));
	}

	@Test
	void usesThePublisherOfTheApplication() {
		AuthorizationEventPublisher publisher = mock(AuthorizationEventPublisher.class);
		this.contextRunner.withUserConfiguration(Rules.class)
			.withBean(AuthorizationEventPublisher.class, () -> publisher)
			.run((context) -> {
				assertThat(isGranted(context, "any")).isFalse();
				ArgumentCaptor<AuthorizationResult> result = ArgumentCaptor.forClass(AuthorizationResult.class);
				verify(publisher).publishAuthorizationEvent(any(), any(), result.capture());
				assertThat(result.getValue().isGranted()).isFalse();
			});
	}

	@Test
	void backsOffForAnAuthorizer() {
		this.contextRunner
			.withBean("own", StreamAuthorizer.class,
					() -> new StreamAuthorizer(Denying::new, mock(AuthorizationEventPublisher.class),
							SecurityContextHolder.getContextHolderStrategy()))
			.run((context) -> assertThat(context).hasSingleBean(StreamAuthorizer.class)
				.getBean(StreamAuthorizer.class)
				.isSameAs(context.getBean("own")));
	}

	@Test
	void nothingWithoutSpringSecurity() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("sseStreamAuthorizer"));
	}

	private static boolean isGranted(ApplicationContext context, String topic, String... authorities) {
		String[] given = (authorities.length > 0) ? authorities : new String[] { "ROLE_STAFF" };
		return context.getBean(StreamAuthorizer.class)
			.isGranted(List.of(TopicPattern.of(topic)), new TestingAuthenticationToken("kim", "", given));
	}

	@Configuration(proxyBeanMethods = false)
	static class ForRequests {

		@Bean
		AuthorizationManager<RequestAuthorizationContext> requests() {
			return (authentication, request) -> new AuthorizationDecision(false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Rules {

		@Bean
		AuthorizationManager<SseSubscription> topics(SseTopicAuthorization.Builder topics) {
			return topics.pattern("staff").hasRole("STAFF").anyTopic().denyAll().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnreachableRules {

		@Bean
		AuthorizationManager<SseSubscription> topics(SseTopicAuthorization.Builder topics) {
			return topics.anyTopic().denyAll().pattern("a").permitAll().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Abstaining {

		@Bean
		AuthorizationManager<SseSubscription> topics() {
			return (authentication, subscription) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryOfAnything {

		@Bean
		AuthorizationManagerFactory<Object> factory() {
			DefaultAuthorizationManagerFactory<Object> result = new DefaultAuthorizationManagerFactory<>();
			result.setRolePrefix("TEAM_");
			return result;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryOfSubscriptions {

		@Bean
		AuthorizationManagerFactory<SseSubscription> factory() {
			DefaultAuthorizationManagerFactory<SseSubscription> result = new DefaultAuthorizationManagerFactory<>();
			result.setRolePrefix("TEAM_");
			return result;
		}

	}

	static class Denying implements AuthorizationManager<SseSubscription> {

		@Override
		public AuthorizationResult authorize(Supplier<? extends Authentication> authentication,
				SseSubscription subscription) {
			return new AuthorizationDecision(false);
		}

	}

}
