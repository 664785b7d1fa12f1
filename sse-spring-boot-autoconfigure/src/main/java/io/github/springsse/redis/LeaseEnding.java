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

package io.github.springsse.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.springsse.log.LogEntry;

/**
 * Binary format of the entries that are stored with a lease, and that another node
 * appends to end its topic: the number of entries, and for each entry the number of
 * fields and the fields of {@link MessageFormat}, each preceded by its length.
 */
final class LeaseEnding {

	private LeaseEnding() {
	}

	/**
	 * Write entries.
	 * @return the bytes, empty if there are no entries
	 */
	static byte[] write(List<LogEntry> entries) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		if (entries.isEmpty()) {
			return bytes.toByteArray();
		}
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeInt(entries.size());
			for (LogEntry entry : entries) {
				Map<byte[], byte[]> fields = MessageFormat.write(Message.of(entry, null));
				out.writeInt(fields.size());
				for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
					write(out, field.getKey());
					write(out, field.getValue());
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

	private static void write(DataOutputStream out, byte[] value) throws IOException {
		out.writeInt(value.length);
		out.write(value);
	}

	/**
	 * Read entries.
	 * @return the entries, empty if they cannot be read because a node of another version
	 * has written them
	 */
	static List<LogEntry> read(byte[] bytes) {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
			int entries = in.readInt();
			List<LogEntry> result = new ArrayList<>();
			for (int i = 0; i < entries; i++) {
				int count = in.readInt();
				Map<byte[], byte[]> fields = new LinkedHashMap<>();
				for (int field = 0; field < count; field++) {
					fields.put(value(in), value(in));
				}
				LogEntry entry = MessageFormat.read(fields).entry();
				if (entry == null) {
					return List.of();
				}
				result.add(entry);
			}
			return result;
		}
		catch (IOException | MessageFormat.UnknownMessageException ex) {
			return List.of();
		}
	}

	private static byte[] value(DataInputStream in) throws IOException {
		return in.readNBytes(in.readInt());
	}

}
