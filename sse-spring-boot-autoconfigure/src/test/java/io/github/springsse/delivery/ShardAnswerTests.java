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

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shard}: streamed answers.
 */
class ShardAnswerTests extends AbstractShardTests {

	@Test
	void completeAnswerIsOneEventInOneWriteAndThenTheEnd() {
		begin("a");
		for (int i = 0; i < 5000; i++) {
			piece("a", "word ");
		}
		end("a");
		while (loop().backlog() > 0) {
			loop().pass();
		}
		FakeTransport transport = openFromTheBeginning(new ChunkedTransport(), "a");
		assertThat(transport.writes).isEqualTo(1);
		assertThat(transport.text()).contains("id: 1-5001\ndata: " + "word ".repeat(5000) + "\n\n")
			.endsWith("\r\n0\r\n\r\n");
		assertThat(transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isEqualTo(1);
	}

	@Test
	void runningAnswerIsWhatThereIsAndThenPieceByPiece() {
		begin("a");
		piece("a", "one ");
		publish("b", "other");
		piece("a", "two ");
		loop().pass();
		FakeTransport topic = openFromTheBeginning(new FakeTransport(), "a");
		FakeTransport both = openFromTheBeginning(new FakeTransport(), "a", "b");
		piece("a", "three ");
		loop().pass();
		piece("a", "four");
		end("a");
		loop().pass();
		String live = "id: 1-5\ndata: three \n\nid: 1-6\ndata: four\n\n";
		assertThat(topic.text()).isEqualTo("id: 1-4\ndata: one two \n\n" + live);
		assertThat(topic.closed).isTrue();
		assertThat(both.text())
			.isEqualTo("id: 1-2\ndata: one \n\nid: 1-3\ndata: other\n\nid: 1-4\ndata: two \n\n" + live);
		assertThat(both.closed).as("the other topic goes on").isFalse();
	}

	@Test
	void clientThatIsBehindGetsTheRestOfAnAnswerJoined() {
		begin("a");
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 0;
		for (int i = 0; i < 100; i++) {
			piece("a", i + " ");
			loop().pass();
		}
		read(stream, slow);
		loop().pass();
		end("a");
		loop().pass();
		assertThat(slow.text()).startsWith("id: 1-2\ndata: 0 \n\nid: 1-3\ndata: 1 \n\n")
			.endsWith("id: 1-101\ndata: "
					+ IntStream.range(10, 100).mapToObj((i) -> i + " ").collect(Collectors.joining()) + "\n\n");
		assertThat(slow.closed).isTrue();
	}

	@Test
	void beginningIsNothingForClientsAndMakesAnEndedTopicLiveAgain() {
		FakeTransport transport = open("a");
		publish("a", "before");
		begin("a");
		end("a");
		begin("a");
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: before\n\n");
		assertThat(transport.closed).as("it has begun again before the end was routed").isFalse();
		piece("a", "after");
		loop().pass();
		end("a");
		loop().pass();
		assertThat(transport.text()).endsWith("id: 1-5\ndata: after\n\n");
		assertThat(transport.closed).isTrue();
	}

	@Test
	void streamIsCutWhereOneOfItsTopicsHasEndedByACut() {
		begin("a");
		piece("a", "text");
		loop().pass();
		FakeTransport one = openFromTheBeginning(new ChunkedTransport(), "a");
		FakeTransport both = openFromTheBeginning(new ChunkedTransport(), "a", "b");
		append(LogEntry.end(Topic.of("a"), true));
		loop().pass();
		assertThat(one.text()).endsWith("data: text\n\n\r\n");
		assertThat(one.closed).isTrue();
		assertThat(both.closed).isFalse();
		publish("b", "last");
		end("b");
		loop().pass();
		assertThat(both.text()).endsWith("data: last\n\n\r\n");
		assertThat(both.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.FAILED)).isEqualTo(2);
		assertThat(this.histories.isComplete(new EventId(1, 2), List.of(TopicPattern.of("a"))))
			.as("a client that comes back is told that there is no more")
			.isTrue();
		FakeTransport late = openFromTheBeginning(new ChunkedTransport(), "a");
		assertThat(late.text()).endsWith("data: text\n\n\r\n");
		assertThat(late.closed).as("as those that were there").isTrue();
	}

}
