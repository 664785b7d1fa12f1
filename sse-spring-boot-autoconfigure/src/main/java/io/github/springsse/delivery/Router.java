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

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * Topic to streams: a tree with a level for each segment. Finding the streams of a topic
 * looks at the nodes that match it and at nothing else, so its cost does not depend on
 * how many other topics there are. Nodes that nobody is subscribed to any more are
 * removed. Owned by one thread.
 *
 * @param <S> the streams
 */
final class Router<S> {

	private static final Segment ONE = new Segment(TopicPattern.ONE);

	private static final Segment REST = new Segment(TopicPattern.REST);

	private final Node<S> root = new Node<>(null, new Segment(""));

	/** The segment that is looked for. */
	private final Segment wanted = new Segment("");

	/**
	 * Subscribe a stream.
	 * @return what {@link #unsubscribe} takes
	 */
	Subscription<S> subscribe(TopicPattern pattern, S stream) {
		Node<S> node = this.root;
		for (String segment : pattern.segments()) {
			node = node.child(new Segment(segment));
		}
		return node.subscriptions.add(node, stream);
	}

	void unsubscribe(Subscription<S> subscription) {
		Node<S> node = subscription.node;
		node.subscriptions.remove(subscription);
		node.prune();
	}

	/**
	 * Hand every subscription that matches a topic to an action, which may unsubscribe
	 * the stream that it is called with, and no other. A stream with several
	 * subscriptions that match is handed over for each.
	 */
	void route(Topic topic, Consumer<S> action) {
		route(this.root, topic, 0, action);
	}

	boolean isEmpty() {
		return this.root.children.isEmpty();
	}

	private void route(Node<S> node, Topic topic, int start, Consumer<S> action) {
		Node<S> rest = node.children.get(REST);
		if (rest != null) {
			rest.subscriptions.forEach(action);
		}
		String name = topic.toString();
		if (start > name.length()) {
			node.subscriptions.forEach(action);
			return;
		}
		if (node.children.isEmpty()) {
			return;
		}
		int end = topic.segmentEnd(start);
		Node<S> exact = node.children.get(this.wanted.set(name, start, end));
		if (exact != null) {
			route(exact, topic, end + 1, action);
		}
		Node<S> one = node.children.get(ONE);
		if (one != null) {
			route(one, topic, end + 1, action);
		}
	}

	/**
	 * One stream at one node.
	 *
	 * @param <S> the streams
	 */
	static final class Subscription<S> {

		private final Node<S> node;

		private final S stream;

		private int index;

		private Subscription(Node<S> node, S stream, int index) {
			this.node = node;
			this.stream = stream;
			this.index = index;
		}

	}

	/**
	 * A segment of patterns, and what comes after it.
	 *
	 * @param <S> the streams
	 */
	private static final class Node<S> {

		private final @Nullable Node<S> parent;

		private final Segment segment;

		private Map<Segment, Node<S>> children = Map.of();

		private final Subscriptions<S> subscriptions = new Subscriptions<>();

		Node(@Nullable Node<S> parent, Segment segment) {
			this.parent = parent;
			this.segment = segment;
		}

		Node<S> child(Segment segment) {
			if (this.children.isEmpty()) {
				this.children = new HashMap<>(4);
			}
			return this.children.computeIfAbsent(segment, (key) -> new Node<>(this, key));
		}

		void prune() {
			Node<S> node = this;
			Node<S> above = node.parent;
			while (above != null && node.children.isEmpty() && node.subscriptions.isEmpty()) {
				above.children.remove(node.segment);
				node = above;
				above = node.parent;
			}
		}

	}

	/**
	 * Array of subscriptions, each of which knows its place: adding and removing cost the
	 * same however many there are.
	 *
	 * @param <S> the streams
	 */
	private static final class Subscriptions<S> {

		private static final Subscription<?>[] NONE = {};

		private @Nullable Subscription<?>[] array = NONE;

		private int size;

		Subscription<S> add(Node<S> node, S stream) {
			if (this.size == this.array.length) {
				this.array = Arrays.copyOf(this.array, Math.max(1, 2 * this.size));
			}
			Subscription<S> subscription = new Subscription<>(node, stream, this.size);
			this.array[this.size++] = subscription;
			return subscription;
		}

		void remove(Subscription<S> subscription) {
			Subscription<?> last = this.array[--this.size];
			this.array[this.size] = null;
			if (last != null && last != subscription) {
				last.index = subscription.index;
				this.array[subscription.index] = last;
			}
			if (this.size < this.array.length / 4) {
				this.array = Arrays.copyOf(this.array, this.array.length / 2);
			}
		}

		/**
		 * NOTE: from the last to the first, so that a subscription that is removed while
		 * it is visited is replaced by one that was visited already.
		 */
		@SuppressWarnings("unchecked")
		void forEach(Consumer<S> action) {
			for (int i = this.size - 1; i >= 0; i--) {
				Subscription<?> subscription = this.array[i];
				if (subscription != null) {
					action.accept((S) subscription.stream);
				}
			}
		}

		boolean isEmpty() {
			return this.size == 0;
		}

	}

}
