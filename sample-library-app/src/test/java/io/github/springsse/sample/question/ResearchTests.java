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

package io.github.springsse.sample.question;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.springsse.sample.catalogue.Branch;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.member.Members;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Research}.
 */
class ResearchTests {

	private static final Instant PAST = Instant.parse("2020-03-01T12:00:00Z");

	private static final Instant FUTURE = Instant.now().plus(Duration.ofDays(20));

	private final Catalogue catalogue = mock(Catalogue.class);

	private final Lending lending = mock(Lending.class);

	private final Members members = mock(Members.class);

	private final Research research = new Research(this.catalogue, this.lending, this.members);

	@BeforeEach
	void fillTheLibrary() {
		given(this.catalogue.branches())
			.willReturn(List.of(new Branch("harbour", "Harbour"), new Branch("n", "North")));
		given(this.catalogue.copies("harbour")).willReturn(List.of(copy(13, "harbour", 1, "Emma", "Jane Austen", false),
				copy(43, "harbour", 4, "Jane Eyre", "Charlotte Brontë", true)));
		given(this.catalogue.copies("n")).willReturn(List.of(copy(11, "n", 1, "Emma", "Jane Austen", true),
				copy(151, "n", 15, "The Moonstone", "Wilkie Collins", false)));
		given(this.lending.openLoans()).willReturn(
				List.of(new LoanView(1L, 13L, "Emma", "Jane Austen", "Leopold Grünwald", "harbour", PAST, PAST, null),
						new LoanView(2L, 151L, "The Moonstone", "Wilkie Collins", "Zoltán Keresztfalvi", "n", PAST,
								FUTURE, null)));
		given(this.members.all()).willReturn(List.of(new Member(12L, "Leopold Grünwald"),
				new Member(9L, "Imogen Fallowfield"), new Member(25L, "Zoltán Keresztfalvi")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Emma", "Who has “EMMA”?", "what about emma, and where?" })
	void bookIsFoundByItsTitle(String question) {
		assertThat(this.research.about(question))
			.isEqualTo("“Emma” is by Jane Austen, and was first published in 1815. The library has 2 copies of it. "
					+ "The one at Harbour is with Leopold Grünwald, overdue since 1 March. The one at North is on its shelf.");
	}

	@Test
	void articleOfATitleIsNotNeeded() {
		assertThat(this.research.about("Is there a moonstone?")).startsWith("“The Moonstone” is by Wilkie Collins")
			.contains("The one at North is with Zoltán Keresztfalvi, due on ");
	}

	@Test
	void severalBooksHaveAParagraphEach() {
		assertThat(this.research.about("Emma or Jane Eyre?").split("\n\n")).hasSize(2);
	}

	@Test
	void authorIsFoundByTheLastNameWithoutAccents() {
		assertThat(this.research.about("What is there by bronte?"))
			.isEqualTo("By Charlotte Brontë the library has “Jane Eyre” (1815), in 1 copy altogether. "
					+ "“Jane Eyre” is on the shelves of Harbour.");
	}

	@Test
	void bookThatIsNotOnAnyShelfIsOnLoanEverywhere() {
		assertThat(this.research.about("Anything by Collins?")).endsWith("“The Moonstone” is on loan everywhere.");
	}

	@Test
	void memberIsFoundByName() {
		assertThat(this.research.about("What has Leopold Grunwald borrowed?"))
			.isEqualTo("Leopold Grünwald has 1 book: “Emma” of the branch Harbour (overdue since 1 March).");
		assertThat(this.research.about("And Fallowfield?"))
			.isEqualTo("Imogen Fallowfield has borrowed nothing that is not back.");
	}

	@Test
	void branchIsFoundByName() {
		assertThat(this.research.about("What is at the harbour?"))
			.isEqualTo("The branch Harbour has 2 books. On loan: “Emma” to Leopold Grünwald."
					+ "\n\nOn its shelves: “Jane Eyre” by Charlotte Brontë.");
	}

	@Test
	void overdueLoansAreListed() {
		assertThat(this.research.about("What is overdue?"))
			.isEqualTo("The library waits for 1 book: “Emma” from Leopold Grünwald (overdue since 1 March).");
		given(this.lending.openLoans()).willReturn(List.of());
		assertThat(this.research.about("What is overdue?")).startsWith("Nothing is overdue");
	}

	@ParameterizedTest
	@ValueSource(strings = { "What is the weather?", "???", "translate Emmaline" })
	void otherQuestionsAreAnsweredWithWhatThereIs(String question) {
		assertThat(this.research.about(question))
			.startsWith("The library has 3 books in 4 copies, of which 2 are on loan. Harbour has 1 book on its shelves"
					+ " and North has 1 book on its shelves.\n\nAsk for a book");
	}

	private static CopyView copy(long id, String branch, long book, String title, String author, boolean available) {
		return new CopyView(id, branch, book, title, author, "isbn", 1815, available);
	}

}
