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
package io.github.springsse.library

import io.github.springsse.InvalidSseMethodException
import io.github.springsse.SseOperations
import io.github.springsse.SsePublish
import io.github.springsse.SseTopic
import io.github.springsse.autoconfigure.SseAutoConfiguration
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration
import io.github.springsse.publish.SsePublishPostProcessor
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.flow.Flow
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatException
import org.junit.jupiter.api.Test
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.WebApplicationContextRunner
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration
import org.springframework.context.annotation.AnnotationConfigApplicationContext
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RequestHeader
import org.springframework.web.bind.annotation.RequestParam
import org.springframework.web.bind.annotation.RestController
import java.lang.reflect.Proxy
import java.util.concurrent.CompletableFuture
import java.util.function.Supplier
import kotlin.reflect.KClass

/** Tests that what Kotlin has, and cannot work, fails the start, and says what to do. */
class KotlinRefusalTests {

    private val runner = WebApplicationContextRunner().withConfiguration(
        AutoConfigurations.of(
            DispatcherServletAutoConfiguration::class.java,
            WebMvcAutoConfiguration::class.java,
            SseAutoConfiguration::class.java,
            SseWebMvcAutoConfiguration::class.java,
        ),
    )

    @Test
    fun suspendingFunctionsAreRefused() {
        topicFails<SuspendingController>("it is a suspending function, whose result is not available when it returns", "Leave out suspend")
        topicFails<SuspendingFlowController>("it is a suspending function", "Leave out suspend")
        publishFails<SuspendingService>(
            "it is a suspending function, which gives the proxy a publisher instead of the data",
            "Remove suspend, or publish with SseOperations",
        )
        publishFails<SuspendingUnitService>("it is a suspending function", "Remove suspend")
    }

    @Test
    fun whatComesLaterIsRefused() {
        topicFails<DeferredController>("kotlinx.coroutines.Deferred cannot be a snapshot", "Return the value when")
        topicFails<JobController>("kotlinx.coroutines.Job cannot be a snapshot", "Return the value when")
        topicFails<ChannelController>("ReceiveChannel cannot be a snapshot", "Return the value when")
        publishFails<FlowService>("kotlinx.coroutines.flow.Flow cannot be published", "Return each value when it is available, or publish all")
        publishFails<DeferredService>("kotlinx.coroutines.Deferred cannot be published", "Return the value when")
    }

    @Test
    fun functionsAndSequencesAreRefused() {
        topicFails<LambdaController>(
            "kotlin.jvm.functions.Function0 cannot be a snapshot: it is a function, not a value",
            "Return its value, or a java.util.function.Supplier of it",
        )
        topicFails<SequenceController>("it can be read only once", "Return a List of its elements")
        topicFails<LazyController>("kotlin.Lazy cannot be a snapshot", "Return the value when")
        topicFails<ResultController>("kotlin.Result cannot be a snapshot: it may be a failure", "Return its value")
        publishFails<LambdaService>("kotlin.jvm.functions.Function0 cannot be published", "Return its value")
    }

    @Test
    fun unitIsNothingToPublish() {
        for (type in listOf(UnitService::class, NullableUnitService::class, LaterUnitService::class)) {
            publishFails(
                type,
                "it returns no value that can be published",
                "Return the data of the event, or publish with SseOperations",
            )
        }
    }

    @Test
    fun finalClassesAndMethodsAreRefused() {
        publishFails<FinalService>(
            "${FinalService::class.java.name} is a final class, but the proxy of the bean must be a subclass of it",
            "Declare the class and the method open, or have the kotlin-spring compiler plugin do so, which opens " +
                "classes with @Component, such as a @Service, or publish with SseOperations",
        )
        publishFails<FinalMethodService>(
            "it is final, and its calls do not go through the proxy of the bean",
            "Declare it open, or publish with SseOperations",
        )
    }

    @Test
    fun finalClassesWorkByTheirInterfaces() {
        AnnotationConfigApplicationContext().use { context ->
            val topics = mutableListOf<String>()
            val sse = Proxy.newProxyInstance(
                javaClass.classLoader,
                arrayOf(SseOperations::class.java),
            ) { _, _, arguments -> "id".also { topics += arguments[0] as String } } as SseOperations
            context.registerBean(SsePublishPostProcessor::class.java, Supplier { SsePublishPostProcessor { sse } })
            context.register(FinalDesk::class.java)
            context.refresh()
            val desk = context.getBean(Desk::class.java)
            assertThat(desk.open("a")).isEqualTo("opened")
            assertThat(desk.close("b")).isEqualTo("closed")
            assertThat(topics).containsExactly("desks/a", "desks/b")
        }
    }

    @Test
    fun propertiesThatThereAreNotAreRefused() {
        publishFails<WrongPropertyService>(
            "the variable 'loan.brnach' of topic 'branches/{loan.brnach}' is neither an argument nor a property of " +
                "the data: ${Loan::class.java.name} has no property 'brnach'",
            "Use the name of an argument",
        )
    }

