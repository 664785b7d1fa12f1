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

package io.github.springsse.sample.imports;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import io.github.springsse.SseOperations;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.web.NotFoundException;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.TriggerContext;
import org.springframework.stereotype.Service;

/**
 * Imports books in the background, one after the other with a pause in between, and
 * remembers the last few imports.
 */
@Service
class Imports {

	private static final int REMEMBERED = 10;

	private final NewBooks books;

	private final Catalogue catalogue;

	private final TaskScheduler scheduler;

	private final SseOperations sse;

	private final ImportProperties properties;

	// Guarded by this; the newest first
	private final Deque<CatalogueImport> imports = new ArrayDeque<>();

	Imports(NewBooks books, Catalogue catalogue, TaskScheduler scheduler, SseOperations sse,
			ImportProperties properties) {
		this.books = books;
		this.catalogue = catalogue;
		this.scheduler = scheduler;
		this.sse = sse;
		this.properties = properties;
	}

	/**
	 * Start an import, unless one is running.
	 * @return the import that is running
	 */
	synchronized CatalogueImport start() {
		CatalogueImport newest = this.imports.peekFirst();
		if (newest != null && newest.isRunning()) {
			return newest;
		}
		CatalogueImport started = new CatalogueImport(this.books.read(), this.catalogue, this.sse);
		this.imports.addFirst(started);
		if (this.imports.size() > REMEMBERED) {
			this.imports.removeLast();
		}
		this.scheduler.schedule(started::importNext, (context) -> nextTime(started, context));
		return started;
	}

	synchronized CatalogueImport find(String id) {
		return this.imports.stream()
			.filter((candidate) -> candidate.id().equals(id))
			.findAny()
			.orElseThrow(() -> new NotFoundException("There is no import '%s'".formatted(id)));
	}

	private @Nullable Instant nextTime(CatalogueImport started, TriggerContext context) {
		return started.isRunning() ? Instant.now().plus(this.properties.pause()) : null;
	}

}
