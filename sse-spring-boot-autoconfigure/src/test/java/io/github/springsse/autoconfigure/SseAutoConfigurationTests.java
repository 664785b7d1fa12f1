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

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseCluster;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseException;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePublish;
import io.github.springsse.SseTemplate;
import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.DeliverySettings;
import io.github.springsse.delivery.Heartbeat;
import io.github.springsse.delivery.StreamRegistry;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.publish.SsePublishPostProcessor;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.webmvc.SseWebMvcConfigurer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SseAutoConfiguration}.
 */
class SseAutoConfigurationTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(SseAutoConfiguration.class,
			SseJacksonAutoConfiguration.class, SseMetricsAutoConfiguration.class, SseWebMvcAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseAutoConfiguration.class));

	@Test
	void contributesWhatIsNeededToPublishAndDeliver() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(InMemoryEventLog.class)
				.hasSingleBean(SsePayloadEncoder.class)
				.hasSingleBean(Delivery.class)
				.hasSingleBean(StreamRegistry.class)
				.hasSingleBean(SseTemplate.class)
				.hasSingleBean(SseShutdown.class)
				.hasSingleBean(SsePublishPostProcessor.class)
				.hasSingleBean(SseProperties.class);
			assertThat(context.getBean(SseOperations.class).publish("a", "data")).isNotEmpty();
			assertThat(context.getBean(SseEmitterRegistry.class).count()).isZero();
		});
	}

	@Test
	void publishesAndDoesNotDeliverWithoutAWebApplication() {
		new ApplicationContextRunner().withConfiguration(ALL).run(this::publishesAndDoesNotDeliver);
	}

	@Test
	void publishesAndDoesNotDeliverInAReactiveWebApplication() {
		new ReactiveWebApplicationContextRunner().withConfiguration(ALL).run(this::publishesAndDoesNotDeliver);
	}

	@Test
	void publishesAndDoesNotDeliverWithoutSpringMvc() {
		new WebApplicationContextRunner().withConfiguration(ALL)
			.withClassLoader(new FilteredClassLoader(SseEmitter.class))
			.run(this::publishesAndDoesNotDeliver);
		new ApplicationContextRunner().withConfiguration(ALL)
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "jakarta.servlet"))
			.run(this::publishesAndDoesNotDeliver);
	}

	private void publishesAndDoesNotDeliver(ApplicationContextAssertProvider<?> context) {
		assertThat(context.getBeansOfType(Delivery.class)).isEmpty();
		assertThat(context.getBeansOfType(SseEmitterRegistry.class)).isEmpty();
		assertThat(context.getBean(SseOperations.class).publish("a", "data")).isNotEmpty();
		assertThat(context.getBean(SseCluster.class).presence("a").streams()).isZero();
	}

	@Test
	void nothingDependsOnSecurity() {
		new WebApplicationContextRunner().withConfiguration(ALL)
			.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(SseTemplate.class)
				.hasSingleBean(SseWebMvcConfigurer.class));
	}

	@Test
	void backsOffForAnEventLog() {
		this.contextRunner.withUserConfiguration(OwnEventLog.class).run((context) -> {
			assertThat(context).hasSingleBean(EventLog.class).doesNotHaveBean(InMemoryEventLog.class);
			String id = context.getBean(SseOperations.class).publish("a", "data");
			assertThat(context.getBean(EventLog.class).parse(id)).hasToString("7-1");
			assertThat(context.getBean(Delivery.class).statistics().published()).isEqualTo(1);
		});
	}

	@Test
	void backsOffForAPayloadEncoder() {
		List<LogEntry> appended = new ArrayList<>();
		this.contextRunner.withBean(SsePayloadEncoder.class, () -> (data) -> "<" + data + ">").run((context) -> {
			assertThat(context).hasSingleBean(SsePayloadEncoder.class);
			EventLog log = context.getBean(EventLog.class);
			log.follow(log.head(), (id, entry) -> appended.add(entry));
			context.getBean(SseOperations.class).publish("a", 1);
			assertThat(appended).extracting(LogEntry::data).containsExactly("<1>");
		});
	}

	@Test
	void backsOffForOperations() {
		SseOperations own = mock(SseOperations.class);
		this.contextRunner.withBean(SseOperations.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(SseOperations.class)
				.doesNotHaveBean(SseTemplate.class)
				.getBean(SseOperations.class)
				.isSameAs(own));
	}

	@Test
	void backsOffForARegistry() {
		SseEmitterRegistry own = mock(SseEmitterRegistry.class);
		this.contextRunner.withBean(SseEmitterRegistry.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(SseEmitterRegistry.class)
				.doesNotHaveBean(StreamRegistry.class)
				.getBean(SseEmitterRegistry.class)
				.isSameAs(own));
	}

	@Test
	void backsOffForADelivery() {
		this.contextRunner.withUserConfiguration(OwnDelivery.class)
			.run((context) -> assertThat(context).hasSingleBean(Delivery.class).hasBean("ownDelivery"));
	}

	@Test
	void backsOffForAPostProcessor() {
		this.contextRunner.withUserConfiguration(OwnPostProcessor.class)
			.run((context) -> assertThat(context).hasSingleBean(SsePublishPostProcessor.class)
				.hasBean("ownPostProcessor"));
	}

	@Test
	void writesPlainDataWithoutJackson() {
		List<LogEntry> appended = new ArrayList<>();
		this.contextRunner.run((context) -> {
			EventLog log = context.getBean(EventLog.class);
			log.follow(log.head(), (id, entry) -> appended.add(entry));
			SseOperations sse = context.getBean(SseOperations.class);
			sse.publish("a", 1.5);
			sse.publish("a", true);
			sse.publish("a", new StringBuilder("text"));
			assertThat(appended).extracting(LogEntry::data).containsExactly("1.5", "true", "text");
			assertThatExceptionOfType(SseException.class).isThrownBy(() -> sse.publish("a", Map.of()))
				.withMessageContaining("there is no JsonMapper, or there are several of which none is primary");
		});
	}

	@Test
	void publishesWhatAnnotatedMethodsReturn() {
		this.contextRunner.withUserConfiguration(Annotated.class).run((context) -> {
			Desk desk = context.getBean(Desk.class);
			assertThat(AopUtils.isCglibProxy(desk)).isTrue();
			desk.open("north");
			assertThat(context.getBean(Delivery.class).statistics().published()).isEqualTo(1);
		});
		this.contextRunner.withUserConfiguration(Annotated.class)
			.withPropertyValues("spring.aop.proxy-target-class=false")
			.run((context) -> {
				Desk desk = context.getBean(Desk.class);
				assertThat(AopUtils.isJdkDynamicProxy(desk)).isTrue();
				desk.open("north");
				assertThat(context.getBean(Delivery.class).statistics().published()).isEqualTo(1);
			});
	}

	@Test
	void publishesWhatAnnotatedMethodsOfChildContextsReturn() {
		new ApplicationContextRunner().withConfiguration(ALL)
			.run((parent) -> this.contextRunner.withParent(parent)
				.withUserConfiguration(Annotated.class)
				.run((child) -> {
					child.getBean(Desk.class).open("north");
					assertThat(child.getBean(EventLog.class)).isSameAs(parent.getBean(EventLog.class));
					assertThat(child.getBean(Delivery.class).statistics().published()).isEqualTo(1);
				}));
	}

	@Test
	void childContextsWhoseAnnotatedMethodsNothingSeesFailToStart() {
		this.contextRunner.run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.setDisplayName("child");
				child.register(Annotated.class);
				assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(child::refresh)
					.satisfies((ex) -> {
						assertThat(ex.getMethod().getName()).isEqualTo("open");
						assertThat(ex.getFault())
							.isEqualTo("the context 'child' has no SsePublishPostProcessor, and the one of "
									+ "its parent does not process its beans");
						assertThat(ex.getAction())
							.startsWith("Add @ImportAutoConfiguration(SseAutoConfiguration.class)");
					});
				assertThat(child.isActive()).isFalse();
			}
		});
	}

	@Test
	void childContextsThatDoAsTheyAreToldPublish() {
		this.contextRunner.run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.register(Annotated.class, ImportingConfiguration.class);
				child.refresh();
				child.getBean(Desk.class).open("north");
				assertThat(parent.getBean(Delivery.class).statistics().published()).isEqualTo(1);
			}
		});
	}

	@Test
	void childContextsWithoutAnnotatedMethodsNeedNothing() {
		this.contextRunner.run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.registerBean(Object.class);
				child.refresh();
				assertThat(child.isActive()).isTrue();
			}
		});
	}

	@Test
	void severalOperationsFailTheStartWhereAMethodNeedsThem() {
		WebApplicationContextRunner several = this.contextRunner
			.withBean("first", SseOperations.class, () -> mock(SseOperations.class))
			.withBean("second", SseOperations.class, () -> mock(SseOperations.class));
		several.run((context) -> assertThat(context).hasNotFailed());
		several.withUserConfiguration(Annotated.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class, (ex) -> {
					assertThat(ex.getMethod().getName()).isEqualTo("open");
					assertThat(ex.getFault()).isEqualTo(
							"there are several beans of type SseOperations, [first, second], and none of them is primary");
					assertThat(ex.getAction()).isEqualTo("Mark one of them as @Primary");
				}));
		several.withUserConfiguration(Annotated.class)
			.withBean("primary", SseOperations.class, () -> mock(SseOperations.class),
					(definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void childContextsThatStopLeaveTheDeliveryOfTheirParentAlone() {
		this.contextRunner.run((parent) -> {
			this.contextRunner.withParent(parent)
				.run((child) -> assertThat(child.getBean(Delivery.class)).isSameAs(parent.getBean(Delivery.class)));
			assertThat(parent.getBean(Delivery.class).isAccepting()).isTrue();
		});
	}

	@Test
	void publishesOnTheThreadOfAsynchronousMethods() {
		this.contextRunner.withUserConfiguration(AsyncConfiguration.class)
			.run((context) -> assertThat(((Advised) context.getBean(AsyncDesk.class)).getAdvisors())
				.extracting((advisor) -> advisor.getClass().getSimpleName())
				.containsExactly("AsyncAnnotationAdvisor", "DefaultPointcutAdvisor"));
	}

	@Test
	void contributesNoExecutorThatOthersWouldBackOffFor() {
		new WebApplicationContextRunner().withConfiguration(ALL)
			.run((context) -> assertThat(context).hasSingleBean(SseWebMvcConfigurer.class)
				.doesNotHaveBean(Executor.class)
				.doesNotHaveBean(TaskScheduler.class));
	}

	@Test
	void streamsAreClosedBeforeTheWebServerWaitsForRequests() {
		this.contextRunner.run((context) -> assertThat(context.getBean(SseShutdown.class).getPhase())
			.isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE));
	}

	@Test
	void acceptsStreamsWhileTheContextRuns() {
		this.contextRunner.run((context) -> {
			Delivery delivery = context.getBean(Delivery.class);
			assertThat(delivery.isAccepting()).isTrue();
			context.stop();
			assertThat(delivery.isAccepting()).isFalse();
			context.start();
			assertThat(delivery.isAccepting()).isTrue();
			context.getSourceApplicationContext().pause();
			assertThat(delivery.isAccepting()).isFalse();
			context.getSourceApplicationContext().restart();
			assertThat(delivery.isAccepting()).isTrue();
			context.close();
			assertThat(delivery.isAccepting()).isFalse();
		});
	}

	@Test
	void threadsEndWithTheContext() {
		Set<Thread> others = deliveryThreads();
		Set<Thread> threads = new HashSet<>();
		this.contextRunner.withPropertyValues("sse.delivery.threads=3").run((context) -> {
			threads.addAll(deliveryThreads());
			threads.removeAll(others);
			assertThat(threads).hasSize(3);
		});
		EventStreamClient.await().until(() -> threads.stream().noneMatch(Thread::isAlive));
	}

	private static Set<Thread> deliveryThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("sse-delivery-"))
			.collect(Collectors.toSet());
	}

	@Test
	void propertiesBecomeSettings() {
		SseProperties properties = new SseProperties();
		properties.getDelivery().setThreads(3);
		properties.getDelivery().setMaxBacklog(4);
		properties.getStream().getQueue().setMaxEvents(5);
		properties.getStream().getQueue().setMaxSize(DataSize.ofBytes(6));
		properties.getReplay().setEventsPerTopic(7);
		properties.getReplay().setSizePerTopic(DataSize.ofBytes(700));
		properties.getReplay().setMaxAge(Duration.ofSeconds(70));
		properties.getReplay().setMaxTopics(77);
		properties.getReplay().setMaxSize(DataSize.ofBytes(8));
		TopicProperties prices = new TopicProperties();
		prices.setOverflow(OverflowPolicy.LATEST);
		prices.setEvents(777);
		properties.getTopics().put("prices/**", prices);
		TopicProperties reports = new TopicProperties();
		reports.setSize(DataSize.ofBytes(7777));
		properties.getTopics().put("reports", reports);
		TopicPolicy defaults = new TopicPolicy(7, 700, Duration.ofSeconds(70), OverflowPolicy.RESUME);
		TopicPolicies policies = new TopicPolicies(defaults, Map.of(TopicPattern.of("prices/**"),
				new TopicPolicy(777, 700, Duration.ofDays(365), OverflowPolicy.LATEST), TopicPattern.of("reports"),
				new TopicPolicy(7, 7777, Duration.ofSeconds(70), OverflowPolicy.RESUME)));
		properties.getLimits().setResumeEvents(78);
		properties.getLimits().setResumeTopics(79);
		properties.getLimits().setStreams(1000);
		properties.getLimits().setEventSize(DataSize.ofBytes(13));
		properties.getHeartbeat().setType(Heartbeat.EVENT);
		properties.getHeartbeat().setInterval(Duration.ofSeconds(9));
		properties.getStream().setWriteTimeout(Duration.ofSeconds(10));
		properties.getStream().setMaxDuration(Duration.ofSeconds(11));
		properties.getShutdown().setReconnectWithin(Duration.ofSeconds(12));
		assertThat(DeliverySettingsFactory.create(properties, AnswerLimits.DEFAULT, limits(properties)))
			.usingRecursiveComparison()
			.isEqualTo(DeliverySettings.builder()
				.threads(3)
				.maxBacklog(4)
				.queueEvents(5)
				.queueBytes(6)
				.policies(policies)
				.historyBytes(8)
				.historyTopics(77)
				.resumeLimits(new ResumeLimits(78, 79))
				.maxStreams(1000)
				.heartbeat(Heartbeat.EVENT)
				.heartbeatInterval(Duration.ofSeconds(9))
				.writeTimeout(Duration.ofSeconds(10))
				.maxDuration(Duration.ofSeconds(11))
				.reconnectWithin(Duration.ofSeconds(12))
				.eventBytes(13)
				.build());
	}

	@Test
	void threadsAreFewByDefault() {
		assertThat(
				DeliverySettingsFactory.create(new SseProperties(), AnswerLimits.DEFAULT, limits(new SseProperties()))
					.threads())
			.isBetween(1, 4);
	}

	private static DefaultLimits limits(SseProperties properties) {
		return new DefaultLimits(properties, new StandardEnvironment());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEventLog {

		@Bean
		EventLog ownEventLog() {
			InMemoryEventLog delegate = new InMemoryEventLog(7);
			return new EventLog() {

				@Override
				public EventId append(LogEntry entry) {
					return delegate.append(entry);
				}

				@Override
				public EventId head() {
					return delegate.head();
				}

				@Override
				public String format(EventId id) {
					return delegate.format(id);
				}

				@Override
				public @Nullable EventId parse(String text) {
					return delegate.parse(text);
				}

				@Override
				public Subscription follow(EventId cursor, Follower follower) {
					return delegate.follow(cursor, follower);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDelivery {

		@Bean
		Delivery ownDelivery(EventLog log, SsePayloadEncoder encoder, SseProperties properties) {
			return new Delivery(log, encoder,
					DeliverySettingsFactory.create(properties, AnswerLimits.DEFAULT, limits(properties)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPostProcessor {

		@Bean
		static SsePublishPostProcessor ownPostProcessor() {
			return new SsePublishPostProcessor(() -> mock(SseOperations.class));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Annotated {

		@Bean
		Desk desk() {
			return new DeskImpl();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	static class AsyncConfiguration {

		@Bean
		AsyncDesk asyncDesk() {
			return new AsyncDesk();
		}

	}

	static class AsyncDesk {

		@Async
		@SsePublish("desks")
		CompletableFuture<String> open() {
			return CompletableFuture.completedFuture("open");
		}

	}

	interface Desk {

		String open(String branch);

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(SseAutoConfiguration.class)
	static class ImportingConfiguration {

	}

	static class DeskImpl implements Desk {

		@Override
		@SsePublish("desks/{branch}")
		public String open(String branch) {
			return "open";
		}

	}

}
