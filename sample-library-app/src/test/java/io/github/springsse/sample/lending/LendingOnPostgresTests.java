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

package io.github.springsse.sample.lending;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

import org.springframework.test.context.ActiveProfiles;

/**
 * Tests for {@link Lending} on PostgreSQL, where there is one: the profile
 * {@code postgres} tells which variables name it.
 */
@ActiveProfiles("postgres")
@EnabledIfEnvironmentVariable(named = "LIBRARY_DB_URL", matches = "jdbc:postgresql:.+",
		disabledReason = "LIBRARY_DB_URL names no PostgreSQL")
class LendingOnPostgresTests extends LendingTests {

}
