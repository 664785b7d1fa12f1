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

/**
 * The result of importing one book. A client that has the line from the snapshot
 * recognises it by its number.
 *
 * @param number the number of the book, from 1
 * @param title the title
 * @param author the author
 * @param added whether the book was added; otherwise the library already had it
 */
record ImportLine(int number, String title, String author, boolean added) {

}
