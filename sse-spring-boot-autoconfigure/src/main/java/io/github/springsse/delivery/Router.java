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
 * Finds the streams that are subscribed to a topic: a tree with a level for each segment.
 * A look-up visits only the nodes that match the topic, so its cost does not depend on
 * the number of other topics. Nodes without subscriptions are removed. Owned by one
 * thread.
 *
 * @param <S> the type of the streams
 */
final class Router<S> {

	private static final Segment ONE = new Segment(TopicPattern.ONE);

	private static final Segment REST = new Segment(TopicPattern.REST);

	private final Node<S> root = new Node<>(null, new Segment(""));

	/** The segment of the current look-up. */
	private final Segment wanted = new Segment("");

	/**
	 * Subscribe a stream.
	 * @return the subscription, to be passed to {@link #unsubscribe}
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
	 * Call an action for every subscription that matches a topic. The action may
	 * unsubscribe its stream, but no other. It is called once for each matching
	 * subscription of a stream.
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
	 * The subscription of a stream to a pattern.
	 *
	 * @param <S> the type of the streams
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
	 * A node of the tree: a segment of patterns, with its child nodes and subscriptions.
	 *
	 * @param <S> the type of the streams
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
	 * An array of subscriptions, each of which knows its index, so that adding and
	 * removing take constant time.
	 *
	 * @param <S> the type of the streams
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
		 * NOTE: from the last to the first, so that a subscription that is removed during
		 * its visit is replaced by one that was already visited.
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
