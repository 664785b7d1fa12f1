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

import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.springsse.sample.catalogue.Branch;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.member.Members;

import org.springframework.stereotype.Component;

/**
 * Composes the text of an answer from the data of the library by a few rules: a question
 * is about the books, authors, members or branches that it names, or about overdue books.
 */
@Component
class Research {

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMMM", Locale.ENGLISH);

	private final Catalogue catalogue;

	private final Lending lending;

	private final Members members;

	Research(Catalogue catalogue, Lending lending, Members members) {
		this.catalogue = catalogue;
		this.lending = lending;
		this.members = members;
	}

	String about(String question) {
		return new Search(question, this.catalogue.branches(), this.lending.openLoans()).compose();
	}

	private static String join(Collection<String> parts) {
		List<String> all = List.copyOf(parts);
		if (all.size() < 2) {
			return String.join("", all);
		}
		return String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.get(all.size() - 1);
	}

	private static String quote(String title) {
		return "“" + title + "”";
	}

	private static String count(long number, String singular, String plural) {
		return ((number == 0) ? "no" : number) + " " + ((number == 1) ? singular : plural);
	}

	/**
	 * Return the words of a text in lower case, without accents and punctuation, between
	 * spaces.
	 */
	private static String normalize(String text) {
		String letters = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}|['’]", "");
		return " " + letters.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip() + " ";
	}

	/**
	 * The answer to one question.
	 */
	private final class Search {

		private final String question;

		private final List<Branch> branches;

		private final Map<String, String> branchNames;

		private final List<CopyView> copies;

		private final Map<Long, LoanView> loansByCopy;

		private final Instant now = Instant.now();

		Search(String question, List<Branch> branches, List<LoanView> loans) {
			this.question = normalize(question);
			this.branches = branches;
			this.branchNames = branches.stream().collect(Collectors.toMap(Branch::code, Branch::name));
			this.copies = branches.stream()
				.flatMap((branch) -> Research.this.catalogue.copies(branch.code()).stream())
				.toList();
			this.loansByCopy = loans.stream().collect(Collectors.toMap(LoanView::copyId, Function.identity()));
		}

		String compose() {
			List<String> paragraphs = new ArrayList<>();
			booksOf((copy) -> has(withoutArticle(copy.title()))).forEach((copies) -> paragraphs.add(book(copies)));
			if (paragraphs.isEmpty()) {
				copiesBy(CopyView::author, (copy) -> has(lastWord(copy.author())))
					.forEach((author, copies) -> paragraphs.add(author(author, copies)));
			}
			if (paragraphs.isEmpty()) {
				Research.this.members.all()
					.stream()
					.filter((member) -> has(member.name()) || has(lastWord(member.name())))
					.forEach((member) -> paragraphs.add(member(member)));
			}
			if (paragraphs.isEmpty()) {
				this.branches.stream()
					.filter((branch) -> has(branch.name()))
					.forEach((branch) -> paragraphs.add(branch(branch)));
			}
			if (paragraphs.isEmpty() && (has("overdue") || has("late"))) {
				paragraphs.add(overdue());
			}
			return paragraphs.isEmpty() ? library() : String.join("\n\n", paragraphs);
		}

		private String book(List<CopyView> copies) {
			CopyView book = copies.get(0);
			StringBuilder text = new StringBuilder(
					"%s is by %s, and was first published in %d. The library has %s of it.".formatted(
							quote(book.title()), book.author(), book.published(),
							count(copies.size(), "copy", "copies")));
			for (CopyView copy : copies) {
				LoanView loan = this.loansByCopy.get(copy.id());
				String state = (loan != null) ? "is with %s, %s".formatted(loan.member(), due(loan))
						: "is on its shelf";
				text.append(" The one at ").append(branchOf(copy)).append(" ").append(state).append(".");
			}
			return text.toString();
		}

		private String author(String author, List<CopyView> copies) {
			List<List<CopyView>> books = booksOf((copy) -> copy.author().equals(author));
			String titles = join(books.stream()
				.map((book) -> "%s (%d)".formatted(quote(book.get(0).title()), book.get(0).published()))
				.toList());
			StringBuilder text = new StringBuilder("By %s the library has %s, in %s altogether.".formatted(author,
					titles, count(copies.size(), "copy", "copies")));
			for (List<CopyView> book : books) {
				List<String> shelves = book.stream().filter(CopyView::available).map(this::branchOf).toList();
				text.append(" ").append(quote(book.get(0).title())).append(" is ");
				text.append(shelves.isEmpty() ? "on loan everywhere" : "on the shelves of " + join(shelves));
				text.append(".");
			}
			return text.toString();
		}

