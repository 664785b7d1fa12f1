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

package io.github.springsse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Events of a library as JSON, which begins with the number of the event. They are the
 * same in every run, since words are those of the documentation of the starter.
 */
final class LibraryEvents {

	private static final List<String> BRANCHES = List.of("north", "south", "east", "west", "central");

	private static final List<String> WORDS = words();

	private final Random random = new Random(1);

	private final Kind kind;

	private final List<String> titles = Stream.generate(() -> any(WORDS) + " " + any(WORDS)).limit(1000).toList();

	private final List<String> members = Stream.generate(() -> any(WORDS) + " " + any(WORDS)).limit(500).toList();

	/** The oldest first. */
	private final Deque<String> loansOfBranch = new ArrayDeque<>();

	private Instant time = Instant.parse("2026-11-28T08:00:00Z");

	LibraryEvents(Kind kind) {
		this.kind = kind;
	}

	private static List<String> words() {
		Pattern word = Pattern.compile("(?<![A-Za-z])[a-z]{3,}(?![A-Za-z])");
		TreeSet<String> words = new TreeSet<>();
		try (Stream<Path> files = Files.list(Path.of("docs"))) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".md")).toList()) {
				word.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(words::add);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return List.copyOf(words);
	}

	String next(long number) {
		return switch (this.kind) {
			case LOAN -> loan(number);
			case BRANCH -> "{\"number\":\"%d\",\"loans\":[%s]}".formatted(number, nextLoansOfBranch());
			case REVIEW -> "{\"number\":\"%d\",\"text\":\"%s\"}".formatted(number, review());
		};
	}

	/** A loan as the sample application sends it, without the author and the return. */
	private String loan(long number) {
		this.time = this.time.plusSeconds(this.random.nextInt(60));
		return ("{\"id\":\"%d\",\"copyId\":%d,\"title\":\"%s\",\"member\":\"%s\",\"branch\":\"%s\","
				+ "\"borrowedAt\":\"%s\",\"dueAt\":\"%s\"}")
			.formatted(number, this.random.nextInt(3000), any(this.titles), any(this.members), any(BRANCHES), this.time,
					this.time.plus(Duration.ofDays(28)));
	}

	/** Replace half of the loans. */
	private String nextLoansOfBranch() {
		while (this.loansOfBranch.size() > 6) {
			this.loansOfBranch.removeFirst();
		}
		while (this.loansOfBranch.size() < 12) {
			this.loansOfBranch.add(loan(this.random.nextInt(100_000)));
		}
		return String.join(",", this.loansOfBranch);
	}

	private String review() {
		StringBuilder text = new StringBuilder(any(WORDS));
		while (text.length() < 2000) {
			text.append(' ').append(any(WORDS));
		}
		return text.toString();
	}

	private String any(List<String> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	/**
	 * A loan, which always has the same fields; the last loans of a branch, half of which
	 * the event before does not have; or words in random order, each equally likely.
	 */
	enum Kind {

		LOAN, BRANCH, REVIEW

	}

}
