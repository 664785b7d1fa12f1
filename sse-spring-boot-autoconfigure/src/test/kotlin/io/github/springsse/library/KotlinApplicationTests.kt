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

import io.github.springsse.InvalidSseDataException
import io.github.springsse.InvalidTopicVariableException
import io.github.springsse.SseEvent
import io.github.springsse.testsupport.EventStreamClient
import io.github.springsse.testsupport.ServerKind
import io.github.springsse.testsupport.TestServer
import io.github.springsse.testsupport.TestServers
import kotlinx.coroutines.Job
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.EnumSource
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.boot.test.system.CapturedOutput
import org.springframework.boot.test.system.OutputCaptureExtension

/** Tests of an application in Kotlin, on real servers. */
@ExtendWith(OutputCaptureExtension::class)
class KotlinApplicationTests {

    private val server: TestServer = servers.get(ServerKind.TOMCAT_HANDOFF)

    @ParameterizedTest
    @EnumSource
    fun servesAndPublishes(kind: ServerKind) {
        val server = servers.get(kind)
        open(server, "/feed/branches/west/loans").use { client ->
            client.awaitEvents(1)
            server.bean(LendingService::class.java).byParameter("west", 8)
            val id: String? = server.sse().publish("branches/west/loans", Loan("west", 9))
            client.awaitEvents(3)
            assertThat(client.data()).containsExactly("[${json("west", 7)}]", json("west", 8), json("west", 9))
            assertThat(client.events().last().id()).isEqualTo(id)
        }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            """data|{"branch":"north","number":7,"isOverdue":false,"note":null}""",
            """list|[{"branch":"north","number":7,"isOverdue":false,"note":null}]""",
            """supplier|[{"branch":"north","number":7,"isOverdue":false,"note":null}]""",
            """subscribed|[{"branch":"north","number":7,"isOverdue":false,"note":null}]""",
            """iterator|[{"branch":"north","number":7,"isOverdue":false,"note":null}]""",
            """result|{"branch":"north","number":7,"isOverdue":false,"note":null}""",
            """pair|{"first":"north","second":7}""",
            """map|{"LENT":[{"kind":"Lent","number":7}]}""",
            """sealed|[{"kind":"Lent","number":7},{"kind":"Closed"}]""",
            """enum|"LENT"""",
            "value-class|north",
            "defaults|10 LENT",
            "defaults?limit=3|3 LENT",
        ],
    )
    fun snapshotsAreWrittenAsData(path: String, data: String) {
        open(server, "/feed/$path").use { client ->
            client.awaitEvents(1)
            assertThat(client.events().map { it.name() }).containsExactly("snapshot")
            assertThat(client.data()).containsExactly(data)
        }
    }

    @Test
    fun eventsOfSnapshotsAreSentOneByOne() {
        open(server, "/feed/events").use { client ->
            client.awaitEvents(2)
            assertThat(client.data()).containsExactly(json("north", 7), json("north", 8))
        }
    }

    @ParameterizedTest
    @ValueSource(
        strings = ["null", "supplier-of-null", "unit", "declared-unit", "nullable-unit", "any-unit", "supplier-of-unit"],
    )
    fun nullAndUnitAreNoSnapshot(path: String) {
        open(server, "/feed/$path").use { client ->
            EventStreamClient.await().until { client.lines().contains("event: cursor") }
            server.sse().publish("feed", path)
            client.awaitEvents(1)
            assertThat(client.data()).containsExactly(path)
        }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            "any-lambda|it is a function, not a value",
            "any-sequence|it can be read only once",
            "any-lazy|its value comes later",
            "any-job|its value comes later",
            "any-channel|its value comes later",
            "failure|Failure(java.lang.IllegalStateException: secret) cannot be a snapshot: it is the failure of a Result",
        ],
    )
    fun whatIsNoDataIsNoSnapshot(path: String, fault: String, output: CapturedOutput) {
        open(server, "/feed/$path").use { client ->
            client.awaitEnd()
            assertThat(client.response().statusCode()).isEqualTo(500)
            assertThat(client.lines()).noneMatch { it.contains("secret") }
            assertThat(output).contains(fault)
        }
    }

    @Test
    fun valueClassesAreVariablesOfTopics() {
        opensAt("/feed/value-classes/west/3", "branches/west/3", "west 3")
        opensAt("/feed/shelves/4", "shelves/4", "4")
    }

    @Test
    fun methodsWithBodiesInInterfacesAreMapped() {
        opensAt("/feed/inherited/west", "branches/west/changes", """[{"kind":"Lent","number":4}]""")
    }

    @Test
    fun nullableParametersAreVariablesOfTopics() {
        opensAt("/feed/nullable-parameter?branch=west", "branches/west/loans", "west")
        open(server, "/feed/nullable-parameter").use { client ->
            assertThat(client.response().statusCode()).isEqualTo(400)
        }
    }

    @Test
    fun topicsAreMadeOfParametersAndProperties() {
        val lending = server.bean(LendingService::class.java)
        assertThat(lending.byParameter("north", 7)).isEqualTo(loan)
        publishes("branches/north/loans", json("north", 7)) { lending.byParameter("north", 7) }
        publishes("branches/north/7/false", """{"first":"north","second":7}""") { lending.byPropertyOfParameter(loan) }
        publishes("branches/north/7", json("north", 7)) { lending.byPropertyOfData() }
        publishes("branches/north/3", "\"LENT\"") { lending.byValueClass(Branch("north"), Shelf(3)) }
        publishes("shelves/3", "\"LENT\"") { lending.byBoxedValueClass(Shelf(3)) }
        publishes("places/north", "\"LENT\"") { lending.byPropertyOfValueClass(Place(Branch("north"), null)) }
        publishes("shelves/4", "\"LENT\"") { lending.byPropertyOfBoxedValueClass(Place(Branch("north"), Shelf(4))) }
        publishes("branches/default/loans", "\"RETURNED\"") { lending.byDefault() }
        assertThatExceptionOfType(InvalidTopicVariableException::class.java)
            .isThrownBy { lending.byBoxedValueClass(null) }
    }

    @Test
    fun methodsOfInterfacesPublish() {
        val desk = server.bean(Desk::class.java)
        publishes("desks/main", "opened") { desk.open("main") }
        publishes("desks/main", "closed") { desk.close("main") }
    }

    @Test
    fun whatIsPublishedIsWrittenByTheDeclaredType() {
        val lending = server.bean(LendingService::class.java)
        val data = """[{"kind":"Lent","number":7},{"kind":"Closed"}]"""
        publishes("feed", data) { lending.changes() }
        publishes("feed", json("north", 7)) { lending.result(fails = false) }
        publishes("feed", data) { lending.later().join() }
    }

    @Test
    fun nullUnitAndFailuresAreNotPublished() {
        val lending = server.bean(LendingService::class.java)
        publishes("feed", "marker") {
            assertThat(lending.nullable()).isNull()
            assertThat(lending.anyUnit()).isEqualTo(Unit)
            assertThat(lending.result(fails = true).exceptionOrNull()).hasMessage("secret")
            server.sse().publish("feed", "marker")
        }
    }

    @Test
    fun operationsRefuseWhatIsNoData() {
        refuses(Unit, "it has no value")
        refuses(listOf(Unit), "it has no value")
        refuses({ loan }, "it is a function, not a value")
        refuses(::loan, "it is a function, not a value")
        refuses(sequenceOf(loan), "it can be read only once")
        refuses(lazy { loan }, "its value comes later")
        refuses(Job(), "its value comes later")
        refuses(Result.success(loan), "it may be a failure")
        refuses(SseEvent.of(Result.failure<Loan>(IllegalStateException())), "it may be a failure")
    }

    @Test
    fun objectsAndValueClassesAreWrittenWithAndWithoutTheModuleOfJackson() {
        for (data in listOf(Change.Closed to """{"kind":"Closed"}""", Branch("north") to "\"north\"", loan to json("north", 7))) {
            publishes("feed", data.second) { server.sse().publish("feed", data.first) }
        }
        val plain = plainServers.get(ServerKind.TOMCAT_HANDOFF)
        publishes("feed", """{"branch":"north","number":7,"note":null,"overdue":false}""", plain) {
            plain.sse().publish("feed", loan)
        }
    }

    private fun opensAt(path: String, topic: String, data: String) {
        open(server, path).use { client ->
            client.awaitEvents(1)
            server.sse().publish(topic, "there")
            client.awaitEvents(2)
            assertThat(client.data()).containsExactly(data, "there")
        }
    }

    private fun publishes(topic: String, data: String, server: TestServer = this.server, action: () -> Unit) {
        val path = if (topic == "feed") "/feed/all" else "/feed/topic?topic=$topic"
        open(server, path).use { client ->
            EventStreamClient.await().until { client.lines().contains("event: cursor") }
            action()
            client.awaitEvents(1)
            assertThat(client.data()).containsExactly(data)
        }
    }

    private fun refuses(data: Any, fault: String) {
        assertThatExceptionOfType(InvalidSseDataException::class.java)
            .isThrownBy { server.sse().publish("feed", data) }
            .satisfies({ assertThat(it.fault).contains(" cannot be published: ").endsWith(fault) })
    }

    companion object {

        private val servers = TestServers(LibraryApplication::class.java, "sse.heartbeat.interval=0")

        private val plainServers = TestServers(
            LibraryApplication::class.java,
            "sse.heartbeat.interval=0",
            "spring.jackson.find-and-add-modules=false",
        )

        @JvmStatic
        @AfterAll
        fun close() {
            servers.close()
            plainServers.close()
        }

        private fun open(server: TestServer, path: String): EventStreamClient = EventStreamClient.open(server.uri(path))

        private fun json(branch: String, number: Int): String =
            """{"branch":"$branch","number":$number,"isOverdue":false,"note":null}"""

    }

}