		private String member(Member member) {
			List<LoanView> loans = this.loansByCopy.values()
				.stream()
				.filter((loan) -> loan.member().equals(member.name()))
				.sorted(Comparator.comparing(LoanView::dueAt))
				.toList();
			if (loans.isEmpty()) {
				return "%s has borrowed nothing that is not back.".formatted(member.name());
			}
			return "%s has %s: %s.".formatted(member.name(), count(loans.size(), "book", "books"),
					join(loans.stream().map(this::loan).toList()));
		}

		private String branch(Branch branch) {
			List<CopyView> all = this.copies.stream().filter((copy) -> copy.branch().equals(branch.code())).toList();
			List<CopyView> shelf = all.stream().filter(CopyView::available).toList();
			List<String> lent = all.stream()
				.map((copy) -> this.loansByCopy.get(copy.id()))
				.filter((loan) -> loan != null)
				.map((loan) -> "%s to %s".formatted(quote(loan.title()), loan.member()))
				.toList();
			String shelves = join(
					shelf.stream().map((copy) -> "%s by %s".formatted(quote(copy.title()), copy.author())).toList());
			return "The branch %s has %s. On loan: %s.\n\nOn its shelves: %s.".formatted(branch.name(),
					count(all.size(), "book", "books"), lent.isEmpty() ? "nothing" : join(lent),
					shelf.isEmpty() ? "nothing" : shelves);
		}

		private String overdue() {
			List<String> loans = this.loansByCopy.values()
				.stream()
				.filter((loan) -> loan.dueAt().isBefore(this.now))
				.sorted(Comparator.comparing(LoanView::dueAt))
				.map((loan) -> "%s from %s (%s)".formatted(quote(loan.title()), loan.member(), due(loan)))
				.toList();
			if (loans.isEmpty()) {
				return "Nothing is overdue: every book that is on loan has time yet.";
			}
			return "The library waits for %s: %s.".formatted(count(loans.size(), "book", "books"), join(loans));
		}

		private String library() {
			List<String> branches = this.branches.stream()
				.map((branch) -> "%s has %s on its shelves".formatted(branch.name(),
						count(this.copies.stream()
							.filter((copy) -> copy.branch().equals(branch.code()) && copy.available())
							.count(), "book", "books")))
				.toList();
			return """
					The library has %s in %s, of which %s on loan. %s.

					Ask for a book by its title, for an author or a member by name, for a branch, or for what is overdue.\
					"""
				.formatted(count(booksOf((copy) -> true).size(), "book", "books"),
						count(this.copies.size(), "copy", "copies"), count(this.loansByCopy.size(), "is", "are"),
						join(branches));
		}

		private String loan(LoanView loan) {
			return "%s of the branch %s (%s)".formatted(quote(loan.title()), this.branchNames.get(loan.branch()),
					due(loan));
		}

		private String due(LoanView loan) {
			String date = DATE.format(loan.dueAt().atOffset(ZoneOffset.UTC));
			return (loan.dueAt().isBefore(this.now) ? "overdue since " : "due on ") + date;
		}

		private String branchOf(CopyView copy) {
			return this.branchNames.getOrDefault(copy.branch(), copy.branch());
		}

		private List<List<CopyView>> booksOf(Predicate<CopyView> filter) {
			return List.copyOf(copiesBy((copy) -> copy.title() + copy.bookId(), filter).values());
		}

		private Map<String, List<CopyView>> copiesBy(Function<CopyView, String> key, Predicate<CopyView> filter) {
			return this.copies.stream()
				.filter(filter)
				.collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
		}

		private boolean has(String words) {
			return this.question.contains(normalize(words));
		}

		private static String lastWord(String name) {
			return name.substring(name.lastIndexOf(' ') + 1);
		}

		private static String withoutArticle(String title) {
			return title.replaceFirst("^(The|A) ", "");
		}

	}

}
