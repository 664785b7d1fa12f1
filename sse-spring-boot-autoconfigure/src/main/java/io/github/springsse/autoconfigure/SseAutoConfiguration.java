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

import io.github.springsse.PresenceDirectory;
import io.github.springsse.SseCluster;
import io.github.springsse.SseClusterTemplate;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseOperations;
import io.github.springsse.SseOperationsDecorator;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseTemplate;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.StreamRegistry;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.publish.SsePublishPostProcessor;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Auto-configuration for publishing Server-Sent Events from any application, and for
 * delivering them in an application with Spring MVC.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SseJacksonAutoConfiguration.class)
@EnableConfigurationProperties({ SseProperties.class, SseAnswersProperties.class })
public final class SseAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(EventLog.class)
	InMemoryEventLog sseEventLog(SseProperties properties, ResourceLoader resources, ListableBeanFactory beans) {
		boolean driverPresent = ClassUtils.isPresent(
				"org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
				resources.getClassLoader());
		if (properties.getEventLog() == SseProperties.EventLogType.REDIS) {
			throw RedisLogNotPossibleException.because(driverPresent);
		}
		if (properties.getEventLog() == SseProperties.EventLogType.AUTO && driverPresent) {
			RedisConnectionFactories.warnOfSeveral(beans);
		}
		return new InMemoryEventLog(System.currentTimeMillis());
	}

	@Bean
	@ConditionalOnMissingBean
	SsePayloadEncoder ssePayloadEncoder() {
		return new TextPayloadEncoder();
	}

	@Bean
	@ConditionalOnMissingBean({ SseOperations.class, SseOperationsDecorator.class })
	SseTemplate sseTemplate(EventLog log, SsePayloadEncoder encoder, SseProperties properties) {
		return CheckedLimits.applyTo(new SseTemplate(log, encoder), properties);
	}

	@Bean
	@ConditionalOnMissingBean(SseOperations.class)
	@ConditionalOnBean(SseOperationsDecorator.class)
	SseOperations sseOperations(EventLog log, SsePayloadEncoder encoder, SseProperties properties,
			BeanFactory beanFactory, ObjectProvider<SseOperationsDecorator> decorators) {
		SseTemplate template = CheckedLimits.applyTo(new SseTemplate(log, encoder), properties);
		template.setBeanFactory(beanFactory);
		return decorators.orderedStream()
			.reduce((SseOperations) template, (operations, decorator) -> decorator.decorate(operations),
					(first, second) -> second);
	}

	@Bean
	@ConditionalOnMissingBean(SseCluster.class)
	SseClusterTemplate sseCluster(EventLog log, ObjectProvider<PresenceDirectory> directory,
			ObjectProvider<Delivery> delivery) {
		return new SseClusterTemplate(log, directory.getIfAvailable(() -> PresenceDirectories.local(delivery)));
	}

	/**
	 * NOTE: required in each context, because the post-processors of a parent do not
	 * process the beans of its children.
	 */
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	static SsePublishPostProcessor ssePublishPostProcessor(Environment environment,
			ObjectProvider<SseOperations> operations) {
		SsePublishPostProcessor result = new SsePublishPostProcessor(operations::getObject);
		result.setProxyTargetClass(environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
		return result;
	}

	@Bean
	static PublishMethodCheck ssePublishMethodCheck(ListableBeanFactory beans,
			ObjectProvider<SseOperations> operations) {
		return new PublishMethodCheck(beans, operations);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SseEmitter.class)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	static class DeliveryConfiguration {

		/**
		 * Runs before binding, which fails for some of the wrong keys without naming the
		 * reason.
		 */
		@Bean
		static BeanFactoryPostProcessor sseTopicKeyCheck(ConfigurableEnvironment environment) {
			return (beanFactory) -> TopicKeys.check(environment);
		}

		@Bean
		@ConditionalOnMissingBean
		Delivery sseDelivery(EventLog log, SsePayloadEncoder encoder, SseProperties properties,
				SseAnswersProperties answers, Environment environment) {
			return new Delivery(log, encoder, DeliverySettingsFactory.create(properties,
					AnswerSettingsFactory.limits(answers), new DefaultLimits(properties, environment)));
		}

		@Bean
		@ConditionalOnMissingBean(SseEmitterRegistry.class)
		StreamRegistry sseEmitterRegistry(Delivery delivery) {
			return new StreamRegistry(delivery);
		}

		@Bean
		@ConditionalOnMissingBean
		SseShutdown sseShutdown(Delivery delivery, SseProperties properties) {
			return new SseShutdown(delivery, properties.getShutdown().getTimeout());
		}

	}

}
