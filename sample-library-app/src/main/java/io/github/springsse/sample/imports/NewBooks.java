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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.springsse.sample.catalogue.NewBook;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * Reads the books to import from the file {@code new-books.csv}.
 */
@Component
class NewBooks {

	private static final ClassPathResource FILE = new ClassPathResource("new-books.csv");

	List<NewBook> read() {
		try {
			return FILE.getContentAsString(StandardCharsets.UTF_8).lines().skip(1).map(NewBooks::parse).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static NewBook parse(String line) {
		String[] values = line.split(",", 4);
		return new NewBook(values[0], Integer.parseInt(values[1]), values[2], values[3]);
	}

}
