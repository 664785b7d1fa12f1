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

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import com.sun.management.ThreadMXBean;
import org.assertj.core.api.AbstractByteArrayAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventStreamEncoder}: exact bytes.
 */
class EventStreamEncoderTests {

	@Test
	void writesIdThenNameThenDataThenBlankLine() {
		assertThatFrame(EventStreamEncoder.event("7", "borrowed", "{\"book\":1}"))
			.isEqualTo(bytes("id: 7\nevent: borrowed\ndata: {\"book\":1}\n\n"));
	}

	@Test
	void writesNoIdLineWithoutId() {
		assertThatFrame(EventStreamEncoder.event(null, "borrowed", "x"))
			.isEqualTo(bytes("event: borrowed\ndata: x\n\n"));
	}

	@Test
	void writesEmptyIdWhichResetsTheLastOne() {
		assertThatFrame(EventStreamEncoder.event("", null, "x")).isEqualTo(bytes("id: \ndata: x\n\n"));
	}

	@Test
	void writesNoEventLineForTheDefaultType() {
		assertThatFrame(EventStreamEncoder.event("7", null, "x")).isEqualTo(bytes("id: 7\ndata: x\n\n"));
		assertThatFrame(EventStreamEncoder.event("7", "", "x")).isEqualTo(bytes("id: 7\ndata: x\n\n"));
	}

	@Test
	void keepsWhateverElseIsInIdAndName() {
		assertThatFrame(EventStreamEncoder.event(" urn:a: b ", "\tdata: x: ", "y"))
			.isEqualTo(bytes("id:  urn:a: b \nevent: \tdata: x: \ndata: y\n\n"));
	}

