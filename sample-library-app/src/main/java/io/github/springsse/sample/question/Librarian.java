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

package io.github.springsse.sample.question;

import java.util.List;
import java.util.Objects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.stereotype.Component;

/**
 * Writes answers word by word, and stores each answer when it has ended. The counter
 * {@code library.answers} counts the answers that were begun.
 */
@Component
class Librarian {

	private final Research research;

	private final Questions questions;

	private final AnswerProperties properties;

	private final Counter answers;

	Librarian(Research research, Questions questions, AnswerProperties properties, MeterRegistry meters) {
		this.research = research;
		this.questions = questions;
		this.properties = properties;
		this.answers = meters.counter("library.answers");
	}

	/**
	 * Return the words of the answer to a question.
	 * <p>
	 * NOTE: an answer is stored before its end is published, so a page that has seen the
	 * end finds it. An answer that is stopped is stored after its end: clients do not
	 * wait for the source.
	 */
	Flux<String> answer(Question question) {
		// A cancellation comes on another thread than the words
		StringBuffer written = new StringBuffer();
		return Flux.fromIterable(wordsOf(this.research.about(question.text())))
			.delayElements(this.properties.pace(), Schedulers.boundedElastic())
			.doOnSubscribe((subscription) -> this.answers.increment())
			.doOnNext(written::append)
			.doOnComplete(() -> store(question, written, true))
			.doOnCancel(() -> store(question, written, false));
	}

	private void store(Question question, StringBuffer written, boolean complete) {
		this.questions.storeAnswer(Objects.requireNonNull(question.id()), written.toString(), complete);
	}

	/**
	 * Return the words, each with the space or line break after it.
	 */
	private static List<String> wordsOf(String text) {
		return List.of(text.split("(?<=\\s)(?=\\S)"));
	}

}
