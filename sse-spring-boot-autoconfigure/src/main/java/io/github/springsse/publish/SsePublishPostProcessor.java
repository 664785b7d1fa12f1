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

package io.github.springsse.publish;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Creates proxies for beans with methods that have {@link SsePublish}. The proxies
 * publish the results of these methods. If the annotation cannot work on a method, the
 * creation of the bean fails.
 *
 * @since 0.1.0
 */
public class SsePublishPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final Log logger = LogFactory.getLog(SsePublishPostProcessor.class);

	private final SsePublishInterceptor interceptor;

	/** Publishes around all other advice. */
	private final Advisor own;

	/** Publishes directly inside a transaction. */
	private final Advisor within;

	private final Map<Class<?>, Set<Method>> methods = new ConcurrentHashMap<>();

	/**
	 * Create a post-processor.
	 * @param operations supplies the operations; called when the first event is published
	 */
	public SsePublishPostProcessor(Supplier<SseOperations> operations) {
		this.interceptor = new SsePublishInterceptor(operations);
		Pointcut annotated = new AnnotationMatchingPointcut(null, SsePublish.class, true);
		this.own = new DefaultPointcutAdvisor(annotated, this.interceptor);
		this.within = new DefaultPointcutAdvisor(annotated, this.interceptor.withinTransaction());
		this.advisor = this.own;
		// NOTE: around other advice, whose proxy already exists; and inside of @Async,
		// whose post-processor runs last and adds its advice as the outermost
		setBeforeExistingAdvisors(true);
		setOrder(LOWEST_PRECEDENCE - 1);
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		if (beanFactory instanceof ConfigurableBeanFactory configurable) {
			this.interceptor.setPlaceholders(configurable::resolveEmbeddedValue);
		}
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Object result = super.postProcessAfterInitialization(bean, beanName);
		if (result instanceof Advised advised && !advised.isFrozen() && advised.indexOf(this.own) != -1) {
			publishWithinTransactions(advised, AopUtils.getTargetClass(bean));
		}
		if (AopUtils.isAopProxy(result)) {
			Class<?> target = AopUtils.getTargetClass(bean);
			this.methods.getOrDefault(target, Set.of())
				.forEach((method) -> Interception.check(method, target, result.getClass()));
		}
		return result;
	}

	/**
	 * Make methods with their own transaction publish within it, so that an event that
	 * cannot be published fails the transaction, instead of the call after the commit. If
	 * other advice may still change or reject the result afterwards, the event is
	 * published after that advice.
	 */
	private void publishWithinTransactions(Advised proxy, Class<?> target) {
		Advisor[] advisors = proxy.getAdvisors();
		int place = -1;
		for (Method method : this.methods.getOrDefault(target, Set.of())) {
			int transaction = TransactionAdvisors.indexOf(advisors, method, target);
			if (transaction == -1) {
				continue;
			}
			Advisor changing = TransactionAdvisors.changingResult(advisors, proxy.indexOf(this.own) + 1, transaction,
					method, target);
			if (changing == null) {
				this.interceptor.publishWithinTransaction(method, target);
				place = Math.max(place, transaction + 1);
			}
			else {
				logger.info("The result of " + target.getName() + "." + method.getName()
						+ " is published after the commit of its "
						+ "transaction, because it may be changed or rejected afterwards by " + changing);
			}
		}
		if (place != -1) {
			proxy.addAdvisor(place, this.within);
		}
	}

	/**
	 * NOTE: for a final class, the proxy factory only reports that CGLIB cannot extend
	 * it, without the reason for the proxy.
	 */
	@Override
	protected void customizeProxyFactory(ProxyFactory proxyFactory) {
		Class<?> target = proxyFactory.getTargetClass();
		if (target != null && (proxyFactory.isProxyTargetClass() || proxyFactory.getProxiedInterfaces().length == 0)
				&& !Proxy.isProxyClass(target) && !ClassUtils.isLambdaClass(target)) {
			this.methods.getOrDefault(target, Set.of()).forEach((method) -> Interception.checkSubclass(method, target));
		}
	}

	@Override
	protected boolean isEligible(Class<?> targetClass) {
		boolean eligible = super.isEligible(targetClass);
		if (eligible) {
			this.methods.computeIfAbsent(targetClass, this::checkedMethods);
		}
		return eligible;
	}

	private Set<Method> checkedMethods(Class<?> targetClass) {
		Set<Method> result = MethodIntrospector.selectMethods(targetClass,
				(ReflectionUtils.MethodFilter) (method) -> AnnotatedElementUtils.hasAnnotation(method,
						SsePublish.class));
		result.forEach(this.interceptor::get);
		return result;
	}

}
