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
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.support.DefaultDataBinderFactory;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodArgumentResolverComposite;
import org.springframework.web.method.support.InvocableHandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletRequestDataBinderFactory;

/**
 * Resolves single arguments of a controller method before the method runs, as the handler
 * adapter does: with its argument resolvers, its converters and the {@code @InitBinder}
 * methods. Thread-safe.
 */
final class ArgumentResolution {

	private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

	private final SingletonSupplier<RequestMappingHandlerAdapter> adapter;

	private final SingletonSupplier<List<ControllerAdviceBean>> advice = SingletonSupplier.of(this::findAdvice);

	/**
	 * Create a resolution.
	 * @param adapter supplies the adapter; called for the first argument
	 */
	ArgumentResolution(Supplier<RequestMappingHandlerAdapter> adapter) {
		this.adapter = SingletonSupplier.of(adapter);
	}

	/**
	 * Resolve an argument.
	 * @param handler the method and its bean
	 * @param index the index of the argument
	 * @param request the request
	 * @param response its response
	 * @return the argument, which may be {@code null}
	 * @throws Exception the exception of Spring MVC if the request lacks the argument
	 */
	@Nullable Object resolve(HandlerMethod handler, int index, HttpServletRequest request, HttpServletResponse response)
			throws Exception {
		MethodParameter parameter = handler.getMethodParameters()[index];
		parameter.initParameterNameDiscovery(this.names);
		RequestMappingHandlerAdapter adapter = this.adapter.obtain();
		return composite(adapter.getArgumentResolvers()).resolveArgument(parameter, null,
				new ServletWebRequest(request, response), binderFactory(adapter, handler));
	}

	private WebDataBinderFactory binderFactory(RequestMappingHandlerAdapter adapter, HandlerMethod handler) {
		List<InvocableHandlerMethod> methods = new ArrayList<>();
		for (ControllerAdviceBean bean : this.advice.obtain()) {
			Class<?> type = bean.getBeanType();
			if (type != null && bean.isApplicableToBeanType(handler.getBeanType())) {
				binderMethods(type).forEach((method) -> methods.add(binderMethod(adapter, bean.resolveBean(), method)));
			}
		}
		binderMethods(handler.getBeanType())
			.forEach((method) -> methods.add(binderMethod(adapter, handler.getBean(), method)));
		return new ServletRequestDataBinderFactory(methods, adapter.getWebBindingInitializer());
	}

	private static Set<Method> binderMethods(Class<?> type) {
		return MethodIntrospector.selectMethods(type, RequestMappingHandlerAdapter.INIT_BINDER_METHODS);
	}

	private static InvocableHandlerMethod binderMethod(RequestMappingHandlerAdapter adapter, Object bean,
			Method method) {
		InvocableHandlerMethod result = new InvocableHandlerMethod(bean, method);
		result.setHandlerMethodArgumentResolvers(composite(adapter.getInitBinderArgumentResolvers()));
		result.setDataBinderFactory(new DefaultDataBinderFactory(adapter.getWebBindingInitializer()));
		return result;
	}

	private static HandlerMethodArgumentResolverComposite composite(
			@Nullable List<HandlerMethodArgumentResolver> resolvers) {
		return new HandlerMethodArgumentResolverComposite().addResolvers(resolvers);
	}

	private List<ControllerAdviceBean> findAdvice() {
		ApplicationContext context = this.adapter.obtain().getApplicationContext();
		return (context != null) ? ControllerAdviceBean.findAnnotatedBeans(context)
			.stream()
			.filter((bean) -> bean.getBeanType() != null && !binderMethods(bean.getBeanType()).isEmpty())
			.toList() : List.of();
	}

}
