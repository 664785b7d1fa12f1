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

package io.github.springsse.delivery;

/**
 * A segment of a topic or pattern as key of a map. To look for one it need not be taken
 * out of its topic. Its hash is the one that a {@code String} would have; segments with
 * the same hash are compared, so that a map finds them however many there are.
 */
final class Segment implements Comparable<Segment> {

	/** What it is part of. */
	private String text;

	private int start;

	private int end;

	private int hash;

	/**
	 * Create a key.
	 * @param segment the segment
	 */
	Segment(String segment) {
		this.text = segment;
		set(segment, 0, segment.length());
	}

	/**
	 * Become another segment, which a key that is in a map must not.
	 * @param text what it is part of
	 * @param start where it starts
	 * @param end the index after its last character
	 * @return this key
	 */
	Segment set(String text, int start, int end) {
		int hash = 0;
		for (int i = start; i < end; i++) {
			hash = 31 * hash + text.charAt(i);
		}
		this.text = text;
		this.start = start;
		this.end = end;
		this.hash = hash;
		return this;
	}

	private int length() {
		return this.end - this.start;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof Segment that && this.hash == that.hash && length() == that.length()
				&& this.text.regionMatches(this.start, that.text, that.start, length()));
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	@Override
	public int compareTo(Segment other) {
		int length = Math.min(length(), other.length());
		for (int i = 0; i < length; i++) {
			int result = Character.compare(this.text.charAt(this.start + i), other.text.charAt(other.start + i));
			if (result != 0) {
				return result;
			}
		}
		return Integer.compare(length(), other.length());
	}

}
