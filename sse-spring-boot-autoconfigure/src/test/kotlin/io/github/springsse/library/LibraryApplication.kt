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

import com.fasterxml.jackson.annotation.JsonTypeInfo
import io.github.springsse.SseEmitterRegistry
import io.github.springsse.SseEvent
import io.github.springsse.SsePublish
import io.github.springsse.SseStream
import io.github.springsse.SseTopic
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import org.springframework.stereotype.Service
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.RequestMapping
import org.springframework.web.bind.annotation.RequestParam
import org.springframework.web.bind.annotation.RestController
import java.util.concurrent.CompletableFuture
import java.util.function.Supplier

/** A library, as an application in Kotlin has it. */
@Configuration(proxyBeanMethods = false)
@Import(LoanController::class, LendingService::class, OpenDesk::class)
class LibraryApplication

@JvmInline
value class Branch(val name: String)

@JvmInline
value class Shelf(val number: Int)

enum class Status { LENT, RETURNED }

data class Loan(val branch: String, val number: Int, val isOverdue: Boolean = false, val note: String? = null)

data class Place(val branch: Branch, val shelf: Shelf?)

@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
sealed class Change {

    data class Lent(val number: Int) : Change()

    data object Closed : Change()

}

val loan = Loan("north", 7)

interface ChangeFeed {

    @GetMapping("/inherited/{branch}")
    @SseTopic("branches/{branch}/changes")
    fun inherited(@PathVariable branch: String): List<Change> = listOf(Change.Lent(branch.length))

}

@RestController
@RequestMapping("/feed")
class LoanController(private val registry: SseEmitterRegistry) : ChangeFeed {

    @GetMapping("/data")
    @SseTopic("feed")
    fun data(): Loan = loan

    @GetMapping("/null")
    @SseTopic("feed")
    fun nothing(): Loan? = null

    @GetMapping("/list")
    @SseTopic("feed")
    fun list(): List<Loan> = listOf(loan)

    @GetMapping("/supplier")
    @SseTopic("feed")
    fun supplier(): Supplier<List<Loan>> = Supplier { listOf(loan) }

    @GetMapping("/supplier-of-null")
    @SseTopic("feed")
    fun supplierOfNull(): Supplier<Loan?> = Supplier { null }

    @GetMapping("/iterator")
    @SseTopic("feed")
    fun iterator(): Iterator<Loan> = sequenceOf(loan).iterator()

    @GetMapping("/pair")
    @SseTopic("feed")
    fun pair(): Pair<String, Int> = "north" to 7

    @GetMapping("/map")
    @SseTopic("feed")
    fun map(): Map<Status, List<Change>> = mapOf(Status.LENT to listOf(Change.Lent(7)))

    @GetMapping("/sealed")
    @SseTopic("feed")
    fun sealed(): List<Change> = listOf(Change.Lent(7), Change.Closed)

    @GetMapping("/enum")
    @SseTopic("feed")
    fun enum(): Status = Status.LENT

    @GetMapping("/value-class")
    @SseTopic("feed")
    fun valueClass(): Branch = Branch("north")

    @GetMapping("/events")
    @SseTopic("feed")
    fun events(): List<SseEvent> = listOf(SseEvent.of("loan", loan), SseEvent.of("loan", loan.copy(number = 8)))

    @GetMapping("/result")
    @SseTopic("feed")
    fun result(): Result<Loan> = Result.success(loan)

    @GetMapping("/subscribed")
    fun subscribed(): SseStream = registry.subscribe(listOf("feed")) { listOf(loan) }

    @GetMapping("/unit")
    @SseTopic("feed")
    fun unit() {
    }

    @GetMapping("/declared-unit")
    @SseTopic("feed")
    fun declaredUnit(): Unit = Unit

    @GetMapping("/nullable-unit")
    @SseTopic("feed")
    fun nullableUnit(): Unit? = Unit

    @GetMapping("/any-unit")
    @SseTopic("feed")
    fun anyUnit(): Any = Unit

    @GetMapping("/supplier-of-unit")
    @SseTopic("feed")
    fun supplierOfUnit(): Supplier<Unit> = Supplier { }

