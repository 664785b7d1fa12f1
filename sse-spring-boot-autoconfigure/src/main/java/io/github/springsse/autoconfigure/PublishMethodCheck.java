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

import java.lang.reflect.Method;
import java.util.Set;

import io.github.springsse.AnnotatedBeans;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import io.github.springsse.publish.SsePublishPostProcessor;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Checks at start-up that the return values of methods with {@link SsePublish} can be
 * published. In this context, there must be one bean to publish with. In a child context,
 * whose events Spring also publishes to its parent, a post-processor must intercept the
 * calls.
 */
final class PublishMethodCheck implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent> {

	private final ListableBeanFactory beans;

	private final ObjectProvider<SseOperations> operations;

	PublishMethodCheck(ListableBeanFactory beans, ObjectProvider<SseOperations> operations) {
		this.beans = beans;
		this.operations = operations;
	}

	/**
	 * NOTE: the methods are searched only if there are several such beans. Several beans
	 * are no fault if no method is annotated.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		if (BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, SseOperations.class, true,
				false).length < 2) {
			return;
		}
		try {
			this.operations.getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			for (Method method : AnnotatedBeans.methods(this.beans, SsePublish.class)) {
				throw new InvalidSseMethodException(
						SsePublish.class, method, "there are several beans of type SseOperations, "
								+ ex.getBeanNamesFound() + ", and none of them is primary",
						"Mark one of them as @Primary", ex);
			}
		}
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		ApplicationContext context = event.getApplicationContext();
		if (context.getBeanNamesForType(SsePublishPostProcessor.class, true, false).length > 0) {
			return;
		}
		Set<Method> methods = AnnotatedBeans.methods(context, SsePublish.class);
		for (Method method : methods) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"the context '" + context.getDisplayName() + "' has no SsePublishPostProcessor, and the one of its "
							+ "parent does not process its beans",
					"Add @ImportAutoConfiguration(SseAutoConfiguration.class) to a configuration of that context, or "
							+ "move the bean to the parent",
					null);
		}
	}

}
