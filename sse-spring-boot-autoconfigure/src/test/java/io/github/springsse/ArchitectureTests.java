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

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.Torture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that packages depend on each other, and on libraries, only as designed.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.springsse";

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	/** Without the types of other libraries, of which there are many thousands. */
	private static final JavaClasses classesAndTests = ArchConfiguration.withThreadLocalScope((configuration) -> {
		configuration.setResolveMissingDependenciesFromClassPath(false);
		return new ClassFileImporter().importPackages(ROOT);
	});

	@Test
	void thereIsSomethingToCheck() {
		assertThat(classes.contain(SseTemplate.class)).isTrue();
		assertThat(classes.contain(ArchitectureTests.class)).isFalse();
	}

	/**
	 * On two processors, the common pool has one thread, and from JDK 25 on
	 * {@link CompletableFuture} uses it all the same. Tasks that wait for each other, or
	 * for something slow, block it.
	 */
	@Test
	void tasksOfFuturesRunOnExecutorsThatAreNamed() {
		ArchRuleDefinition.noClasses()
			.should()
			.callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
			.orShould()
			.callMethod(CompletableFuture.class, "runAsync", Runnable.class)
			.check(classesAndTests);
	}

	/**
	 * Otherwise {@code -Plong-tests} would exclude them.
	 */
	@Test
	void testsOfAsManyRoundsAsTheyAreGivenAreTorture() {
		ArchRuleDefinition.noClasses()
			.that(DescribedPredicate.describe("are no torture",
					(type) -> !outermost(type).isAnnotatedWith(Torture.class)))
			.should()
			.callMethod(Rounds.class, "of", int.class, int.class)
			.check(classesAndTests);
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureTests::outermost).orElse(type);
	}

	@Test
	void packagesAreFreeOfCycles() {
		check(SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
	}

	@Test
	void rootDependsOnNoOtherPackageOfOurs() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".*.."));
	}

	@Test
	void packagesDependInTheDirectionOfTheData() {
		check(Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInAnyPackage(ROOT + "..")
			.layer("root")
			.definedBy(ROOT)
			.layer("codec")
			.definedBy(ROOT + ".codec")
			.layer("log")
			.definedBy(ROOT + ".log")
			.layer("history")
			.definedBy(ROOT + ".history")
			.layer("publish")
			.definedBy(ROOT + ".publish")
			.layer("delivery")
			.definedBy(ROOT + ".delivery")
			.layer("answer")
			.definedBy(ROOT + ".answer")
			.layer("webmvc")
			.definedBy(ROOT + ".webmvc")
			.layer("transport")
			.definedBy(ROOT + ".webmvc.transport")
			.layer("tomcat")
			.definedBy(ROOT + ".webmvc.tomcat")
			.layer("jetty")
			.definedBy(ROOT + ".webmvc.jetty")
			.layer("security")
			.definedBy(ROOT + ".security")
			.layer("limits")
			.definedBy(ROOT + ".limits")
			.layer("metrics")
			.definedBy(ROOT + ".metrics")
			.layer("transaction")
			.definedBy(ROOT + ".transaction")
			.layer("redis")
			.definedBy(ROOT + ".redis")
			.layer("actuate")
			.definedBy(ROOT + ".actuate")
			.layer("autoconfigure")
			.definedBy(ROOT + ".autoconfigure")
			.layer("test")
			.definedBy(ROOT + ".test")
			.whereLayer("codec")
			.mayOnlyBeAccessedByLayers("history", "delivery", "webmvc")
			.whereLayer("log")
			.mayOnlyBeAccessedByLayers("history", "delivery", "answer", "webmvc", "redis", "metrics", "actuate",
					"autoconfigure")
			.whereLayer("history")
			.mayOnlyBeAccessedByLayers("delivery", "webmvc", "metrics", "autoconfigure")
			.whereLayer("publish")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("delivery")
			.mayOnlyBeAccessedByLayers("webmvc", "transport", "tomcat", "jetty", "security", "limits", "metrics",
					"autoconfigure")
			.whereLayer("answer")
			.mayOnlyBeAccessedByLayers("metrics", "autoconfigure")
			.whereLayer("webmvc")
			.mayOnlyBeAccessedByLayers("security", "limits", "autoconfigure", "test")
			.whereLayer("transport")
			.mayOnlyBeAccessedByLayers("webmvc", "tomcat", "jetty", "autoconfigure")
			.whereLayer("tomcat")
			.mayOnlyBeAccessedByLayers("webmvc", "autoconfigure")
			.whereLayer("jetty")
			.mayOnlyBeAccessedByLayers("webmvc", "autoconfigure")
			.whereLayer("security")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("limits")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("metrics")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("transaction")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("redis")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("actuate")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("autoconfigure")
			.mayOnlyBeAccessedByLayers("test")
			.whereLayer("test")
			.mayNotBeAccessedByAnyLayer()
			.ensureAllClassesAreContainedInArchitecture());
	}

	@Test
	void codecIsBytesOnly() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".codec")
			.should()
			.dependOnClassesThat(ours(ROOT + ".codec")));
	}

	private static DescribedPredicate<JavaClass> ours(String except) {
		return DescribedPredicate.describe("are ours and not in " + except,
				(type) -> type.getPackageName().startsWith(ROOT) && !type.getPackageName().equals(except));
	}

	@Test
	void onlyAutoConfigurationKnowsSpringBoot() {
		checkOnly("org.springframework.boot", "autoconfigure", "actuate", "test");
		checkOnly("org.springframework.boot.autoconfigure", "autoconfigure", "test");
	}

	@Test
	void onlySupportForTestsKnowsSpringTest() {
		checkOnly("org.springframework.test", "test");
		checkOnly("org.springframework.mock", "test");
	}

	@Test
	void onlyRedisKnowsRedis() {
		checkOnly("org.springframework.data", "redis", "autoconfigure");
		checkOnly("io.lettuce", "redis", "autoconfigure");
	}

	@Test
	void onlyWhatTakesSourcesKnowsReactiveStreams() {
		checkOnly("org.reactivestreams", "answer", "webmvc");
		checkOnly("reactor", "answer", "redis");
	}

	@Test
	void onlyMetricsKnowsMicrometer() {
		checkOnly("io.micrometer", "metrics", "autoconfigure");
	}

	@Test
	void onlyAutoConfigurationKnowsJackson() {
		checkOnly("tools.jackson", "autoconfigure");
		check(ArchRuleDefinition.noClasses()
			.that()
			.doNotBelongToAnyOf(SseStream.class)
			.and()
			.doNotHaveSimpleName("StreamModelConverter") // swagger uses Jackson 2
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.fasterxml.jackson.."));
	}

	@Test
	void onlyTheRoomOfAServerKnowsIt() {
		checkOnly("jakarta.servlet", "webmvc..", "security", "limits", "autoconfigure");
		checkOnly("org.apache.catalina", "webmvc.tomcat");
		checkOnly("org.apache.coyote", "webmvc.tomcat");
		checkOnly("org.apache.tomcat", "webmvc.tomcat");
		checkOnly("org.eclipse.jetty", "webmvc.jetty");
	}

	@Test
	void onlySecurityKnowsSpringSecurity() {
		checkOnly("org.springframework.security", "security", "autoconfigure");
		checkOnly("org.springframework.session", "security");
	}

	@Test
	void nobodyUsesAnotherLoggerThanThatOfSpring() {
		checkOnly("java.util.logging");
		checkOnly("org.slf4j");
	}

	private static void checkOnly(String thirdParty, String... packages) {
		String[] allowed = Arrays.stream(packages).map((name) -> ROOT + "." + name).toArray(String[]::new);
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(allowed)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(thirdParty + ".."));
	}

	@Test
	void autoConfigurationsHaveNothingThatOthersCouldUse() {
		check(ArchRuleDefinition.classes()
			.that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration"));
		check(ArchRuleDefinition.members()
			.that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.and(DescribedPredicate.describe("are no constructors",
					(JavaMember member) -> !member.getName().equals("<init>")))
			.should()
			.notBePublic());
		check(ArchRuleDefinition.constructors()
			.that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.haveRawParameterTypes(new Class<?>[0]));
	}

	@Test
	void autoConfigurationIsClosedButForPropertiesAndAutoConfigurations() {
		check(ArchRuleDefinition.classes()
			.that()
			.resideInAPackage(ROOT + ".autoconfigure")
			.and()
			.areNotAnnotatedWith(AutoConfiguration.class)
			.and()
			.haveNameNotMatching(".*\\.(Sse|SseAnswers|SseRedis|SseSecurity|Limits|Replay|Topic)Properties(\\$.*)?")
			.should()
			.notBePublic());
		check(ArchRuleDefinition.classes().that().areAssignableTo(FailureAnalyzer.class).should().notBePublic());
	}

	@Test
	void beanMethodsReturnWhatOthersCanSeeAndHaveNoConditionsOnClasses() {
		check(ArchRuleDefinition.methods()
			.that()
			.areAnnotatedWith(Bean.class)
			.should()
			.notBePrivate()
			.andShould()
			.notBeAnnotatedWith(ConditionalOnClass.class)
			.andShould(new ArchCondition<>("not return a private type") {

				@Override
				public void check(JavaMethod method, ConditionEvents events) {
					Class<?> type = method.getRawReturnType().reflect();
					events.add(new SimpleConditionEvent(method, !Modifier.isPrivate(type.getModifiers()),
							method.getFullName() + " returns " + type));
				}

			}));
	}

	@Test
	void everyAutoConfigurationIsListed() {
		List<String> listed = ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith(ROOT))
			.toList();
		assertThat(listed).isSorted()
			.containsExactlyInAnyOrderElementsOf(classes.stream()
				.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
				.map(JavaClass::getName)
				.filter((name) -> !name.endsWith("SliceAutoConfiguration"))
				.toList());
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(classes.stream().map(JavaClass::getPackage).distinct()).allSatisfy(
				(javaPackage) -> assertThat(javaPackage.isAnnotatedWith(NullMarked.class)).as(javaPackage.getName())
					.isTrue());
	}

	private static void check(ArchRule rule) {
		rule.check(classes);
	}

}
