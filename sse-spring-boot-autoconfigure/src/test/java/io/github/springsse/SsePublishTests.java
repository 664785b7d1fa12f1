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

package io.github.springsse;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Proxy;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.springsse.publish.SsePublishPostProcessor;
import kotlin.coroutines.Continuation;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.core.env.MapPropertySource;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SsePublish}.
 */
class SsePublishTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void publishesWhatAMethodReturns() {
		Lending lending = start(Lending.class);
		Loan loan = lending.byArgument("north", 7);
		assertThat(loan).isEqualTo(new Loan("north", 7));
		assertThat(published()).containsExactly(new Published("branches/north/loans/7", null, loan));
	}

	@Test
	void valueAndTopicAreTheSame() {
		Lending lending = start(Lending.class);
		lending.byTopicAttribute();
		assertThat(published()).containsExactly(new Published("fixed", "named", "data"));
	}

	@Test
	void placeholdersAreResolvedBeforeVariables() {
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("app.topic", "branches/{branch}")));
		start(PlaceholderLending.class).lend(new Loan("north", 7));
		assertThat(topics()).containsExactly("branches/north/loans");
	}

	@Test
	void placeholdersThatNothingResolvesFailTheStart() {
		failsToStart(PlaceholderLending.class, (ex) -> {
			assertThat(ex.getFault()).isEqualTo("a placeholder of topic '${app.topic}/loans' cannot be resolved");
			assertThat(ex.getAction())
				.isEqualTo("Set the property, or give the placeholder a default, as in ${name:default}");
		});
	}

	@Test
	void takesVariablesFromRecordsAndBeans() {
		Lending lending = start(Lending.class);
		lending.byRecordProperty();
		lending.byBeanProperty();
		lending.byPropertyOfArgument(new Loan("west", 2), new Book("Dune", new Loan("inner", 4)));
		assertThat(topics()).containsExactly("loans/east/1", "books/Emma/nested", "west/Dune/inner");
	}

	@Test
	void argumentsGoBeforeProperties() {
		Lending lending = start(Lending.class);
		lending.argumentAndProperty("argument");
		assertThat(topics()).containsExactly("loans/argument");
	}

	@Test
	void convertsValues() {
		Lending lending = start(Lending.class);
		lending.values(DayOfWeek.MONDAY, 12L, Optional.of("o"));
		assertThat(topics()).containsExactly("MONDAY/12/o");
	}

	@Test
	void publishesTheValueOfAnOptionalOrNothing() {
		Lending lending = start(Lending.class);
		assertThat(lending.optional(Optional.of("data"))).hasValue("data");
		assertThat(lending.optional(Optional.empty())).isEmpty();
		assertThat(lending.nothing()).isNull();
		assertThat(published()).containsExactly(new Published("optional", null, "data"));
	}

	@Test
	void publishesNothingWhenTheMethodThrows() {
		Lending lending = start(Lending.class);
		assertThatIllegalStateException().isThrownBy(lending::fails).withMessage("own");
		assertThat(published()).isEmpty();
	}

	@Test
	void publishesAnEventThatIsReturned() {
		Lending lending = start(Lending.class);
		lending.event(SseEvent.of("own", new Loan("north", 1)).withKey("1"));
		assertThat(published()).containsExactly(new Published("loans/north", "own", new Loan("north", 1)));
	}

	@Test
	void refusesWhatIsReturnedAndNoData() {
		Lending lending = start(Lending.class);
		refuses(lending, Flux.just("x"),
				"reactor.core.publisher.FluxJust cannot be published: "
						+ "its value comes later. Return each value when it is available, or publish all with "
						+ "SseOperations.publishAll(topic, source)");
		refuses(lending, new FutureTask<>(() -> "x"), "java.util.concurrent.FutureTask cannot be published: "
				+ "its value comes later. Return the value when it is available");
		refuses(lending, Stream.of("x"), Stream.of("x").getClass().getName()
				+ " cannot be published: it can be read only once. Return a List of its elements, or publish its "
				+ "elements with SseOperations.publishAll(topic, source), which takes a Stream or an Iterable");
		refuses(lending, List.of(SseEvent.of("x")), SseEvent.class.getName() + " in java.util.ImmutableCollections"
				+ "$List12 cannot be published: an event cannot be data or part of data. Return each event by itself");
		refuses(lending, SseEvent.of((Supplier<String>) () -> "x"),
				"cannot be published: it is a function, not a value. Return its value");
		refuses(lending, ResponseEntity.ok("x"), "org.springframework.http.ResponseEntity cannot be published: "
				+ "it is a response to a request. Return only the data");
		assertThat(published()).isEmpty();
		lending.anything(OptionalInt.of(7));
		lending.anything(OptionalInt.empty());
		assertThat(published()).containsExactly(new Published("anything", null, 7));
	}

	private static void refuses(Lending lending, Object returned, String message) {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> lending.anything(returned))
			.withMessageEndingWith(message);
	}

	@Test
	void publishesWhatAStageCompletesWith() {
		Lending lending = start(Lending.class);
		CompletableFuture<String> source = new CompletableFuture<>();
		CompletableFuture<String> result = lending.stage(source);
		assertThat(published()).isEmpty();
		source.complete("later");
		assertThat(result).isCompletedWithValue("later");
		assertThat(lending.stage(CompletableFuture.completedFuture(null))).isCompletedWithValue(null);
		assertThat(lending.stage(CompletableFuture.failedFuture(new IllegalStateException("own"))))
			.isCompletedExceptionally();
		assertThat(published()).containsExactly(new Published("stages", null, "later"));
	}

	@Test
	void aStageFailsIfItsEventCannotBePublished() {
		Lending lending = start(Lending.class);
		CompletableFuture<Loan> result = lending.stageOfLoan(CompletableFuture.completedFuture(new Loan("a/b", 1)));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(result::join)
			.withCauseInstanceOf(InvalidTopicVariableException.class);
	}

	@Test
	void saysWhichVariableHasNoValue() {
		Lending lending = start(Lending.class);
		assertThatExceptionOfType(InvalidTopicVariableException.class).isThrownBy(() -> lending.byArgument(null, 1))
			.withMessage("Variable 'branch' of topic 'branches/{branch}/loans/{number}': it has no value");
		assertThatExceptionOfType(InvalidTopicVariableException.class).isThrownBy(() -> lending.byArgument("", 1))
			.withMessageContaining("it is empty");
		assertThatExceptionOfType(InvalidTopicVariableException.class)
			.isThrownBy(() -> lending.byPropertyOfArgument(null, new Book("", null)))
			.withMessage("Variable 'loan.branch' of topic '{loan.branch}/{book.title}/{book.inner.branch}': "
					+ "it has no value");
		assertThat(published()).isEmpty();
	}

	@Test
	void saysWhichPropertyThereIsNot() {
		Lending lending = start(Lending.class);
		assertThatExceptionOfType(InvalidTopicVariableException.class).isThrownBy(() -> lending.missing(1))
			.withMessage("Variable 'branch' of topic 'branches/{branch}': there is no argument 'branch' of missing, "
					+ "and no such property in " + Book.class.getName())
			.satisfies((ex) -> assertThat(ex.getVariable()).isEqualTo("branch"));
		assertThatExceptionOfType(InvalidTopicVariableException.class)
			.isThrownBy(() -> lending.missingInArgument(new Book("x", null)))
			.withMessage("Variable 'book.branch' of topic '{book.branch}': there is no such property in "
					+ Book.class.getName());
	}

	@Test
	void refusesValuesThatAreNoText() {
		Lending lending = start(Lending.class);
		assertThatExceptionOfType(InvalidTopicVariableException.class)
			.isThrownBy(() -> lending.byObject(new Loan("north", 7)))
			.withMessage("Variable 'loan' of topic 'loans/{loan}': its value cannot be converted to text: it has type "
					+ Loan.class.getName());
		assertThat(published()).isEmpty();
	}

	@Test
	void refusesValuesThatWouldChangeWhatIsMeant() {
		Lending lending = start(Lending.class);
		for (String branch : List.of("a/b", "*", "**", "{x}", "a\nb")) {
			assertThatExceptionOfType(InvalidTopicVariableException.class)
				.isThrownBy(() -> lending.byArgument(branch, 1));
		}
		assertThat(published()).isEmpty();
	}

	@Test
	void propertiesAreReadAndNotRun() {
		Lending lending = start(Lending.class);
		assertThatExceptionOfType(InvalidTopicVariableException.class)
			.isThrownBy(() -> lending.byPropertyOfMap(Map.of("other", "north")));
		assertThat(published()).isEmpty();
	}

	@Test
	void worksOnProxiedClasses() {
		Lending lending = start(Lending.class);
		assertThat(AopUtils.isCglibProxy(lending)).isTrue();
	}

	@Test
	void worksOnInterfaces() {
		this.context.registerBean("impl", DeskImpl.class);
		startContext(false);
		Desk desk = this.context.getBean(Desk.class);
		assertThat(AopUtils.isJdkDynamicProxy(desk)).isTrue();
		desk.annotatedOnTheInterface("north");
		desk.annotatedOnTheClass("west");
		assertThat(topics()).containsExactly("desk/north", "desk/west");
	}

	@Test
	void worksOnInheritedMethodsAndGenericOnes() {
		this.context.registerBean(GenericImpl.class);
		startContext(true);
		Generic<String> bean = this.context.getBean(GenericImpl.class);
		bean.handle("x");
		this.context.getBean(GenericImpl.class).inherited("y");
		assertThat(topics()).containsExactly("generic/x", "inherited/y");
	}

	@Test
	void mayBeAMetaAnnotation() {
		Lending lending = start(Lending.class);
		lending.meta("north");
		assertThat(published()).containsExactly(new Published("loans/north", "borrowed", "data"));
	}

	@Test
	void leavesOtherBeansAlone() {
		this.context.registerBean("plain", String.class, () -> "plain");
		startContext(true);
		assertThat(AopUtils.isAopProxy(this.context.getBean("plain"))).isFalse();
	}

	@Test
	void publishesAfterWhatOtherAdvisorsDo() {
		this.context.register(AroundConfiguration.class);
		Lending lending = start(Lending.class);
		lending.byTopicAttribute();
		assertThat(AroundConfiguration.calls).containsExactly("begin", "0 published", "commit");
		assertThat(topics()).containsExactly("fixed");
	}

	@Test
	void asyncMethodsPublishOnTheirOwnThread() {
		this.context.register(AsyncConfiguration.class);
		this.context.registerBean(AsyncLending.class);
		startContext(true);
		AsyncLending lending = this.context.getBean(AsyncLending.class);
		assertThat(lending.borrow("north").join()).isEqualTo("north");
		assertThat(published()).containsExactly(new Published("async/north", null, "north"));
		assertThat(AsyncConfiguration.threads).hasSize(1);
		assertThat(this.context.getBean(Recorder.class).threads).isEqualTo(AsyncConfiguration.threads)
			.doesNotContain(Thread.currentThread());
	}

	@Test
	void asksForOperationsOnlyWhenThereIsSomethingToPublish() {
		AtomicInteger asked = new AtomicInteger();
		this.context.registerBean(SsePublishPostProcessor.class, () -> new SsePublishPostProcessor(() -> {
			asked.incrementAndGet();
			return new Recorder();
		}));
		this.context.registerBean(Lending.class);
		this.context.refresh();
		this.context.getBean(Lending.class).optional(Optional.empty());
		assertThat(asked).hasValue(0);
	}

	@Test
	void wrongTopicsFailTheStart() {
		failsToStart(WildcardLending.class, (ex) -> {
			assertThat(ex.getFault()).isEqualTo(
					"Invalid topic template 'branches/{branch}/*': wildcard, but a single topic is required at position 18");
			assertThat(ex.getAction()).isEqualTo("Correct the topic");
			assertThat(ex.getMethod().getName()).isEqualTo("wildcard");
			assertThat(ex)
				.hasMessage("@SsePublish on " + ex.getMethod() + ": " + ex.getFault() + ". Correct the topic");
		});
		failsToStart(EmptyLending.class,
				(ex) -> assertThat(ex.getFault()).isEqualTo("Invalid topic template '': it is empty at position 0"));
		failsToStart(MalformedLending.class, (ex) -> assertThat(ex.getFault())
			.isEqualTo("Invalid topic template 'a/{b': '{' without '}' at position 2"));
	}

	@Test
	void variablesThatNothingCanBeFailTheStart() {
		failsToStart(DashLending.class, (ex) -> assertThat(ex.getFault()).isEqualTo(
				"the variable 'branch-id' of topic '{branch-id}' is neither an argument nor a property of the data"));
		failsToStart(ExpressionLending.class, (ex) -> assertThat(ex.getFault()).isEqualTo(
				"the variable '#loan.id' of topic '{#loan.id}' is neither an argument nor a property of the data"));
		failsToStart(DotLending.class, (ex) -> assertThat(ex.getFault()).isEqualTo(
				"the variable 'loan..id' of topic '{loan..id}' is neither an argument nor a property of the data"));
	}

	@Test
	void propertiesThatFinalTypesDoNotHaveFailTheStart() {
		lacksProperty(RecordLending.class, "a/{title}", "title", Loan.class, "title");
		lacksProperty(NestedLending.class, "a/{loan.branch.length.x}", "loan.branch.length.x", int.class, "x");
		lacksProperty(OptionalLending.class, "a/{class}", "class", Loan.class, "class");
		lacksProperty(StageLending.class, "a/{copy.title}", "copy.title", Loan.class, "copy");
		lacksProperty(ArgumentLending.class, "a/{loan.title}", "loan.title", Loan.class, "title");
	}

	private void lacksProperty(Class<?> bean, String topic, String variable, Class<?> type, String property) {
		failsToStart(bean, (ex) -> {
			assertThat(ex.getFault()).isEqualTo("the variable '" + variable + "' of topic '" + topic
					+ "' is neither an argument nor a property of the data: " + type.getName() + " has no property '"
					+ property + "'");
			assertThat(ex.getAction()).isEqualTo(
					"Use the name of an argument, of a property of an argument, or of a property of the returned data");
		});
	}

	@Test
	void propertiesThatAValueMayHaveDoNotFailTheStart() {
		OpenLending lending = start(OpenLending.class);
		lending.array("a");
		lending.primitive();
		lending.field();
		lending.accessor(DayOfWeek.MONDAY);
		lending.optional();
		assertThat(topics()).containsExactly("1", "7", "public", "MONDAY/1", "north");
	}

	@Test
	void methodsThatNoProxySeesFailTheStart() {
		isNotSeen(PrivateLending.class, "private");
		isNotSeen(StaticLending.class, "static");
		isNotSeen(FinalLending.class, "final");
	}

	private void isNotSeen(Class<?> bean, String modifier) {
		failsToStart(bean, (ex) -> {
			assertThat(ex.getFault())
				.isEqualTo("it is " + modifier + ", and its calls do not go through the proxy of the bean");
			assertThat(ex.getAction()).isEqualTo("Change the modifier, or publish with SseOperations");
		});
	}

	@Test
	void finalClassesFailTheStart() {
		failsToStart(FinalClassLending.class, (ex) -> {
			assertThat(ex.getFault()).isEqualTo(FinalClassLending.class.getName()
					+ " is a final class, but the proxy of the bean must be a subclass of it");
			assertThat(ex.getAction()).isEqualTo("Make the class non-final, or publish with SseOperations");
		});
	}

	@Test
	void methodsThatAProxyOfInterfacesDoesNotHaveFailTheStart() {
		failsToStart(GenericImpl.class, (ex) -> {
			assertThat(ex.getMethod().getName()).isEqualTo("inherited");
			assertThat(ex.getFault()).isEqualTo(
					"it does not belong to an interface, but the proxy of the bean has only methods of interfaces");
			assertThat(ex.getAction())
				.isEqualTo("Declare it in an interface of the bean, or set spring.aop.proxy-target-class to true");
		});
	}

	@Test
	void finalMethodsWorkOnInterfaces() {
		this.context.registerBean(FinalDesk.class);
		startContext(false);
		@SuppressWarnings("unchecked")
		Generic<String> desk = this.context.getBean(Generic.class);
		desk.handle("x");
		desk.ownName("y");
		assertThat(topics()).containsExactly("final/x", "default/y");
	}

	@Test
	void worksOnLambdasAndProxiesOfOthers() {
		Handler proxy = (Handler) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Handler.class },
				(self, method, arguments) -> (method.getDeclaringClass() != Object.class) ? arguments[0]
						: method.invoke(this, arguments));
		this.context.registerBean("proxy", Handler.class, () -> proxy);
		this.context.registerBean("lambda", Handler.class, () -> (value) -> value);
		startContext(true);
		this.context.getBean("proxy", Handler.class).handle("x");
		this.context.getBean("lambda", Handler.class).handle("y");
		assertThat(published()).extracting(Published::data).containsExactly("x", "y");
	}

	@Test
	void methodsThatReturnNoDataFailTheStart() {
		failsToStart(VoidLending.class, (ex) -> {
			assertThat(ex.getFault()).isEqualTo("it returns no value that can be published");
			assertThat(ex.getAction()).isEqualTo("Return the data of the event, or publish with SseOperations");
		});
	}

	@Test
	void suspendingFunctionsFailTheStart() {
		failsToStart(SuspendingLending.class, (ex) -> {
			assertThat(ex.getFault())
				.isEqualTo("it is a suspending function, which gives the proxy a publisher instead of the data");
			assertThat(ex.getAction()).isEqualTo("Remove suspend, or publish with SseOperations");
		});
	}

	@Test
	void wrongNamesOfEventsFailTheStart() {
		failsToStart(NameLending.class, (ex) -> assertThat(ex.getFault())
			.isEqualTo("the name of the event is invalid: 'name' must not have CR, LF or NUL: U+000A at position 1"));
	}

	@Test
	void valueAndTopicThatDifferFailTheStart() {
		assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> start(AliasLending.class))
			.withRootCauseInstanceOf(AnnotationConfigurationException.class);
	}

	@ParameterizedTest
	@ValueSource(classes = { FutureLending.class, MonoLending.class, StageOfMonoLending.class, EventsLending.class,
			SupplierLending.class, EntityLending.class, StageOfNothingLending.class })
	void typesThatAreNoDataFailTheStart(Class<?> bean) {
		failsToStart(bean, (ex) -> {
			assertThat(ex.getFault()).contains("published");
			assertThat(ex.getAction()).startsWith("Return ");
		});
	}

	@Test
	void namesOfUsersAreEncoded() {
		EdgeLending lending = start(EdgeLending.class);
		lending.toUser("100%");
		lending.toUser("a/b");
		lending.toUser("Jo*");
		assertThat(topics()).containsExactly("users/100%25/n", "users/a%2Fb/n", "users/Jo%2A/n");
		assertThatExceptionOfType(InvalidTopicVariableException.class).isThrownBy(() -> lending.toUser(""))
			.withMessageContaining("'user'");
		assertThatExceptionOfType(InvalidTopicVariableException.class).isThrownBy(() -> lending.toUser("\ud800"))
			.withMessageContaining("'user'");
	}

	@Test
	void enumsAreTheirTexts() {
		EdgeLending lending = start(EdgeLending.class);
		lending.colour(Colour.RED);
		assertThat(topics()).containsExactly("e/" + Colour.RED).containsExactly("e/red");
	}

	@Test
	void entriesOfMapsAreProperties() {
		EdgeLending lending = start(EdgeLending.class);
		lending.map(Map.of("id", 7));
		lending.argument(Map.of("size", "large"));
		assertThat(topics()).containsExactly("a/7", "b/large");
		assertThatExceptionOfType(InvalidTopicVariableException.class).isThrownBy(() -> lending.map(Map.of()))
			.withMessageContaining("'id'");
	}

	@Test
	void namesBesideEventsThatHaveTheirOwnFailTheStart() {
		failsToStart(NamedEventLending.class, (ex) -> {
			assertThat(ex.getFault())
				.isEqualTo("it returns an SseEvent, which has its own name, so 'x' would be ignored");
			assertThat(ex.getAction()).isEqualTo("Remove the name, or return the data of the event");
		});
		failsToStart(NamedLaterEventLending.class, (ex) -> assertThat(ex.getFault()).contains("'x' would be ignored"));
	}

	@Test
	void stagesThatCallersCannotGetFailTheStart() {
		failsToStart(OwnStageLending.class, (ex) -> {
			assertThat(ex.getFault()).endsWith("when the event is published, not a " + OwnFuture.class.getName());
			assertThat(ex.getAction()).isEqualTo("Return CompletableFuture or CompletionStage");
		});
	}

	private void failsToStart(Class<?> type, Consumer<InvalidSseMethodException> requirements) {
		try (AnnotationConfigApplicationContext failing = new AnnotationConfigApplicationContext()) {
			failing.registerBean(SsePublishPostProcessor.class, () -> new SsePublishPostProcessor(Recorder::new));
			failing.registerBean(type);
			assertThatExceptionOfType(BeanCreationException.class).isThrownBy(failing::refresh)
				.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOfSatisfying(InvalidSseMethodException.class,
						requirements));
		}
	}

	private <T> T start(Class<T> type) {
		this.context.registerBean(type);
		startContext(true);
		return this.context.getBean(type);
	}

	private void startContext(boolean proxyTargetClass) {
		this.context.registerBean(Recorder.class);
		this.context.registerBean(SsePublishPostProcessor.class, () -> {
			SsePublishPostProcessor result = new SsePublishPostProcessor(() -> this.context.getBean(Recorder.class));
			result.setProxyTargetClass(proxyTargetClass);
			return result;
		});
		this.context.refresh();
	}

	private List<Published> published() {
		return this.context.getBean(Recorder.class).published;
	}

	private List<String> topics() {
		return published().stream().map(Published::topic).toList();
	}

	record Published(String topic, @Nullable String event, Object data) {

	}

	record Loan(String branch, int number) {

	}

	/**
	 * A bean with properties.
	 */
	public static class Book {

		private final String title;

		private final @Nullable Loan inner;

		Book(String title, @Nullable Loan inner) {
			this.title = title;
			this.inner = inner;
		}

		public String getTitle() {
			return this.title;
		}

		public @Nullable Loan getInner() {
			return this.inner;
		}

	}

	static class Recorder implements SseOperations {

		private final List<Published> published = new CopyOnWriteArrayList<>();

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		@Override
		public String publish(String topic, Object data) {
			throw new UnsupportedOperationException();
		}

		@Override
		public String publish(String topic, SseEvent event) {
			this.threads.add(Thread.currentThread());
			this.published.add(new Published(topic, event.getName(), event.getData()));
			return "1";
		}

		@Override
		public void complete(String topic) {
			throw new UnsupportedOperationException();
		}

		@Override
		public SsePublication publishAll(String topic, Object source, SsePublishOptions options) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void cancel(String topic) {
			throw new UnsupportedOperationException();
		}

		@Override
		public SseOperations immediately() {
			throw new UnsupportedOperationException();
		}

	}

	enum Colour {

		RED;

		@Override
		public String toString() {
			return "red";
		}

	}

	static class EdgeLending {

		@SsePublish("users/{user}/n")
		String toUser(String user) {
			return "data";
		}

		@SsePublish("e/{colour}")
		String colour(Colour colour) {
			return "data";
		}

		@SsePublish("a/{id}")
		Map<String, Object> map(Map<String, Object> result) {
			return result;
		}

		@SsePublish("b/{sizes.size}")
		String argument(Map<String, Object> sizes) {
			return "data";
		}

	}

	static class NamedEventLending {

		@SsePublish(topic = "a", event = "x")
		SseEvent lend() {
			return SseEvent.of("y");
		}

	}

	static class NamedLaterEventLending {

		@SsePublish(topic = "a", event = "x")
		CompletableFuture<Optional<SseEvent>> lend() {
			return CompletableFuture.completedFuture(Optional.empty());
		}

	}

	static class OwnFuture<T> extends CompletableFuture<T> {

	}

	static class OwnStageLending {

		@SsePublish("a")
		OwnFuture<String> lend() {
			return new OwnFuture<>();
		}

	}

	static class PlaceholderLending {

		@SsePublish("${app.topic}/loans")
		Loan lend(Loan loan) {
			return loan;
		}

	}

	static class Lending {

		@SsePublish("loans/{loan}")
		String byObject(Loan loan) {
			return "data";
		}

		@SsePublish("branches/{branch}/loans/{number}")
		Loan byArgument(@Nullable String branch, int number) {
			return new Loan("" + branch, number);
		}

		@SsePublish(topic = "fixed", event = "named")
		String byTopicAttribute() {
			return "data";
		}

		@SsePublish("loans/{branch}/{number}")
		Loan byRecordProperty() {
			return new Loan("east", 1);
		}

		@SsePublish("books/{title}/{inner.branch}")
		Book byBeanProperty() {
			return new Book("Emma", new Loan("nested", 1));
		}

		@SsePublish("{loan.branch}/{book.title}/{book.inner.branch}")
		String byPropertyOfArgument(@Nullable Loan loan, Book book) {
			return "data";
		}

		@SsePublish("{map.branch}")
		String byPropertyOfMap(Map<String, String> map) {
			return "data";
		}

		@SsePublish("loans/{branch}")
		Loan argumentAndProperty(String branch) {
			return new Loan("property", 1);
		}

		@SsePublish("{day}/{number}/{optional}")
		String values(DayOfWeek day, Long number, Optional<String> optional) {
			return "data";
		}

		@SsePublish("optional")
		Optional<String> optional(Optional<String> value) {
			return value;
		}

		@SsePublish("anything")
		Object anything(Object value) {
			return value;
		}

		@SsePublish("nothing/{unknown}")
		@Nullable Object nothing() {
			return null;
		}

		@SsePublish("fails")
		String fails() {
			throw new IllegalStateException("own");
		}

		@SsePublish(topic = "loans/{branch}")
		SseEvent event(SseEvent event) {
			return event;
		}

		@SsePublish("stages")
		CompletableFuture<String> stage(CompletableFuture<String> stage) {
			return stage;
		}

		@SsePublish("loans/{branch}")
		CompletableFuture<Loan> stageOfLoan(CompletableFuture<Loan> stage) {
			return stage;
		}

		@SsePublish("branches/{branch}")
		Book missing(int number) {
			return new Book("x", null);
		}

		@SsePublish("{book.branch}")
		String missingInArgument(Book book) {
			return "data";
		}

		@Borrowed("loans/{branch}")
		String meta(String branch) {
			return "data";
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@SsePublish(event = "borrowed")
	@interface Borrowed {

		@AliasFor(annotation = SsePublish.class, attribute = "topic")
		String value();

	}

	interface Desk {

		@SsePublish("desk/{branch}")
		String annotatedOnTheInterface(String branch);

		String annotatedOnTheClass(String branch);

	}

	static class DeskImpl implements Desk {

		@Override
		public String annotatedOnTheInterface(String branch) {
			return "data";
		}

		@Override
		@SsePublish("desk/{branch}")
		public String annotatedOnTheClass(String branch) {
			return "data";
		}

	}

	interface Generic<T> {

		T handle(T value);

		@SsePublish("default/{name}")
		default String ownName(String name) {
			return name;
		}

	}

	interface Handler {

		@SsePublish("handled")
		String handle(String value);

	}

	static class FinalDesk implements Generic<String> {

		@Override
		@SsePublish("final/{value}")
		public final String handle(String value) {
			return value;
		}

	}

	static class GenericBase {

		@SsePublish("inherited/{value}")
		String inherited(String value) {
			return value;
		}

	}

	static class GenericImpl extends GenericBase implements Generic<String> {

		@Override
		@SsePublish("generic/{value}")
		public String handle(String value) {
			return value;
		}

	}

	static class WildcardLending {

		@SsePublish("branches/{branch}/*")
		String wildcard(String branch) {
			return branch;
		}

	}

	static class EmptyLending {

		@SsePublish
		String empty() {
			return "data";
		}

	}

	static class MalformedLending {

		@SsePublish("a/{b")
		String malformed() {
			return "data";
		}

	}

	static class DashLending {

		@SsePublish("{branch-id}")
		String dash(int branch, int id) {
			return "data";
		}

	}

	static class ExpressionLending {

		@SsePublish("{#loan.id}")
		String expression(Loan loan) {
			return "data";
		}

	}

	static class DotLending {

		@SsePublish("{loan..id}")
		String dot(Loan loan) {
			return "data";
		}

	}

	static class RecordLending {

		@SsePublish("a/{title}")
		Loan borrow() {
			return new Loan("north", 1);
		}

	}

	static class NestedLending {

		@SsePublish("a/{loan.branch.length.x}")
		String borrow(Loan loan) {
			return "data";
		}

	}

	static class OptionalLending {

		@SsePublish("a/{class}")
		Optional<Loan> borrow() {
			return Optional.empty();
		}

	}

	static class StageLending {

		@SsePublish("a/{copy.title}")
		CompletableFuture<Optional<Loan>> borrow() {
			return CompletableFuture.completedFuture(Optional.empty());
		}

	}

	static class ArgumentLending {

		@SsePublish("a/{loan.title}")
		String borrow(Loan loan) {
			return "data";
		}

	}

	static class OpenLending {

		@SsePublish("{branches.length}")
		String array(String... branches) {
			return "data";
		}

		@SsePublish("{intValue}")
		int primitive() {
			return 7;
		}

		@SsePublish("{name}")
		Shelf field() {
			return new Shelf();
		}

		@SsePublish("{day.name}/{day.value}")
		String accessor(DayOfWeek day) {
			return "data";
		}

		@SsePublish("{branch}")
		Optional<? extends Object> optional() {
			return Optional.of(new Loan("north", 1));
		}

	}

	public static final class Shelf {

		public final String name = "public";

	}

	static class PrivateLending {

		@SsePublish("a")
		private String hidden() {
			return "data";
		}

	}

	static class StaticLending {

		@SsePublish("a")
		static String ofTheClass() {
			return "data";
		}

	}

	static final class FinalClassLending {

		@SsePublish("a")
		String last() {
			return "data";
		}

	}

	static class FinalLending {

		@SsePublish("a")
		final String last() {
			return "data";
		}

	}

	/**
	 * The compiled form of Kotlin's {@code suspend fun borrow(): Loan}.
	 */
	static class SuspendingLending {

		@SsePublish("a")
		Object borrow(Continuation<? super Loan> continuation) {
			return new Loan("north", 7);
		}

	}

	static class VoidLending {

		@SsePublish("a")
		void returnsNothing() {
		}

	}

	static class FutureLending {

		@SsePublish("a")
		Future<String> later() {
			return CompletableFuture.completedFuture("data");
		}

	}

	static class MonoLending {

		@SsePublish("a")
		Mono<String> later() {
			return Mono.just("data");
		}

	}

	static class StageOfMonoLending {

		@SsePublish("a")
		CompletableFuture<Optional<Mono<String>>> later() {
			return CompletableFuture.completedFuture(Optional.empty());
		}

	}

	static class StageOfNothingLending {

		@SsePublish("a")
		CompletableFuture<Void> later() {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class EventsLending {

		@SsePublish("a")
		List<SseEvent> events() {
			return List.of();
		}

	}

	static class SupplierLending {

		@SsePublish("a")
		Supplier<String> supplier() {
			return () -> "data";
		}

	}

	static class EntityLending {

		@SsePublish("a")
		ResponseEntity<String> entity() {
			return ResponseEntity.ok("data");
		}

	}

	static class NameLending {

		@SsePublish(topic = "a", event = "b\nc")
		String name() {
			return "data";
		}

	}

	static class AliasLending {

		@SsePublish(value = "a", topic = "b")
		String alias() {
			return "data";
		}

	}

	static class AsyncLending {

		@Async
		@SsePublish("async/{branch}")
		CompletableFuture<String> borrow(String branch) {
			AsyncConfiguration.threads.add(Thread.currentThread());
			return CompletableFuture.completedFuture(branch);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	static class AsyncConfiguration {

		static final List<Thread> threads = new CopyOnWriteArrayList<>();

	}

	/**
	 * An advisor of methods, like that of transactions.
	 */
	@Configuration(proxyBeanMethods = false)
	static class AroundConfiguration {

		static final List<String> calls = new ArrayList<>();

		@Bean
		static DefaultAdvisorAutoProxyCreator creator() {
			DefaultAdvisorAutoProxyCreator result = new DefaultAdvisorAutoProxyCreator();
			result.setProxyTargetClass(true);
			result.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return result;
		}

		@Bean
		static DefaultPointcutAdvisor around(ObjectProvider<Recorder> recorder) {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("byTopicAttribute");
			calls.clear();
			return new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				calls.add("begin");
				Object result = invocation.proceed();
				calls.add(recorder.getObject().published.size() + " published");
				calls.add("commit");
				return result;
			});
		}

	}

}
