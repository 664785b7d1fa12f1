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
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.github.springsse.AnnotatedBeans;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseAnswer;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.webmvc.jetty.JettyHandoff;
import io.github.springsse.webmvc.tomcat.TomcatAsyncContainer;
import io.github.springsse.webmvc.tomcat.TomcatHandoff;
import io.github.springsse.webmvc.transport.AsyncStarter;
import io.github.springsse.webmvc.transport.CountedConnections;
import io.github.springsse.webmvc.transport.StreamSockets;
import io.github.springsse.webmvc.transport.TransportMode;
import io.github.springsse.webmvc.transport.TransportStarter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.support.ConfigurableWebBindingInitializer;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Registers the support for {@code @SseTopic} and {@code SseStream} with Spring MVC, also
 * in child contexts without auto-configuration.
 */
public final class SseWebMvcConfigurer implements WebMvcConfigurer, BeanFactoryAware, AutoCloseable {

	private static final boolean tomcat = isPresent("org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler");

	private static final boolean jetty = isPresent("org.eclipse.jetty.ee11.servlet.ServletApiRequest");

	/** The request attribute for a configurer that is used instead of the bean. */
	public static final String ATTRIBUTE = SseWebMvcConfigurer.class.getName();

	private static final String ADAPTER = "requestMappingHandlerAdapter";

	/**
	 * The part of the memory for snapshots that those kept for later requests may use.
	 */
	private static final int KEPT_PART = 4;

	private final TopicMethods methods = new TopicMethods();

	private final StreamSockets sockets;

	private final AsyncStarter async;

	private final SsePayloadEncoder encoder;

	private final List<StreamAdmission> admissions;

	private final StreamSupport support;

	private final SnapshotTimer snapshotTimer = new SnapshotTimer();

	private @Nullable BeanFactory beanFactory;