	@Test
	void writesOneDataLineForEmptyData() {
		assertThatFrame(EventStreamEncoder.event(null, null, "")).isEqualTo(bytes("data: \n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\rb", "a\r\nb" })
	void splitsDataOnEveryLineEnd(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: a\ndata: b\n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\n\nb", "a\r\rb", "a\r\n\r\nb", "a\n\rb", "a\r\n\nb", "a\r\r\nb" })
	void keepsBlankLinesInData(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: a\ndata: \ndata: b\n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\n", "a\r", "a\r\n" })
	void keepsLineEndAtTheEndOfData(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: a\ndata: \n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\na", "\ra", "\r\na" })
	void keepsLineEndAtTheStartOfData(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: \ndata: a\n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r", "\r\n" })
	void writesTwoDataLinesForALoneLineEnd(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: \ndata: \n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\u2028b", "a\u2029b", "a\u0085b", "a\u000Bb", "a\fb" })
	void splitsDataOnNothingElse(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: " + data + "\n\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { " a", "  a ", "\ta", " ", ":a", ": a" })
	void keepsSpaceTabAndColonAtTheStartOfData(String data) {
		assertThatFrame(EventStreamEncoder.event(null, null, data)).isEqualTo(bytes("data: " + data + "\n\n"));
	}

	@Test
	void keepsDataThatLooksLikeFieldsInData() {
		assertThatFrame(EventStreamEncoder.event("1", null, "x\nid: 2\revent: y\r\n\r\n: z\ndata: w"))
			.isEqualTo(bytes("id: 1\ndata: x\ndata: id: 2\ndata: event: y\ndata: \ndata: : z\ndata: data: w\n\n"));
	}

	@Test
	void keepsNulInData() {
		assertThatFrame(EventStreamEncoder.event(null, null, "a\0b"))
			.isEqualTo(new byte[] { 'd', 'a', 't', 'a', ':', ' ', 'a', 0, 'b', '\n', '\n' });
	}

	@Test
	void keepsByteOrderMarkInDataAndWritesNoneOfItsOwn() {
		assertThatFrame(EventStreamEncoder.event(null, null, "\uFEFFa\uFEFF"))
			.isEqualTo(hex("646174613a20 efbbbf 61 efbbbf 0a0a"));
		assertThatFrame(EventStreamEncoder.event(null, "\uFEFF", "a"))
			.isEqualTo(hex("6576656e743a20 efbbbf 0a 646174613a2061 0a0a"));
		assertThatFrame(EventStreamEncoder.position("\uFEFF", "cursor"))
			.isEqualTo(hex("69643a20 efbbbf 0a 6576656e743a20637572736f72 0a 64617461 0a0a"));
		assertThatFrame(EventStreamEncoder.comment("\uFEFF")).isEqualTo(hex("3a20 efbbbf 0a"));
	}

	@ParameterizedTest
	@CsvSource({ "0, 000A", "3, 000A", "0, 000D", "3, 000D", "0, 0000", "3, 0000" })
	void refusesLineEndsAndNulInId(int position, String character) {
		String id = "x".repeat(position) + (char) Integer.parseInt(character, 16) + "y\n";
		String message = "'id' must not have CR, LF or NUL: U+%s at position %d".formatted(character, position);
		assertThatIllegalArgumentException().isThrownBy(() -> EventStreamEncoder.event(id, "name", "data"))
			.withMessage(message);
		assertThatIllegalArgumentException().isThrownBy(() -> EventStreamEncoder.position(id, "cursor"))
			.withMessage(message);
	}

	@ParameterizedTest
	@CsvSource({ "0, 000A", "3, 000A", "0, 000D", "3, 000D", "0, 0000", "3, 0000" })
	void refusesLineEndsAndNulInName(int position, String character) {
		String name = "x".repeat(position) + (char) Integer.parseInt(character, 16) + "y\n";
		assertThatIllegalArgumentException().isThrownBy(() -> EventStreamEncoder.event("id", name, "data"))
			.withMessage("'name' must not have CR, LF or NUL: U+%s at position %d".formatted(character, position));
	}

	@Test
	void positionIsAnEventWithoutData() {
		assertThatFrame(EventStreamEncoder.position("5", "cursor")).isEqualTo(bytes("id: 5\nevent: cursor\ndata\n\n"));
	}

	@Test
	void commentStartsEveryLineWithAColon() {
		assertThatFrame(EventStreamEncoder.comment("")).isEqualTo(bytes(": \n"));
		assertThatFrame(EventStreamEncoder.comment("a")).isEqualTo(bytes(": a\n"));
		assertThatFrame(EventStreamEncoder.comment("a\ndata: b\rid: c\r\nretry: 1\n\nd\n"))
			.isEqualTo(bytes(": a\n: data: b\n: id: c\n: retry: 1\n: \n: d\n: \n"));
	}

	@Test
	void commentKeepsNulAndEveryOtherCharacter() {
		assertThatFrame(EventStreamEncoder.comment(" \0\u2028\uD83D\uDE00"))
			.isEqualTo(hex("3a2020 00 e280a8 f09f9880 0a"));
	}

	@Test
	void retryIsInMilliseconds() {
		assertThatFrame(EventStreamEncoder.retry(Duration.ZERO)).isEqualTo(bytes("retry: 0\n"));
		assertThatFrame(EventStreamEncoder.retry(Duration.ofNanos(1_999_999))).isEqualTo(bytes("retry: 1\n"));
		assertThatFrame(EventStreamEncoder.retry(Duration.ofSeconds(3))).isEqualTo(bytes("retry: 3000\n"));
		assertThatFrame(EventStreamEncoder.retry(Duration.ofMillis(Long.MAX_VALUE)))
			.isEqualTo(bytes("retry: 9223372036854775807\n"));
	}

	@Test
	void retryIsInAsciiDigitsWhateverTheLocale() {
		Locale locale = Locale.getDefault();
		Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
		try {
			assertThat("%d".formatted(3)).isEqualTo("\u0663");
			assertThatFrame(EventStreamEncoder.retry(Duration.ofMillis(1234567))).isEqualTo(bytes("retry: 1234567\n"));
		}
		finally {
			Locale.setDefault(locale);
		}
	}

	@Test
	void refusesNegativeRetry() {
		assertThatIllegalArgumentException().isThrownBy(() -> EventStreamEncoder.retry(Duration.ofNanos(-1)))
			.withMessage("'delay' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> EventStreamEncoder.retry(Duration.ofDays(-1)));
	}

	@ParameterizedTest
	@CsvSource({ "0001, 01", "007F, 7f", "0080, c280", "00E9, c3a9", "07FF, dfbf", "0800, e0a080", "20AC, e282ac",
			"D7FF, ed9fbf", "E000, ee8080", "FFFE, efbfbe", "FFFF, efbfbf", "10000, f0908080", "1F600, f09f9880",
			"10FFFF, f48fbfbf" })
	void writesUtf8OfOneToFourBytes(String codePoint, String expected) {
		String text = Character.toString(Integer.parseInt(codePoint, 16));
		assertThatFrame(EventStreamEncoder.event(text, text, text)).isEqualTo(
				hex("69643a20" + expected + "0a 6576656e743a20" + expected + "0a 646174613a20" + expected + "0a0a"));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			D83D,           fffd
			DE00,           fffd
			D83D 0078,      fffd 78
			DE00 0078,      fffd 78
			DE00 D83D,      fffd fffd
			D83D D83D DE00, fffd f09f9880
			D83D DE00 DE00, f09f9880 fffd
			D800 D800,      fffd fffd
			DBFF,           fffd
			DFFF,           fffd
			""")
	void writesReplacementCharacterForHalfOfASurrogatePair(String units, String expected) {
		StringBuilder text = new StringBuilder();
		for (String unit : units.split(" ")) {
			text.append((char) Integer.parseInt(unit, 16));
		}
		String bytes = expected.replace("fffd", "efbfbd");
		assertThatFrame(EventStreamEncoder.event(null, null, text.toString()))
			.isEqualTo(hex("646174613a20" + bytes + "0a0a"));
		assertThatFrame(EventStreamEncoder.position(text.toString(), "cursor"))
			.isEqualTo(hex("69643a20" + bytes + "0a 6576656e743a20637572736f72 0a 64617461 0a0a"));
		assertThatFrame(EventStreamEncoder.comment(text.toString())).isEqualTo(hex("3a20" + bytes + "0a"));
	}

	@Test
	void joinsNoSurrogatesAcrossALineEnd() {
		assertThatFrame(EventStreamEncoder.event(null, null, "\uD83D\n\uDE00"))
			.isEqualTo(bytes("data: \uFFFD\ndata: \uFFFD\n\n"));
	}

	@Test
	void writesFiveMegabytesInOneLine() {
		for (String data : new String[] { "x".repeat(5_000_000), "\uD83D\uDE00".repeat(1_250_000) }) {
			assertThatFrame(EventStreamEncoder.event("1", null, data))
				.isEqualTo(bytes("id: 1\ndata: " + data + "\n\n"));
		}
	}

	@Test
	void writesFiveMegabytesInManyLines() {
		assertThatFrame(EventStreamEncoder.event(null, null, "\r\n".repeat(700_000)))
			.isEqualTo(bytes("data: \n".repeat(700_001) + "\n"));
	}

	/**
	 * Whatever the content, no more is allocated than needed, and nothing is copied.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "x", "\u00E9", "\u20AC", "\uD83D\uDE00", "\uD83D", "\n", "\u20AC\r\n" })
	void largeEventCostsOneArrayOfItsSize(String unit) {
		String data = unit.repeat(1_000_000);
		EventStreamEncoder.event("1", "name", "warm up");
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
		Frame frame = EventStreamEncoder.event("1", "name", data);
		long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
		assertThat(allocated).isBetween((long) frame.size(), frame.size() + 10_000L);
	}

	/**
	 * No array could hold it, and its size exceeds an {@code int}.
	 */
	@Test
	void refusesMoreThanAnArrayCanHave() {
		String text = "x".repeat(1 << 20);
		assertThatIllegalArgumentException().isThrownBy(() -> FrameWriter.write((writer) -> {
			for (int i = 0; i < 1 << 12; i++) {
				writer.ascii(text);
			}
		})).withMessage("A frame of 4294967296 bytes is too large");
	}

	@Test
	void framesOfTextKeepItsLinesAndReplaceHalvesOfSurrogatePairs() {
		assertThatFrame(Frame.of("a\r\nb\n\u20AC\uD83D")).isEqualTo(hex("61 0d0a 62 0a e282ac efbfbd"));
		assertThatFrame(Frame.of("a\r\nb\n")).isEqualTo(bytes("a\r\nb\n"));
		assertThatFrame(Frame.of("")).isEmpty();
	}

	@Test
	void joinsFrames() {
		assertThatFrame(Frame.join(List.of(Frame.of("a"), Frame.of("\u20AC"), Frame.of(""))))
			.isEqualTo(bytes("a\u20AC"));
	}

	@Test
	void writesLongIdsAndNames() {
		String text = "\u20AC".repeat(100_000);
		assertThatFrame(EventStreamEncoder.event(text, text, ""))
			.isEqualTo(bytes("id: " + text + "\nevent: " + text + "\ndata: \n\n"));
	}

	private static AbstractByteArrayAssert<?> assertThatFrame(Frame encoded) {
		byte[] frame = encoded.toByteArray();
		assertThatChunkHas(frame, encoded);
		return assertThat(frame).as(() -> new String(frame, 0, Math.min(frame.length, 200), StandardCharsets.UTF_8));
	}

	private static void assertThatChunkHas(byte[] frame, Frame encoded) {
		ByteBuffer chunk = ByteBuffer.wrap(encoded.array(), encoded.offset(true), encoded.length(true));
		byte[] head = bytes(Integer.toHexString(frame.length) + "\r\n");
		assertThat(chunk.limit()).isEqualTo(head.length + frame.length + 2);
		assertThat(chunk.slice(0, head.length)).isEqualTo(ByteBuffer.wrap(head));
		assertThat(chunk.slice(head.length, frame.length)).isEqualTo(ByteBuffer.wrap(frame));
		assertThat(chunk.slice(head.length + frame.length, 2)).isEqualTo(ByteBuffer.wrap(bytes("\r\n")));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] hex(String digits) {
		return HexFormat.of().parseHex(digits.replace(" ", ""));
	}

}
