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

import java.util.EnumSet;
import java.util.Set;

/**
 * A server to measure: a program as {@code io.github.springsse.bench.server} describes
 * it.
 *
 * @param name a short name
 * @param title how tables call it
 * @param publisher how the client has it publish: a name of
 * {@code io.github.springsse.bench.client.Publisher}
 * @param features what it can do beside sending all events to all streams
 * @param shapes what it takes part in, if it can
 * @param launcher finds its command
 */
record Server(String name, String title, String publisher, Set<Feature> features, Set<Shape> shapes, Launcher launcher) {

	/** Has a control port. */
	static final String CONTROL = "control";

	/** Nchan. */
	static final String NCHAN = "nchan";

	static Server of(String name, String title, String publisher, Launcher launcher, Feature... features) {
		Set<Feature> set = EnumSet.noneOf(Feature.class);
		set.addAll(Set.of(features));
		return new Server(name, title, publisher, set, EnumSet.allOf(Shape.class), launcher);
	}

	/** The same for some shapes alone. */
	Server only(Shape first, Shape... others) {
		return new Server(this.name, this.title, this.publisher, this.features, EnumSet.of(first, others),
				this.launcher);
	}

	/** Whether it takes part in a shape. */
	boolean can(Shape shape) {
		return this.shapes.contains(shape) && this.features.containsAll(shape.features());
	}

	@Override
	public String toString() {
		return this.name;
	}

}
