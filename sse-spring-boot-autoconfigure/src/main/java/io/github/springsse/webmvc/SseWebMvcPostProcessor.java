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

package io.github.springsse.webmvc;

import java.util.function.Supplier;

import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Adds the support for {@code @SseTopic} and {@code SseStream} to every mapping and
 * adapter of Spring MVC that is a bean, even if {@code WebMvcConfigurer}s are not
 * applied.
 */
public final class SseWebMvcPostProcessor implements InstantiationAwareBeanPostProcessor {

	private final Supplier<SseWebMvcConfigurer> configurer;

	/**
	 * Create a post-processor.
	 * @param configurer supplies the configurer; called for the first bean to process
	 */
	public SseWebMvcPostProcessor(Supplier<SseWebMvcConfigurer> configurer) {
		this.configurer = configurer;
	}

	/**
	 * NOTE: before the mapping receives its context, when it reads its interceptors.
	 */
	@Override
	public boolean postProcessAfterInstantiation(Object bean, String beanName) {
		if (bean instanceof RequestMappingInfoHandlerMapping mapping) {
			this.configurer.get().support().addTo(mapping);
		}
		return true;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RequestMappingHandlerAdapter adapter) {
			this.configurer.get().support().addTo(adapter);
		}
		else if (bean instanceof HandlerExceptionResolverComposite resolvers) {
			this.configurer.get().support().addTo(resolvers);
		}
		else if (bean instanceof HandlerExceptionResolver resolver) {
			StreamSupport.addErrorBodyHandler(resolver);
		}
		return bean;
	}

}
