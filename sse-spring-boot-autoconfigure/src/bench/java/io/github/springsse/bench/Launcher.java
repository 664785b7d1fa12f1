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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes a server ready to be started. Nothing is installed on the machine.
 */
interface Launcher {

	/**
	 * Prepare whatever the server needs.
	 * @param directory for files of its own
	 * @return the command that starts it
	 * @throws UnavailableException if this machine cannot run it
	 */
	List<String> prepare(Path directory) throws IOException, UnavailableException;

}