    @Test
    fun defaultValuesOfVariablesAreRefused() {
        val fault = "the variable 'branch' of topic 'branches/{branch}' is an argument with a Kotlin default value, " +
            "which is known only to the method"
        val action = "Declare the default as defaultValue of @RequestParam or @RequestHeader"
        topicFails<DefaultParameterController>(fault, action)
        topicFails<DefaultHeaderController>(fault, action)
        runner.withUserConfiguration(DefaultOfAnnotationController::class.java)
            .run { context -> assertThat(context.startupFailure).isNull() }
    }

    private inline fun <reified T : Any> topicFails(fault: String, action: String) {
        runner.withUserConfiguration(T::class.java).run { context ->
            isRefused(context.startupFailure, fault, action)
        }
    }

    private inline fun <reified T : Any> publishFails(fault: String, action: String) =
        publishFails(T::class, fault, action)

    private fun publishFails(type: KClass<*>, fault: String, action: String) {
        AnnotationConfigApplicationContext().use { context ->
            context.registerBean(
                SsePublishPostProcessor::class.java,
                Supplier { SsePublishPostProcessor { error("Nothing is published") } },
            )
            context.register(type.java)
            assertThatException().isThrownBy { context.refresh() }.satisfies({ isRefused(it, fault, action) })
        }
    }

    private fun isRefused(failure: Throwable?, fault: String, action: String) {
        val refusal = generateSequence(failure) { it.cause }.firstOrNull { it is InvalidSseMethodException }
        assertThat(refusal).`as`("$failure").isNotNull()
        assertThat((refusal as InvalidSseMethodException).fault).contains(fault)
        assertThat(refusal.action).startsWith(action)
    }

    @RestController
    class SuspendingController {

        @GetMapping("/open")
        @SseTopic("feed")
        suspend fun open(): List<Loan> = listOf(loan)

    }

    @RestController
    class SuspendingFlowController {

        @GetMapping("/open")
        @SseTopic("feed")
        suspend fun open(): Flow<Loan> = error("Not called")

    }

    @RestController
    class DeferredController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): Deferred<Loan> = error("Not called")

    }

    @RestController
    class JobController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): Job = error("Not called")

    }

    @RestController
    class ChannelController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): ReceiveChannel<Loan> = error("Not called")

    }

    @RestController
    class LambdaController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): () -> List<Loan> = { listOf(loan) }

    }

    @RestController
    class SequenceController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): Sequence<Loan> = sequenceOf(loan)

    }

    @RestController
    class LazyController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): Lazy<Loan> = lazy { loan }

    }

    @RestController
    class ResultController {

        @GetMapping("/open")
        @SseTopic("feed")
        fun open(): Supplier<Result<Loan>> = Supplier { Result.success(loan) }

    }

    @RestController
    class DefaultParameterController {

        @GetMapping("/open")
        @SseTopic("branches/{branch}")
        fun open(@RequestParam branch: String = "north"): String = branch

    }

    @RestController
    class DefaultHeaderController {

        @GetMapping("/open")
        @SseTopic("branches/{branch}")
        fun open(@RequestHeader branch: String = "north"): String = branch

    }

    @RestController
    class DefaultOfAnnotationController {

        @GetMapping("/open")
        @SseTopic("branches/{branch}/{shelf}")
        fun open(@RequestParam(defaultValue = "north") branch: String, @RequestParam shelf: Int?): String =
            "$branch $shelf"

    }

    open class SuspendingService {

        @SsePublish("feed")
        open suspend fun borrow(): Loan = loan

    }

    open class SuspendingUnitService {

        @SsePublish("feed")
        open suspend fun borrow() {
        }

    }

    open class FlowService {

        @SsePublish("feed")
        open fun borrow(): Flow<Loan> = error("Not called")

    }

    open class DeferredService {

        @SsePublish("feed")
        open fun borrow(): Deferred<Loan> = error("Not called")

    }

    open class LambdaService {

        @SsePublish("feed")
        open fun borrow(): () -> Loan = { loan }

    }

    open class UnitService {

        @SsePublish("feed")
        open fun borrow() {
        }

    }

    open class NullableUnitService {

        @SsePublish("feed")
        open fun borrow(): Unit? = null

    }

    open class LaterUnitService {

        @SsePublish("feed")
        open fun borrow(): CompletableFuture<Unit> = CompletableFuture.completedFuture(Unit)

    }

    class FinalService {

        @SsePublish("feed")
        fun borrow(): Loan = loan

    }

    open class FinalMethodService {

        @SsePublish("feed")
        fun borrow(): Loan = loan

    }

    class FinalDesk : Desk {

        override fun open(name: String): String = "opened"

    }

    open class WrongPropertyService {

        @SsePublish("branches/{loan.brnach}")
        open fun borrow(loan: Loan): Loan = loan

    }

}
