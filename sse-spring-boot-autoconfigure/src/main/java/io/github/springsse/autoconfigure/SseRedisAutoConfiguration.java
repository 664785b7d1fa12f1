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
import io.github.springsse.delivery.Delivery;
import io.github.springsse.log.EventLog;
import io.github.springsse.redis.RedisEventLog;
import io.github.springsse.redis.RedisPresence;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration for an event log in Redis, shared by all nodes.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = SseAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass({ LettuceConnectionFactory.class, RedisClusterAsyncCommands.class })
@ConditionalOnSingleCandidate(RedisConnectionFactory.class)
@Conditional(SseRedisAutoConfiguration.NotInMemory.class)
@EnableConfigurationProperties({ SseRedisProperties.class, SseAnswersProperties.class })
public final class SseRedisAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(EventLog.class)
	RedisEventLog sseEventLog(RedisConnectionFactory factory, SseRedisProperties properties,
			SseAnswersProperties answers) {
		if (factory instanceof LettuceConnectionFactory lettuce) {
			return new RedisEventLog(lettuce, RedisLogSettingsFactory.create(properties, answers.getKeep()));
		}
		throw new RedisLogNotPossibleException(
				"the RedisConnectionFactory is a " + factory.getClass().getName() + ", and the log needs Lettuce",
				"Use Lettuce, which spring-boot-starter-data-redis brings, or set sse.event-log to memory: "
						+ "then an event reaches only the streams of the node that it was published on");
	}

	@Bean
	@ConditionalOnBean(RedisEventLog.class)
	@ConditionalOnMissingBean(PresenceDirectory.class)
	RedisPresence ssePresenceDirectory(RedisEventLog log, ObjectProvider<Delivery> delivery) {
		return new RedisPresence(log, PresenceDirectories.local(delivery));
	}

	static class NotInMemory extends BoundProperty implements ConfigurationCondition {

		@Override
		public ConfigurationPhase getConfigurationPhase() {
			return ConfigurationPhase.REGISTER_BEAN;
		}

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return read(context, "sse.event-log", SseProperties.EventLogType.AUTO) != SseProperties.EventLogType.MEMORY;
		}

	}

}
