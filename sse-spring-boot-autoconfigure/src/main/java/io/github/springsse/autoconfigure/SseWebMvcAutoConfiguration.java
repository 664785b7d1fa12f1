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

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.limits.StreamLimits;
import io.github.springsse.limits.TopicLimits;
import io.github.springsse.webmvc.ApplicationAdmission;
import io.github.springsse.webmvc.ResponseSettings;
import io.github.springsse.webmvc.SseAdmission;
import io.github.springsse.webmvc.SseWebMvcConfigurer;
import io.github.springsse.webmvc.SseWebMvcPostProcessor;
import io.github.springsse.webmvc.StreamAdmission;
import jakarta.servlet.Servlet;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Auto-configuration for {@code @SseTopic} and {@code SseStream} in Spring MVC.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SseAutoConfiguration.class)
@ConditionalOnClass({ Servlet.class, WebMvcConfigurer.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean(Delivery.class)
public final class SseWebMvcAutoConfiguration {

	private static final DataSize SMALLEST = DataSize.ofKilobytes(4);

	private static final DataSize LARGEST = DataSize.ofMegabytes(64);

	@Bean
	@ConditionalOnMissingBean
	SseWebMvcConfigurer sseWebMvcConfigurer(Delivery delivery, SsePayloadEncoder encoder, SseProperties properties,
			Environment environment, ObjectProvider<StreamAdmission> admissions) {
		DefaultLimits limits = new DefaultLimits(properties, environment);
		ResponseSettings settings = new ResponseSettings(properties.getTransport(),
				BufferSize.checked("sse.stream.send-buffer-size", properties.getStream().getSendBufferSize(), SMALLEST,
						LARGEST),
				properties.getStream().getRetry(), properties.getShutdown().getReconnectWithin(),
				CheckedLimits.notNegative("openings-per-second", properties.getLimits().getOpeningsPerSecond()),
				CheckedLimits.notNegative("concurrent-openings", properties.getLimits().getConcurrentOpenings()),
				DeliverySettingsFactory.positive("sse.limits.snapshot-bytes-in-flight", limits.snapshots()),
				CheckedLimits.snapshotSize(properties.getLimits()), limits.streamsOfConnections(),
				properties.getLimits().getResponse());
		return new SseWebMvcConfigurer(delivery, encoder, settings, admissions.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	StreamLimits sseStreamLimits(SseProperties properties) {
		return new StreamLimits(CheckedLimits.create(properties), System::nanoTime);
	}

	@Bean
	@ConditionalOnMissingBean
	TopicLimits sseTopicLimits(SseProperties properties) {
		return CheckedLimits.topics(properties);
	}

	/**
	 * After rules about who may have a stream at all, and before limits, which may end
	 * another stream.
	 */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE - 100)
	ApplicationAdmission sseApplicationAdmission(ObjectProvider<SseAdmission> rules) {
		return new ApplicationAdmission(rules.orderedStream().toList());
	}

	/**
	 * NOTE: in each context, as the post-processors of a parent do not see the beans of
	 * its children.
	 */
	@Bean
	static SseWebMvcPostProcessor sseWebMvcPostProcessor(ObjectProvider<SseWebMvcConfigurer> configurer) {
		return new SseWebMvcPostProcessor(configurer::getObject);
	}

	@Bean
	SmartInitializingSingleton sseTopicMethodCheck(SseWebMvcConfigurer configurer, ListableBeanFactory beans) {
		return () -> configurer.check(beans);
	}

}
