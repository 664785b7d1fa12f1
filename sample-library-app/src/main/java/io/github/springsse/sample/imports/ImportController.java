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

import java.net.URI;
import java.util.function.Supplier;

import io.github.springsse.SseTopic;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/catalogue/imports")
class ImportController {

	private final Imports imports;

	ImportController(Imports imports) {
		this.imports = imports;
	}

	@PostMapping
	ResponseEntity<ImportState> start() {
		CatalogueImport started = this.imports.start();
		return ResponseEntity.accepted()
			.location(URI.create("/catalogue/imports/" + started.id()))
			.body(started.state());
	}

	@GetMapping("/{id}")
	ImportState state(@PathVariable String id) {
		return this.imports.find(id).state();
	}

	/**
	 * A feed that ends. Each request checks that the import exists. The supplier is
	 * called only for clients that need a snapshot, and not for clients that resume with
	 * their last event id.
	 */
	@GetMapping("/{id}/feed")
	@SseTopic("imports/{id}")
	Supplier<ImportState> feed(@PathVariable String id) {
		return this.imports.find(id)::state;
	}

}
