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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One shape on one server in one round.
 *
 * @param server the name of the server
 * @param shape what happened
 * @param round the round, from 1
 * @param figures what was found
 * @param failure why there is no more, if that is so
 */
record Measurement(String server, Shape shape, int round, Map<Metric, Double> figures, @Nullable String failure) {

	/** How much others disturbed. */
	double otherProcessors() {
		return this.figures.getOrDefault(Metric.OTHERS, 0.0);
	}

}