    @GetMapping("/any-job")
    @SseTopic("feed")
    fun anyJob(): Any = Job()

    @GetMapping("/any-channel")
    @SseTopic("feed")
    fun anyChannel(): Any = Channel<Loan>()

    @GetMapping("/any-lambda")
    @SseTopic("feed")
    fun anyLambda(): Any = { listOf(loan) }

    @GetMapping("/any-sequence")
    @SseTopic("feed")
    fun anySequence(): Any = sequenceOf(loan)

    @GetMapping("/any-lazy")
    @SseTopic("feed")
    fun anyLazy(): Any = lazy { loan }

    @GetMapping("/any-result")
    @SseTopic("feed")
    fun anyResult(): Any = Result.success(loan)

    @GetMapping("/failure")
    @SseTopic("feed")
    fun failure(): Result<Loan> = Result.failure(IllegalStateException("secret"))

    @GetMapping("/branches/{branch}/loans")
    @SseTopic("branches/{branch}/loans")
    fun branch(@PathVariable branch: String): List<Loan> = listOf(loan.copy(branch = branch))

    @GetMapping("/value-classes/{branch}/{shelf}")
    @SseTopic("branches/{branch}/{shelf}")
    fun branchOfValueClass(@PathVariable branch: Branch, @PathVariable shelf: Shelf): String =
        "${branch.name} ${shelf.number}"

    @GetMapping("/shelves/{shelf}")
    @SseTopic("shelves/{shelf}")
    fun shelf(@PathVariable shelf: Shelf?): String = "${shelf?.number}"

    @GetMapping("/all")
    @SseTopic("feed")
    fun all() {
    }

    @GetMapping("/topic")
    fun topic(@RequestParam topic: String): SseStream = registry.subscribe(topic)

    @GetMapping("/defaults")
    @SseTopic("feed")
    fun defaults(@RequestParam limit: Int = 10, @RequestParam status: Status = Status.LENT): String = "$limit $status"

    @GetMapping("/nullable-parameter")
    @SseTopic("branches/{branch}/loans")
    fun nullableParameter(@RequestParam branch: String?): String = "$branch"

}

@Service
open class LendingService {

    @SsePublish("branches/{branch}/loans")
    open fun byParameter(branch: String, number: Int): Loan = Loan(branch, number)

    @SsePublish("branches/{loan.branch}/{loan.number}/{loan.isOverdue}")
    open fun byPropertyOfParameter(loan: Loan): Pair<String, Int> = loan.branch to loan.number

    @SsePublish("branches/{branch}/{number}")
    open fun byPropertyOfData(): Loan = loan

    @SsePublish("branches/{branch}/{shelf}")
    open fun byValueClass(branch: Branch, shelf: Shelf): Status = Status.LENT

    @SsePublish("shelves/{shelf}")
    open fun byBoxedValueClass(shelf: Shelf?): Status = Status.LENT

    @SsePublish("places/{place.branch}")
    open fun byPropertyOfValueClass(place: Place): Status = Status.LENT

    @SsePublish("shelves/{place.shelf}")
    open fun byPropertyOfBoxedValueClass(place: Place): Status = Status.LENT

    @SsePublish("branches/{branch}/loans")
    open fun byDefault(branch: String = "default"): Status = Status.RETURNED

    @SsePublish("feed")
    open fun nullable(): Loan? = null

    @SsePublish("feed")
    open fun anyUnit(): Any = Unit

    @SsePublish("feed")
    open fun changes(): List<Change> = listOf(Change.Lent(7), Change.Closed)

    @SsePublish("feed")
    open fun later(): CompletableFuture<List<Change>> = CompletableFuture.completedFuture(changes())

    @SsePublish("feed")
    open fun result(fails: Boolean): Result<Loan> =
        if (fails) Result.failure(IllegalStateException("secret")) else Result.success(loan)

}

interface Desk {

    @SsePublish("desks/{name}")
    fun open(name: String): String

    @SsePublish("desks/{name}")
    fun close(name: String): String = "closed"

}

@Service
open class OpenDesk : Desk {

    override fun open(name: String): String = "opened"

}
