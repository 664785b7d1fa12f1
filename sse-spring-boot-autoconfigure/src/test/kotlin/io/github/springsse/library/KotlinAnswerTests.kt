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

import io.github.springsse.SseTopic
import io.github.springsse.testsupport.EventStreamClient
import io.github.springsse.testsupport.ServerKind
import io.github.springsse.testsupport.TestServer
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RestController
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Supplier

/** Tests that a Flow is a source, on a real server. */
class KotlinAnswerTests {

    @Test
    fun flowsAreCollectedOnceForAllRequests() {
        assertThat(read("none")).isEmpty()
        assertThat(text("answer")).isEqualTo("ab")
        assertThat(text("answer")).isEqualTo("ab")
        assertThat(text("none")).isEqualTo("ab")
        assertThat(AnswerController.collected).hasValue(1)
    }

    @Test
    fun flowsMayBeSupplied() {
        assertThat(read("supplied")).containsExactly("""{"branch":"north","number":7,"isOverdue":false,"note":null}""")
    }

    private fun text(path: String) = read(path).joinToString("")

    private fun read(path: String) = EventStreamClient.open(server.uri("/$path")).use { it.awaitEnd().data() }

    @RestController
    class AnswerController {

        @GetMapping("/answer")
        @SseTopic("answer")
        fun answer(): Flow<String> = flow {
            collected.incrementAndGet()
            emit("a")
            emit("b")
        }

        @GetMapping("/none")
        @SseTopic("answer")
        fun none(): Flow<String>? = null

        @GetMapping("/supplied")
        @SseTopic("supplied")
        fun supplied(): Supplier<Flow<Loan>> = Supplier { flowOf(Loan("north", 7)) }

        companion object {

            val collected = AtomicInteger()

        }

    }

    companion object {

        private val server: TestServer = TestServer.start(ServerKind.TOMCAT_HANDOFF, AnswerController::class.java)

        @JvmStatic
        @AfterAll
        fun stop() = server.close()

    }

}
