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

package io.github.springsse.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.spy;

/**
 * Tests for {@link Router}.
 */
class RouterTests {

	private final Router<String> router = new Router<>();

	@Test
	void findsTopicsAndPatterns() {
		subscribe("a/b", "exact");
		subscribe("a/*", "one");
		subscribe("a/**", "rest");
		subscribe("**", "all");
		subscribe("*/b", "first");
		subscribe("a/b/c", "longer");
		assertThat(route("a/b")).containsExactlyInAnyOrder("exact", "one", "rest", "all", "first");
		assertThat(route("a")).containsExactlyInAnyOrder("rest", "all");
		assertThat(route("a/b/c")).containsExactlyInAnyOrder("longer", "rest", "all");
		assertThat(route("x/y/z")).containsExactly("all");
	}

	@Test
	void streamMayUnsubscribeWhileItIsVisited() {
		Map<String, Router.Subscription<String>> subscriptions = new HashMap<>();
		for (String stream : List.of("a", "b", "c", "d", "e")) {
			subscriptions.put(stream, subscribe("topic", stream));
		}
		List<String> visited = new ArrayList<>();
		this.router.route(Topic.of("topic"), (stream) -> {
			visited.add(stream);
			if (!stream.equals("c")) {
				this.router.unsubscribe(subscriptions.get(stream));
			}
		});
		assertThat(visited).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
		assertThat(route("topic")).containsExactly("c");
	}

	@Test
	void keepsNothingOfThoseWhoHaveLeft() {
		List<Router.Subscription<String>> subscriptions = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			subscriptions.add(subscribe("topic/" + i + "/*/x/**", "stream" + i));
		}
		subscriptions.forEach(this.router::unsubscribe);
		assertThat(this.router.isEmpty()).isTrue();
	}

	/**
	 * To find that a pattern does not match, one has to look at the topic.
	 */
	@Test
	void doesNotLookAtWhatDoesNotMatchHoweverMuchThereIs() {
		subscribe("a/b", "exact");
		subscribe("a/*", "one");
		subscribe("*/b", "first");
		subscribe("**", "all");
		int alone = looksToRoute("a/b");
		for (int i = 0; i < 1000; i++) {
			for (String pattern : List.of("a/%d", "%d/b", "*/%d", "%d/*", "%d/**", "a/b/%d", "a/b/*/%d")) {
				subscribe(pattern.formatted(i), "other");
			}
		}
		assertThat(looksToRoute("a/b")).isEqualTo(alone);
	}

	/**
	 * As a client could choose them that gives topics their names.
	 */
	@Test
	void findsSegmentsThatHaveTheSameHash() {
		List<String> segments = List.of("AaAaAaAa", "BBBBBBBB", "AaBBAaBB", "BBAaBBAa", "AaAaBBBB", "BBBBAaAa",
				"AaBBBBAa", "BBAaAaBB", "AaAaAaBB", "AaAaBBAa", "AaBBAaAa", "BBAaAaAa");
		assertThat(segments).extracting(String::hashCode).containsOnly("AaAaAaAa".hashCode());
		segments.forEach((segment) -> subscribe("a/" + segment, segment));
		for (String segment : segments) {
			assertThat(route("a/" + segment)).containsExactly(segment);
		}
		assertThat(route("a/BBBBBBAa")).isEmpty();
	}

	@Test
	void agreesWithMatchingOneByOne() {
		for (long seed = 0; seed < 50; seed++) {
			Random random = new Random(seed);
			Router<Integer> router = new Router<>();
			Map<Integer, TopicPattern> patterns = new HashMap<>();
			Map<Integer, Router.Subscription<Integer>> subscriptions = new HashMap<>();
			for (int i = 0; i < 300; i++) {
				if (random.nextInt(3) == 0 && !patterns.isEmpty()) {
					Integer stream = patterns.keySet().iterator().next();
					patterns.remove(stream);
					router.unsubscribe(subscriptions.remove(stream));
				}
				else {
					patterns.put(i, TopicPattern.of(randomPath(random, true)));
					subscriptions.put(i, router.subscribe(patterns.get(i), i));
				}
				Topic topic = Topic.of(randomPath(random, false));
				List<Integer> routed = new ArrayList<>();
				router.route(topic, routed::add);
				List<Integer> expected = patterns.entrySet()
					.stream()
					.filter((entry) -> entry.getValue().matches(topic))
					.map(Map.Entry::getKey)
					.toList();
				assertThat(routed).as("seed %d, topic %s", seed, topic).containsExactlyInAnyOrderElementsOf(expected);
			}
		}
	}

	private static String randomPath(Random random, boolean wildcards) {
		List<String> segments = new ArrayList<>();
		int length = 1 + random.nextInt(4);
		for (int i = 0; i < length; i++) {
			boolean star = wildcards && random.nextInt(3) == 0;
			segments.add(star ? "*" : String.valueOf((char) ('a' + random.nextInt(3))));
		}
		if (wildcards && random.nextInt(4) == 0) {
			segments.add("**");
		}
		return String.join("/", segments);
	}

	private Router.Subscription<String> subscribe(String pattern, String stream) {
		return this.router.subscribe(TopicPattern.of(pattern), stream);
	}

	private int looksToRoute(String name) {
		Topic observed = spy(Topic.of(name));
		List<String> routed = new ArrayList<>();
		this.router.route(observed, routed::add);
		assertThat(routed).containsExactlyInAnyOrder("exact", "one", "first", "all");
		return mockingDetails(observed).getInvocations().size();
	}

	private List<String> route(String topic) {
		List<String> result = new ArrayList<>();
		this.router.route(Topic.of(topic), result::add);
		return result;
	}

}
