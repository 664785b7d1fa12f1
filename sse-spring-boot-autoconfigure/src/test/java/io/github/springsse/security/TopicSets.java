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

package io.github.springsse.security;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sets of the topics that match a pattern, computed with regular expressions.
 */
final class TopicSets {

	private TopicSets() {
	}

	/**
	 * Return all paths of some segments.
	 */
	static List<String> paths(List<String> segments, int longest) {
		List<String> result = new ArrayList<>(segments);
		List<String> last = segments;
		for (int i = 1; i < longest; i++) {
			last = last.stream().flatMap((path) -> segments.stream().map((segment) -> path + "/" + segment)).toList();
			result.addAll(last);
		}
		return result;
	}

	/**
	 * Return all patterns of some segments, with {@code **} at the end and without. Each
	 * has variables of its own.
	 */
	static List<String> patterns(List<String> segments, int longest) {
		Set<String> result = new LinkedHashSet<>(List.of("**"));
		for (String path : paths(segments, longest)) {
			String numbered = path;
			for (int i = 0; numbered.contains("{v}"); i++) {
				numbered = numbered.replaceFirst("\\{v}", "{v" + i + "}");
			}
			result.add(numbered);
			result.add(numbered + "/**");
		}
		return List.copyOf(result);
	}

	/**
	 * Return all words of some letters.
	 */
	static List<String> words(String letters, int longest) {
		List<String> alphabet = Arrays.asList(letters.split(""));
		return paths(alphabet, longest).stream().map((path) -> path.replace("/", "")).toList();
	}

	static Map<String, BitSet> matching(List<String> patterns, List<String> topics) {
		Map<String, BitSet> result = new LinkedHashMap<>();
		for (String pattern : patterns) {
			result.put(pattern, matching(pattern, topics));
		}
		return result;
	}

	static BitSet matching(String pattern, List<String> topics) {
		Pattern regex = regex(pattern);
		BitSet result = new BitSet();
		for (int i = 0; i < topics.size(); i++) {
			result.set(i, regex.matcher(topics.get(i)).matches());
		}
		return result;
	}

	/**
	 * Return the expression of a pattern, with a group of the same name for each
	 * variable.
	 */
	static Pattern regex(String pattern) {
		if (pattern.equals("**")) {
			return Pattern.compile(".+");
		}
		boolean open = pattern.endsWith("/**");
		String path = open ? pattern.substring(0, pattern.length() - 3) : pattern;
		String result = Arrays.stream(path.split("/"))
			.map((segment) -> segment.replace("*", "[^/]+").replaceAll("\\{(\\w+)}", "(?<$1>[^/]+)"))
			.collect(Collectors.joining("/"));
		return Pattern.compile(open ? result + "(/.+)?" : result);
	}

	static boolean contains(BitSet set, BitSet subset) {
		BitSet rest = (BitSet) subset.clone();
		rest.andNot(set);
		return rest.isEmpty();
	}

}
