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

package io.github.springsse.sample.catalogue;

import java.util.List;
import java.util.stream.Collectors;

import io.github.springsse.sample.support.LibraryTest;
import io.github.springsse.sample.web.NotFoundException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Catalogue}.
 */
@LibraryTest
class CatalogueTests {

	@Autowired
	private Catalogue catalogue;

	@Test
	void branchesAreThoseOfTheLibrary() {
		assertThat(this.catalogue.branches()).extracting(Branch::code)
			.containsExactly("harbour", "hillside", "north", "south");
	}

	@Test
	void everyBookHasThreeCopiesAtDifferentBranches() {
		List<CopyView> copies = this.catalogue.branches()
			.stream()
			.flatMap((branch) -> this.catalogue.copies(branch.code()).stream())
			.toList();
		assertThat(copies).hasSizeGreaterThanOrEqualTo(120).extracting(CopyView::id).doesNotHaveDuplicates();
		assertThat(copies.stream().collect(Collectors.groupingBy(CopyView::bookId, Collectors.counting())).values())
			.containsOnly(3L);
		assertThat(copies).filteredOn((copy) -> copy.title().equals("Emma"))
			.extracting(CopyView::branch)
			.containsExactlyInAnyOrder("north", "south", "hillside");
	}

	@Test
	void bookIsAddedOnceWithItsCopies() {
		NewBook book = new NewBook("9780140440171", 1835, "Honoré de Balzac", "Old Goriot");
		assertThat(this.catalogue.add(book)).isTrue();
		assertThat(this.catalogue.add(book)).isFalse();
		assertThat(
				this.catalogue.branches().stream().flatMap((branch) -> this.catalogue.copies(branch.code()).stream()))
			.filteredOn((copy) -> copy.isbn().equals(book.isbn()))
			.hasSize(3)
			.allMatch((copy) -> copy.available() && copy.title().equals("Old Goriot"));
	}

	@Test
	void copiesAreEitherAvailableOrNot() {
		List<CopyView> available = this.catalogue.copies("north", true);
		List<CopyView> onLoan = this.catalogue.copies("north", false);
		assertThat(available).isNotEmpty().allMatch(CopyView::available);
		assertThat(onLoan).isNotEmpty().noneMatch(CopyView::available);
		assertThat(this.catalogue.copies("north")).hasSize(available.size() + onLoan.size());
	}

	@Test
	void unknownBranchIsNotFound() {
		assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> this.catalogue.copies("west"))
			.withMessage("There is no branch 'west'");
	}

}
