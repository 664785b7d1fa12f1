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

package io.github.springsse.sample.simulation;

import java.util.stream.IntStream;

import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Visitor}.
 */
@LibraryTest
class VisitorTests {

	@Autowired
	private Visitor visitor;

	@Autowired
	private Lending lending;

	@Test
	void eachVisitorBorrowsOrReturnsSomething() {
		assertThat(IntStream.range(0, 60).map((i) -> visit())).containsOnly(1, -1);
	}

	/**
	 * Let a visitor in.
	 * @return how many more loans are open than before
	 */
	private int visit() {
		int before = this.lending.openLoans().size();
		this.visitor.visit();
		return this.lending.openLoans().size() - before;
	}

}
