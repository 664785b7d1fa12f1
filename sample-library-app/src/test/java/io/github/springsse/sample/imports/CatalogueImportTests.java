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

import java.util.List;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.NewBook;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link CatalogueImport}.
 */
class CatalogueImportTests {

	private static final NewBook SHIRLEY = new NewBook("9780141439860", 1849, "Charlotte Brontë", "Shirley");

	private static final NewBook VILLETTE = new NewBook("9780140434798", 1853, "Charlotte Brontë", "Villette");

	private final Catalogue catalogue = mock(Catalogue.class);

	private final SseOperations sse = mock(SseOperations.class);

	private final CatalogueImport books = new CatalogueImport(List.of(SHIRLEY, VILLETTE), this.catalogue, this.sse);

	private final String topic = "imports/" + this.books.id();

	@Test
	void eachBookIsToldAndThenTheEnd() {
		given(this.catalogue.add(SHIRLEY)).willReturn(true);
		this.books.importNext();
		assertThat(this.books.isRunning()).isTrue();
		this.books.importNext();
		assertThat(this.books.isRunning()).isFalse();

		ImportLine first = new ImportLine(1, "Shirley", "Charlotte Brontë", true);
		ImportLine second = new ImportLine(2, "Villette", "Charlotte Brontë", false);
		ImportProgress end = new ImportProgress(2, 2, 1, 1, "Villette");
		assertThat(published()).extracting(SseEvent::getName)
			.containsExactly("progress", "line", "progress", "line", "done");
		assertThat(published()).extracting(SseEvent::getData)
			.containsExactly(new ImportProgress(1, 2, 1, 0, "Shirley"), first, end, second, end);
		assertThat(this.books.state()).isEqualTo(new ImportState(false, end, List.of(first, second)));
		InOrder order = inOrder(this.sse);
		order.verify(this.sse, atLeastOnce()).publish(eq(this.topic), any(SseEvent.class));
		order.verify(this.sse).complete(this.topic);
		order.verifyNoMoreInteractions();
	}

	@Test
	void importEndsWithABookThatFails() {
		given(this.catalogue.add(VILLETTE)).willThrow(new IllegalStateException("out of shelves"));
		this.books.importNext();
		assertThatIllegalStateException().isThrownBy(this.books::importNext);
		assertThat(this.books.isRunning()).isFalse();
		assertThat(published()).extracting(SseEvent::getName).containsExactly("progress", "line", "done");
		then(this.sse).should().complete(this.topic);
	}

	private List<SseEvent> published() {
		ArgumentCaptor<SseEvent> events = ArgumentCaptor.forClass(SseEvent.class);
		then(this.sse).should(atLeastOnce()).publish(eq(this.topic), events.capture());
		return events.getAllValues();
	}

}
