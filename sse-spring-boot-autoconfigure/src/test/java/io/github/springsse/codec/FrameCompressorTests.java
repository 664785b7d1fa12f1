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

package io.github.springsse.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.Inflater;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FrameCompressor}: the JDK's {@link Inflater} gives back each frame as
 * soon as it has its bytes.
 */
class FrameCompressorTests {

	private final FrameCompressor compressor = new FrameCompressor(6, 100);

	private final Inflater inflater = new Inflater(true);

	@ParameterizedTest
	@ValueSource(ints = { 1, 99, 100, 137, 2048, 65_535, 65_536, 300_000 })
	void framesAreWholeAsSoonAsTheyHaveArrived(int size) throws Exception {
		Frame words = text(size);
		Frame noise = noise(size);
		for (int i = 0; i < 3; i++) {
			assertThat(inflate(this.compressor.compress(words))).isEqualTo(words.toByteArray());
			assertThat(inflate(FrameCompressor.store(noise))).isEqualTo(noise.toByteArray());
			assertThat(inflate(this.compressor.compress(noise))).isEqualTo(noise.toByteArray());
		}
	}

	@Test
	void frameRefersBackToTheOnesJustBeforeIt() throws Exception {
		Frame one = Frame
			.of("id: 1\ndata: {\"title\":\"The Name of the Rose\",\"member\":\"emma\",\"due\":\"2026-12-01\"}\n\n");
		Frame two = Frame.of("id: 2\ndata: {\"title\":\"The Trial\",\"member\":\"emma\",\"due\":\"2026-12-02\"}\n\n");
		CompressedFrame alone = this.compressor.compress(two);
		CompressedFrame following = this.compressor.compress(two, List.of(one));
		assertThat(following.size()).isLessThan(alone.size() / 2);
		inflate(this.compressor.compress(text(5000)));
		inflate(FrameCompressor.store(one));
		assertThat(inflate(following)).isEqualTo(two.toByteArray());
	}

	@Test
	void smallFrameIsStored() {
		assertThat(this.compressor.compress(text(99)).size()).isEqualTo(99 + 5);
	}

	@Test
	void noiseHardlyGrows() {
		assertThat(this.compressor.compress(noise(100_000)).size()).isLessThan(100_100);
	}

	private byte[] inflate(Frame frame) throws Exception {
		this.inflater.setInput(frame.toByteArray());
		ByteArrayOutputStream result = new ByteArrayOutputStream();
		byte[] buffer = new byte[4096];
		int count;
		while ((count = this.inflater.inflate(buffer)) > 0) {
			result.write(buffer, 0, count);
		}
		assertThat(this.inflater.getRemaining()).as("rest").isZero();
		return result.toByteArray();
	}

	private static Frame text(int size) {
		byte[] words = "data: the quick brown fox jumps over the lazy dog and other words\n\n"
			.getBytes(StandardCharsets.US_ASCII);
		byte[] result = new byte[size];
		for (int i = 0; i < size; i++) {
			result[i] = words[(i * 7 + i / 13) % words.length];
		}
		return new Frame(result);
	}

	private static Frame noise(int size) {
		byte[] result = new byte[size];
		new Random(size).nextBytes(result);
		return new Frame(result);
	}

}
