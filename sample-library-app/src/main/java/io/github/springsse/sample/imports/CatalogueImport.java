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

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.NewBook;

/**
 * One import, and its topic <code>imports/{id}</code>: for each book the events
 * {@code progress} and {@code line}, then {@code done}, and the end of the topic.
 */
class CatalogueImport {

	private final String id = UUID.randomUUID().toString();

	private final List<NewBook> books;

	private final Catalogue catalogue;

	private final SseOperations sse;

	// Guarded by this
	private final List<ImportLine> lines = new ArrayList<>();

	private boolean running = true;

	CatalogueImport(List<NewBook> books, Catalogue catalogue, SseOperations sse) {
		this.books = books;
		this.catalogue = catalogue;
		this.sse = sse;
	}

	String id() {
		return this.id;
	}

	synchronized boolean isRunning() {
		return this.running;
	}

	synchronized ImportState state() {
		return new ImportState(this.running, progress(), List.copyOf(this.lines));
	}

	/**
	 * Import the next book. Called by one thread at a time. The import ends after the
	 * last book or a failure.
	 */
	void importNext() {
		boolean more = false;
		try {
			int number = state().progress().done() + 1;
			importBook(number, this.books.get(number - 1));
			more = number < this.books.size();
		}
		finally {
			if (!more) {
				end();
			}
		}
	}

	/**
	 * NOTE: the state changes before the event is published. So a snapshot contains
	 * everything that was published before it. It may also contain lines that are
	 * published after it; clients recognise them by their numbers.
	 */
	private void importBook(int number, NewBook book) {
		boolean added = this.catalogue.add(book);
		ImportLine line = new ImportLine(number, book.title(), book.author(), added);
		synchronized (this) {
			this.lines.add(line);
		}
		publish("progress", state().progress());
		publish("line", line);
	}

	private void end() {
		synchronized (this) {
			this.running = false;
		}
		publish("done", state().progress());
		this.sse.complete(topic());
	}

	private void publish(String event, Object data) {
		this.sse.publish(topic(), SseEvent.of(event, data));
	}

	private String topic() {
		return "imports/" + this.id;
	}

	private ImportProgress progress() {
		int done = this.lines.size();
		int added = (int) this.lines.stream().filter(ImportLine::added).count();
		String title = this.lines.isEmpty() ? null : this.lines.get(done - 1).title();
		return new ImportProgress(done, this.books.size(), added, done - added, title);
	}

}
