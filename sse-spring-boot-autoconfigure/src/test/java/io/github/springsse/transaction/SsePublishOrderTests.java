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

package io.github.springsse.transaction;

import java.util.ArrayList;
import java.util.List;

import io.github.springsse.SsePublish;
import io.github.springsse.SseTemplate;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.publish.SsePublishPostProcessor;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PostFilter;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests the place of {@link SsePublish} among other advice.
 */
@ExtendWith(OutputCaptureExtension.class)
class SsePublishOrderTests {

	private static final List<String> happened = new ArrayList<>();

	private AnnotationConfigApplicationContext context;

	private Desk desk;

	@BeforeEach
	void start() {
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("emma", "", "ROLE_USER"));
		this.context = new AnnotationConfigApplicationContext(Configured.class);
		this.desk = this.context.getBean(Desk.class);
		happened.clear();
	}

	@AfterEach
	void close() {
		SecurityContextHolder.clearContext();
		this.context.close();
	}

	@Test
	void publishesWithinTheTransaction() {
		this.desk.transactional();
		assertThat(happened).containsExactly("begin", "write transactional", "commit", "send transactional");
		happened.clear();
		assertThatIllegalStateException().isThrownBy(this.desk::unwritable);
		assertThat(happened).containsExactly("begin", "rollback");
	}

	@Test
	void publishesWithinTheTransactionWhereOthersOnlyGuardOrWatchIt() {
		this.desk.guarded();
		assertThat(happened).containsExactly("begin", "write guarded", "commit", "send guarded");
	}

	@Test
	void publishesNothingThatIsRefusedOrFiltered(CapturedOutput output) {
		assertThatExceptionOfType(AuthorizationDeniedException.class).isThrownBy(this.desk::refused);
		assertThatExceptionOfType(AuthorizationDeniedException.class).isThrownBy(this.desk::refusedAfterCommit);
		assertThat(happened).containsExactly("begin", "commit");
		happened.clear();
		assertThat(this.desk.filtered()).containsExactly("public");
		assertThat(this.desk.filteredAfterCommit()).containsExactly("public");
		assertThat(happened).containsExactly("write [public]", "send [public]", "begin", "commit", "write [public]",
				"send [public]");
		this.desk.masked();
		assertThat(happened).endsWith("begin", "commit", "write ***", "send ***");
		assertThat(output)
			.contains("refusedAfterCommit is published after the commit of its transaction",
					"filteredAfterCommit is published", "masked is published")
			.doesNotContain("guarded is published", "transactional is published", "filtered is published");
	}

	@Test
	void publishesOnceWhereTheTargetIsAProxyThatPublishes() {
		ProxyFactory factory = new ProxyFactory(this.desk);
		factory.setProxyTargetClass(true);
		Desk proxy = (Desk) this.context.getBean(SsePublishPostProcessor.class)
			.postProcessAfterInitialization(factory.getProxy(), "proxy");
		proxy.transactional();
		assertThat(happened).containsExactly("begin", "write transactional", "commit", "send transactional");
	}

	@Test
	void publishesWhatACacheReturnsWithAndWithoutATransaction() {
		for (int i = 0; i < 2; i++) {
			this.desk.cached();
			this.desk.cachedInTransaction();
		}
		assertThat(happened.stream().filter("send cached"::equals)).hasSize(4);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	@EnableMethodSecurity
	@EnableCaching
	static class Configured {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static SsePublishPostProcessor postProcessor() {
			InMemoryEventLog log = new InMemoryEventLog(1);
			log.follow(log.head(), (id, entry) -> happened.add("send " + entry.data()));
			SseTemplate template = new SseTemplate(log, (data) -> {
				String text = data.toString();
				happened.add("write " + text);
				return text;
			}, new AfterCommitGate());
			SsePublishPostProcessor result = new SsePublishPostProcessor(() -> template);
			result.setProxyTargetClass(true);
			return result;
		}

		@Bean
		AbstractPlatformTransactionManager transactionManager() {
			return new FakeTransactionManager();
		}

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Advisor mask() {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("masked");
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				invocation.proceed();
				return new StringBuilder("***");
			});
			advisor.setOrder(0);
			return advisor;
		}

		@Bean
		Desk desk() {
			return new Desk();
		}

	}

	static class Desk {

		@SsePublish("desks")
		@Transactional
		StringBuilder transactional() {
			return new StringBuilder("transactional");
		}

		@SsePublish("desks")
		@Transactional
		Object unwritable() {
			return new Object() {

				@Override
				public String toString() {
					throw new IllegalStateException("cannot be written");
				}

			};
		}

		@SsePublish("desks")
		@Transactional
		@PreAuthorize("hasRole('USER')")
		@CacheEvict(cacheNames = "desks", allEntries = true)
		StringBuilder guarded() {
			return new StringBuilder("guarded");
		}

		@SsePublish("desks")
		@PostAuthorize("hasRole('ADMIN')")
		StringBuilder refused() {
			return new StringBuilder("refused");
		}

		@SsePublish("desks")
		@Transactional
		@PostAuthorize("hasRole('ADMIN')")
		StringBuilder refusedAfterCommit() {
			return new StringBuilder("refused");
		}

		@SsePublish("desks")
		@PostFilter("filterObject == 'public'")
		List<String> filtered() {
			return new ArrayList<>(List.of("public", "secret"));
		}

		@SsePublish("desks")
		@Transactional
		@PostFilter("filterObject == 'public'")
		List<String> filteredAfterCommit() {
			return new ArrayList<>(List.of("public", "secret"));
		}

		@SsePublish("desks")
		@Transactional
		StringBuilder masked() {
			return new StringBuilder("secret");
		}

		@SsePublish("desks")
		@Cacheable("cached")
		StringBuilder cached() {
			return new StringBuilder("cached");
		}

		@SsePublish("desks")
		@Transactional
		@Cacheable("cachedInTransaction")
		StringBuilder cachedInTransaction() {
			return new StringBuilder("cached");
		}

	}

	/**
	 * Transactions without a resource.
	 */
	@SuppressWarnings("serial")
	private static final class FakeTransactionManager extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			happened.add("begin");
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			happened.add("commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			happened.add("rollback");
		}

	}

}
