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

package io.github.springsse.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * The captured contexts of the thread that published a source.
 * <p>
 * <em>Invariant:</em> when {@link #run} returns or throws, each opened scope is closed,
 * in reverse order.
 */
final class CapturedContexts {

	private final CallerContext.Captured[] contexts;

	private CapturedContexts(List<CallerContext.Captured> contexts) {
		this.contexts = contexts.toArray(CallerContext.Captured[]::new);
	}

	static CapturedContexts of(List<CallerContext> contexts) {
		List<CallerContext.Captured> captured = new ArrayList<>(contexts.size());
		contexts.forEach((context) -> captured.add(context.capture()));
		return new CapturedContexts(captured);
	}

	/**
	 * Run a task of the source within the contexts.
	 * @param task the task
	 */
	void run(Runnable task) {
		run(task, 0);
	}

	private void run(Runnable task, int index) {
		if (index == this.contexts.length) {
			task.run();
			return;
		}
		try (CallerContext.Scope scope = this.contexts[index].open()) {
			run(task, index + 1);
		}
	}

}
