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

import org.jspecify.annotations.Nullable;

/**
 * The progress of an import.
 *
 * @param done the number of processed books
 * @param total the number of all books
 * @param added the number of added books
 * @param skipped the number of books that the library already had
 * @param title the title of the last processed book, if there was one
 */
record ImportProgress(int done, int total, int added, int skipped, @Nullable String title) {

}
