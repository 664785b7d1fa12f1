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

package io.github.springsse.autoconfigure;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Checks the sizes of buffers of properties.
 */
final class BufferSize {

	private BufferSize() {
	}

	/**
	 * Check a size.
	 * @param name the property
	 * @param size its value
	 * @param smallest the lower bound, below which the buffer would be too slow
	 * @param largest the upper bound, above which the value must be a mistake
	 * @return the size in bytes
	 * @throws InvalidConfigurationPropertyValueException if it is outside of these bounds
	 */
	static int checked(String name, DataSize size, DataSize smallest, DataSize largest) {
		if (size.compareTo(smallest) < 0 || size.compareTo(largest) > 0) {
			throw new InvalidConfigurationPropertyValueException(name, size,
					"It must be from " + smallest + " to " + largest);
		}
		return (int) size.toBytes();
	}

}
