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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Events of a library as JSON, each with one {@link #MARK}. They are the same in every
 * run, since words are those of the documentation and the sources of the starter.
 */
final class LibraryEvents {

	/** Is in every event once, and nowhere else in a stream. */
	static final char MARK = '#';

	private static final int BOOKS = 1000;

	private static final int MEMBERS = 500;

	private static final int COPIES = 3000;

	private static final String[] BRANCHES = { "north", "south", "east", "west", "central" };

	private static final Duration PERIOD = Duration.ofDays(28);

	private static final int LOANS_OF_BRANCH = 12;

	/** Of each event. */
	private static final int NEW_LOANS_OF_BRANCH = 6;

	private static final int SIZE_OF_REVIEW = 2000;

	private static final Pattern WORD = Pattern.compile("(?<![A-Za-z])[a-z]{3,}(?![A-Za-z])");

	private final Random random = new Random(1);

	private final List<String> words;

	private final List<String> titles = new ArrayList<>();

	private final List<String> members = new ArrayList<>();

	/** The oldest first. */
	private final Deque<String> loansOfBranch = new ArrayDeque<>();

	private int number;

	private int loans = 48_000;

	private Instant time = Instant.parse("2026-11-28T08:00:00Z");

	LibraryEvents() throws IOException {
		SortedSet<String> found = new TreeSet<>();
		collect(Path.of("docs"), ".md", found);
		collect(Path.of("src", "main", "java"), ".java", found);
		this.words = List.copyOf(found);
		for (int i = 0; i < BOOKS; i++) {
			this.titles.add(capitalized(any(this.words)) + " " + any(this.words));
		}
		for (int i = 0; i < MEMBERS; i++) {
			this.members.add(capitalized(any(this.words)) + " " + capitalized(any(this.words)));
		}
	}

	private static void collect(Path directory, String ending, SortedSet<String> words) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(ending)).toList()) {
				Matcher matcher = WORD.matcher(Files.readString(file));
				while (matcher.find()) {
					words.add(matcher.group());
				}
			}
		}
	}

	/**
	 * Return the next event of a kind.
	 */
	String next(Kind kind) {
		this.number++;
		return switch (kind) {
			case LOAN -> loan(String.valueOf(MARK));
			case BRANCH -> branch();
			case REVIEW -> review();
		};
	}

	/**
	 * A loan as the sample application sends it, without the author and the return.
	 */
	private String loan(String mark) {
		this.loans++;
		this.time = this.time.plusSeconds(this.random.nextInt(60));
		return ("{\"id\":\"%s%d\",\"copyId\":%d,\"title\":\"%s\",\"member\":\"%s\",\"branch\":\"%s\",\"borrowedAt\":\"%s\","
				+ "\"dueAt\":\"%s\"}")
			.formatted(mark, this.loans, this.random.nextInt(COPIES), any(this.titles), any(this.members),
					BRANCHES[this.random.nextInt(BRANCHES.length)], this.time, this.time.plus(PERIOD));
	}

	private String branch() {
		int kept = LOANS_OF_BRANCH - NEW_LOANS_OF_BRANCH;
		while (this.loansOfBranch.size() > kept) {
			this.loansOfBranch.removeFirst();
		}
		while (this.loansOfBranch.size() < LOANS_OF_BRANCH) {
			this.loansOfBranch.add(loan(""));
		}
		return "{\"number\":\"" + MARK + this.number + "\",\"loans\":[" + String.join(",", this.loansOfBranch) + "]}";
	}

	private String review() {
		StringBuilder text = new StringBuilder(any(this.words));
		while (text.length() < SIZE_OF_REVIEW) {
			text.append(' ').append(any(this.words));
		}
		return "{\"number\":\"" + MARK + this.number + "\",\"text\":\"" + text + "\"}";
	}

	private String any(List<String> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	private static String capitalized(String word) {
		return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
	}

	/**
	 * The kinds of events.
	 */
	enum Kind {

		/** A loan: all have the same fields. */
		LOAN("150 bytes, the same fields"),

		/** The last loans of a branch, half of which the event before does not have. */
		BRANCH("2 KB, resemble each other"),

		/** Words in random order, each as likely as any other. */
		REVIEW("2 KB, random words");

		private final String title;

		Kind(String title) {
			this.title = title;
		}

		String title() {
			return this.title;
		}

	}

}
