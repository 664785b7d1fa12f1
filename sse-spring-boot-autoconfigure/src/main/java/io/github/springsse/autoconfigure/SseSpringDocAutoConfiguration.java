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

import io.github.springsse.SseStream;
import io.github.springsse.webmvc.SubscriptionEndpoint;
import io.swagger.v3.core.converter.ModelConverter;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Auto-configuration for springdoc. Methods that open a stream have an event stream as
 * response, an {@code SseStream} argument of a method is no parameter of the request, and
 * the endpoint whose clients choose topics is described.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass({ SpringDocUtils.class, SseEmitter.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
public final class SseSpringDocAutoConfiguration {

	/**
	 * NOTE: must run even if beans are lazy, because springdoc keeps the types in a
	 * static list.
	 */
	@Bean
	SmartInitializingSingleton sseSpringDocParameterTypes() {
		return () -> SpringDocUtils.getConfig()
			.addRequestWrapperToIgnore(SseStream.class)
			.addRestControllers(SubscriptionEndpoint.class);
	}

	@Bean
	GlobalOperationCustomizer sseSubscriptionDescription() {
		return (operation, handler) -> {
			if (handler.getBeanType().equals(SubscriptionEndpoint.class)) {
				operation.setSummary("Open a stream of events");
				operation.getParameters()
					.forEach((parameter) -> parameter.setDescription(
							"Topic or pattern; repeat the parameter for more. * is one segment, a final ** all remaining segments"));
			}
			return operation;
		};
	}

	@Bean
	GlobalOperationCustomizer sseStreamOperationCustomizer() {
		return new StreamOperationCustomizer();
	}

	@Bean
	ModelConverter sseStreamModelConverter() {
		return new StreamModelConverter();
	}

}
