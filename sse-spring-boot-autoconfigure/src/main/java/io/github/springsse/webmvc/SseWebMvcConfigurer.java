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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.delivery.Delivery;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.support.ConfigurableWebBindingInitializer;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Makes {@code @SseTopic} and {@code SseStream} known to Spring MVC.
 */
public final class SseWebMvcConfigurer implements WebMvcConfigurer, BeanFactoryAware, AutoCloseable {

	private static final boolean tomcat = isPresent("org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler");

	private static final boolean jetty = isPresent("org.eclipse.jetty.ee11.servlet.ServletApiRequest");

	private static final String ADAPTER = "requestMappingHandlerAdapter";

	private final TopicMethods methods = new TopicMethods();

	private final BlockingWriters writers = new BlockingWriters();

	private final SocketWatch watch;

	private final Delivery delivery;

	private final SnapshotBudget snapshots;

	private final Refusal refusal;

	private final StreamOpener opener;

	private @Nullable BeanFactory beanFactory;

	/**
	 * Create a configurer.
	 * @param delivery gets the streams
	 * @param encoder writes snapshots
	 * @param settings how requests become streams
	 */
	public SseWebMvcConfigurer(Delivery delivery, SsePayloadEncoder encoder, ResponseSettings settings) {
		this.delivery = delivery;
		this.watch = new SocketWatch(delivery::isDelivering);
		this.snapshots = new SnapshotBudget(settings.snapshotBytes());
		this.refusal = new Refusal(settings.reconnectWithin(), delivery.statistics(), System::nanoTime);
		this.opener = new StreamOpener(delivery, encoder, starters(settings), settings, this.snapshots, this.refusal);
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, SseWebMvcConfigurer.class.getClassLoader());
	}

	private List<TransportStarter> starters(ResponseSettings settings) {
		TransportMode mode = settings.mode();
		List<TransportStarter> result = new ArrayList<>();
		if (mode == TransportMode.AUTO || mode == TransportMode.HANDOFF) {
			StreamSockets sockets = new StreamSockets(this.watch, settings.sendBuffer());
			if (tomcat) {
				result.add(new TomcatHandoff(sockets));
			}
			if (jetty) {
				result.add(new JettyHandoff(sockets));
			}
		}
		result.add(new AsyncStarter(mode == TransportMode.BLOCKING, this.writers));
		return result;
	}

	/**
	 * Have the placeholders of topics resolved, and nothing else of them:
	 * <code>#{}</code> is no expression there.
	 */
	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		if (beanFactory instanceof ConfigurableBeanFactory configurable) {
			this.methods.setPlaceholders(configurable::resolveEmbeddedValue);
		}
	}

	/**
	 * Check the methods of controllers, and have those with {@code @SseTopic} mapped as
	 * ones that produce event streams.
	 * @param beans has the controllers
	 * @param mappings have the methods that are mapped
	 * @throws InvalidSseMethodException if one has an annotation that cannot work, or
	 * needs one that it has not
	 */
	public void check(ListableBeanFactory beans, Iterable<RequestMappingHandlerMapping> mappings) {
		Set<Method> mapped = new HashSet<>();
		for (RequestMappingHandlerMapping mapping : mappings) {
			this.methods.check(mapping.getHandlerMethods());
			EventStreamMappings.adapt(mapping);
			mapping.getHandlerMethods().values().forEach((handler) -> mapped.add(handler.getMethod()));
		}
		for (String controller : beans.getBeanNamesForAnnotation(Controller.class)) {
			Class<?> type = beans.getType(controller);
			if (type != null) {
				TopicMethods.checkMapped(type, mapped);
			}
		}
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry
			.addInterceptor(new TopicInterceptor(this.methods, this.delivery, this.opener, this.snapshots, this.refusal,
					new ArgumentResolution(this::adapter)))
			.order(Ordered.LOWEST_PRECEDENCE);
	}

	/**
	 * The adapter of Spring MVC, which may be one of several.
	 */
	private RequestMappingHandlerAdapter adapter() {
		BeanFactory beans = this.beanFactory;
		if (beans != null && beans.containsBean(ADAPTER)
				&& beans.isTypeMatch(ADAPTER, RequestMappingHandlerAdapter.class)) {
			return beans.getBean(ADAPTER, RequestMappingHandlerAdapter.class);
		}
		Stream<RequestMappingHandlerAdapter> others = (beans != null)
				? beans.getBeanProvider(RequestMappingHandlerAdapter.class).orderedStream() : Stream.empty();
		return others.findFirst().orElseGet(SseWebMvcConfigurer::newAdapter);
	}

	private static RequestMappingHandlerAdapter newAdapter() {
		ConfigurableWebBindingInitializer initializer = new ConfigurableWebBindingInitializer();
		initializer.setConversionService(new DefaultFormattingConversionService());
		RequestMappingHandlerAdapter result = new RequestMappingHandlerAdapter();
		result.setWebBindingInitializer(initializer);
		result.afterPropertiesSet();
		return result;
	}

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(new StreamArgumentResolver());
	}

	@Override
	public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
		handlers.add(new StreamReturnValueHandler(this.opener));
	}

	/**
	 * NOTE: before those of the application, which would answer with an error.
	 */
	@Override
	public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
		resolvers.add(0, new StreamFailureResolver(this.methods, this.refusal));
		for (HandlerExceptionResolver resolver : resolvers) {
			if (resolver instanceof ExceptionHandlerExceptionResolver handlers) {
				ErrorBodyHandler.addTo(handlers);
			}
		}
	}

	@Override
	public void close() {
		this.writers.close();
		this.watch.close();
	}

}