	/**
	 * Create a configurer.
	 * @param delivery delivers to the streams
	 * @param encoder writes snapshots
	 * @param settings the settings of responses
	 * @param admissions decide whether a request may open a stream, in this order
	 */
	public SseWebMvcConfigurer(Delivery delivery, SsePayloadEncoder encoder, ResponseSettings settings,
			List<StreamAdmission> admissions) {
		this.encoder = encoder;
		this.admissions = List.copyOf(admissions);
		this.sockets = StreamSockets.of(delivery::isDelivering, delivery.heartbeatInterval(), delivery.writeTimeout(),
				settings.sendBuffer());
		CountedConnections connections = new CountedConnections(settings.connections());
		this.async = new AsyncStarter(settings.mode() == TransportMode.BLOCKING, connections,
				tomcat ? new TomcatAsyncContainer() : null);
		SnapshotBudget snapshots = new SnapshotBudget(settings.snapshotBytes());
		SharedSnapshots shared = new SharedSnapshots(settings.snapshotBytes() / KEPT_PART, System::nanoTime,
				this.snapshotTimer);
		snapshots.setReserve(shared::releaseKept);
		Refusal refusal = new Refusal(
				new ReconnectDelays(settings.reconnectWithin(), settings.reconnectsPerSecond(), System::nanoTime),
				settings.refusal(), delivery.maxStreams(), delivery.statistics(), System::nanoTime);
		StreamStarter starter = new StreamStarter(delivery, starters(settings.mode(), connections), settings.retry());
		StreamOpener opener = new StreamOpener(delivery, encoder, starter, settings, snapshots, refusal, admissions,
				new Answers(delivery, this::operations));
		this.support = new StreamSupport(
				new TopicInterceptor(this.methods, delivery, opener, snapshots, shared, refusal,
						new ConcurrentOpenings(settings.concurrentOpenings()), new ArgumentResolution(this::adapter)),
				new StreamArgumentResolver(), new StreamReturnValueHandler(opener),
				new StreamFailureResolver(this.methods, refusal));
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, SseWebMvcConfigurer.class.getClassLoader());
	}

	private List<TransportStarter> starters(TransportMode mode, CountedConnections connections) {
		List<TransportStarter> result = new ArrayList<>();
		if (mode == TransportMode.AUTO && tomcat) {
			result.add(new TomcatHandoff(this.sockets, connections));
		}
		if (mode == TransportMode.AUTO && jetty) {
			result.add(new JettyHandoff(this.sockets));
		}
		result.add(this.async);
		return result;
	}

	/**
	 * Use the bean factory to resolve placeholders of topics. Only placeholders are
	 * resolved: <code>#{}</code> is not an expression in a topic.
	 */
	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		if (beanFactory instanceof ConfigurableBeanFactory configurable) {
			this.methods.setPlaceholders(configurable::resolveEmbeddedValue);
		}
		this.methods.setFormats((type) -> format(type, beanFactory));
	}

	private static SseSourceFormat format(Class<? extends SseSourceFormat> type, BeanFactory beans) {
		SseSourceFormat bean = beans.getBeanProvider(type).getIfAvailable();
		if (bean != null) {
			return bean;
		}
		return (beans instanceof AutowireCapableBeanFactory factory) ? factory.createBean(type)
				: BeanUtils.instantiateClass(type);
	}

	/**
	 * Return the operations that publish the sources which methods return.
	 */
	private SseOperations operations() {
		Assert.state(this.beanFactory != null,
				"Sources cannot be published, since this SseWebMvcConfigurer is not a bean");
		return this.beanFactory.getBean(SseOperations.class);
	}

	/**
	 * Find the configurer for a request.
	 * @param request the request
	 * @return the configurer
	 * @throws IllegalStateException if there is none
	 */
	static SseWebMvcConfigurer of(HttpServletRequest request) {
		Object attached = request.getAttribute(ATTRIBUTE);
		if (attached instanceof SseWebMvcConfigurer configurer) {
			return configurer;
		}
		WebApplicationContext context = RequestContextUtils.findWebApplicationContext(request);
		SseWebMvcConfigurer result = (context != null)
				? context.getBeanProvider(SseWebMvcConfigurer.class).getIfAvailable() : null;
		if (result == null) {
			throw new IllegalStateException("No stream can be opened: there is no SseWebMvcConfigurer. Enable "
					+ "auto-configuration or, with MockMvcBuilders.routerFunctions, apply SseMockMvcConfigurer");
		}
		return result;
	}

	/**
	 * Return the interceptor that prepares the streams of methods with {@code @SseTopic}.
	 * @return the interceptor
	 */
	public HandlerInterceptor interceptor() {
		return this.support.interceptor();
	}

	StreamSupport support() {
		return this.support;
	}

	/**
	 * Check the methods of controllers and the components of Spring MVC that call them,
	 * and make methods with {@code @SseTopic} produce event streams. A method with
	 * {@code @SseTopic} to which no request is mapped is an error.
	 * @param beans the bean factory with the controllers, mappings and adapters
	 * @throws InvalidSseMethodException if an annotation cannot work on its method, or a
	 * required annotation is missing
	 */
	public void check(ListableBeanFactory beans) {
		Map<String, RequestMappingHandlerAdapter> adapters = BeanFactoryUtils.beansOfTypeIncludingAncestors(beans,
				RequestMappingHandlerAdapter.class);
		Set<Method> mapped = new HashSet<>();
		BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, RequestMappingInfoHandlerMapping.class)
			.forEach((name, mapping) -> {
				this.methods.check(mapping.getHandlerMethods(), this.encoder, this.admissions);
				EventStreamMappings.adapt(mapping);
				mapping.getHandlerMethods().values().forEach((handler) -> {
					mapped.add(handler.getMethod());
					TopicMethod method = this.methods.get(handler.getMethod());
					if (method != null) {
						StreamSupport.check(handler, method.shared() != null, name, mapping);
						adapters.forEach((adapterName, adapter) -> StreamSupport.check(handler, adapterName, adapter));
					}
				});
			});
		TopicMethods.checkMapped(AnnotatedBeans.methods(beans, SseTopic.class), mapped);
		TopicMethods.checkAnswers(AnnotatedBeans.methods(beans, SseAnswer.class));
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this.support.interceptor()).order(Ordered.LOWEST_PRECEDENCE);
	}

	/**
	 * NOTE: not called if an application creates the list of converters itself;
	 * {@code SseStream} then refuses to be written as JSON.
	 */
	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		builder.addCustomConverter(new StreamRefusingConverter());
	}

	/**
	 * Return the adapter of Spring MVC, or the first of several adapters.
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

	/**
	 * Create an adapter if there is no context, as with {@code standaloneSetup} of
	 * MockMvc.
	 */
	private static RequestMappingHandlerAdapter newAdapter() {
		ConfigurableWebBindingInitializer initializer = new ConfigurableWebBindingInitializer();
		initializer.setConversionService(new DefaultFormattingConversionService());
		RequestMappingHandlerAdapter result = new RequestMappingHandlerAdapter();
		result.setWebBindingInitializer(initializer);
		GenericApplicationContext empty = new GenericApplicationContext();
		empty.refresh();
		result.setApplicationContext(empty);
		result.afterPropertiesSet();
		return result;
	}

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(this.support.argumentResolver());
	}

	@Override
	public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
		handlers.add(this.support.returnValueHandler());
	}

	/**
	 * NOTE: before the resolvers of the application, which would answer with an error.
	 */
	@Override
	public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
		resolvers.add(0, this.support.failureResolver());
		resolvers.forEach(StreamSupport::addErrorBodyHandler);
	}

	@Override
	public void close() {
		this.snapshotTimer.close();
		this.async.close();
		this.sockets.close();
	}

}
