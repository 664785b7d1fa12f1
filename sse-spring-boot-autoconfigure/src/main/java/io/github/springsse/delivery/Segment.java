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
 * A segment of a topic or pattern, as the key of a map. A look-up does not copy the
 * segment out of its topic. The hash code is that of the equal {@code String}. Segments
 * are comparable, so that a map finds one quickly even among many with the same hash
 * code.
 */
final class Segment implements Comparable<Segment> {

	/** The topic or pattern. */
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
	 * Change this to another segment. Must not be called for a key that is in a map.
	 * @param text the topic
	 * @param start the index of the first character
	 * @param end the index after the last character
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
