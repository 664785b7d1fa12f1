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

	private static final String[] BRANCHES = { "north", "south", "east", "west", "central" };

	private static final int COPIES = 3000;

	private static final int LOANS_OF_BRANCH = 12;

	/** Of each event. */
	private static final int NEW_LOANS_OF_BRANCH = 6;

	private static final int SIZE_OF_REVIEW = 2000;

	private final Random random = new Random(1);

	private final Kind kind;

	private final List<String> titles = Stream.generate(() -> word() + " " + word()).limit(1000).toList();

	private final List<String> members = Stream.generate(() -> word() + " " + word()).limit(500).toList();

	/** The oldest first. */
	private final Deque<String> loansOfBranch = new ArrayDeque<>();

	private Instant time = Instant.parse("2026-11-28T08:00:00Z");

	LibraryEvents(Kind kind) {
		this.kind = kind;
	}

	Kind kind() {
		return this.kind;
	}

	/** Return the next event. */
	String next(long number) {
		return switch (this.kind) {
			case LOAN -> loan(number);
			case BRANCH -> branch(number);
			case REVIEW -> review(number);
		};
	}

	/** A loan as the sample application sends it, without the author and the return. */
	private String loan(long number) {
		this.time = this.time.plusSeconds(this.random.nextInt(60));
		return ("{\"id\":\"%d\",\"copyId\":%d,\"title\":\"%s\",\"member\":\"%s\",\"branch\":\"%s\","
				+ "\"borrowedAt\":\"%s\",\"dueAt\":\"%s\"}")
			.formatted(number, this.random.nextInt(COPIES), any(this.titles), any(this.members),
					BRANCHES[this.random.nextInt(BRANCHES.length)], this.time, this.time.plus(Duration.ofDays(28)));
	}

	private String branch(long number) {
		while (this.loansOfBranch.size() > LOANS_OF_BRANCH - NEW_LOANS_OF_BRANCH) {
			this.loansOfBranch.removeFirst();
		}
		while (this.loansOfBranch.size() < LOANS_OF_BRANCH) {
			this.loansOfBranch.add(loan(this.random.nextInt(100_000)));
		}
		return "{\"number\":\"" + number + "\",\"loans\":[" + String.join(",", this.loansOfBranch) + "]}";
	}

	private String review(long number) {
		StringBuilder text = new StringBuilder(word());
		while (text.length() < SIZE_OF_REVIEW) {
			text.append(' ').append(word());
		}
		return "{\"number\":\"" + number + "\",\"text\":\"" + text + "\"}";
	}

	private String word() {
		return any(Words.ALL);
	}

	private String any(List<String> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	/** The kinds of events. */
	enum Kind {

		/** A loan: all have the same fields. */
		LOAN,

		/** The last loans of a branch, half of which the event before does not have. */
		BRANCH,

		/** Words in random order, each as likely as any other. */
		REVIEW

	}

	private static final class Words {

		static final List<String> ALL = find(Pattern.compile("(?<![A-Za-z])[a-z]{3,}(?![A-Za-z])"));

		private static List<String> find(Pattern pattern) {
			TreeSet<String> words = new TreeSet<>();
			try (Stream<Path> files = Files.list(Path.of("docs"))) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".md")).toList()) {
					pattern.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(words::add);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return List.copyOf(words);
		}

	}

}
