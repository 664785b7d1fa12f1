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

import java.time.Duration;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.redis.Replies.NoReplyException;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ConcurrentTest;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that publishing sends nothing in vain while Redis is unreachable, and does not
 * fail when it is reachable.
 */
@Tag("long")
class RedisAwayTests {

	@RegisterExtension
	private final Closing closing = new Closing();

	@ConcurrentTest
	void aConnectionThatIsClosedIsGivenUpWithWhatWasSentByIt() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		assertIsGivenUp(this.closing.add(RedisNode.thatOnlyPublishes(redis.port())), redis::kill, redis::restart);
	}

	@ConcurrentTest
	void aConnectionThatIsSilentIsGivenUpWithWhatWasSentByIt() {
		TestRedis redis = this.closing.add(TestRedis.start());
		assertIsGivenUp(this.closing.add(RedisNode.thatOnlyPublishes(redis.port())), redis::pause, redis::resume);
	}

	@ConcurrentTest
	void aConnectionToAClusterIsGivenUpWithWhatWasSentByIt() {
		TestRedis redis = this.closing.add(TestRedis.cluster());
		assertIsGivenUp(this.closing.add(RedisNode.inCluster(redis.port())), redis::kill, redis::restart);
	}

	private static void assertIsGivenUp(RedisNode node, Runnable outage, Runnable end) {
		Attempts.untilTaken("before", node::publish);
		outage.run();
		TestRedis.await().until(() -> node.log.link().commands() == null);
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("failed"));
		assertThat(node.log.link().commands()).isNull();
		assertThat(node.log.unreachableFor()).isPositive();
		end.run();
		Attempts.untilTaken("after", node::publish);
		assertThat(node.log.unreachableFor()).isZero();
	}

	/**
	 * It answers later than the keeper once waited, and sooner than who publishes waits.
	 */
	@ConcurrentTest
	void aServerThatIsSlowIsNotAway() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		RedisNode node = this.closing
			.add(RedisNode.thatOnlyPublishes(proxy.port(), RedisNode.settings(1000, 0, Duration.ofSeconds(4))));
		node.publish("before");
		proxy.delay(Duration.ofMillis(1200));
		TestRedis.await().during(Duration.ofSeconds(8)).until(() -> node.log.unreachableFor().isZero());
		assertThat(node.publish("after")).isNotNull();
	}

	@ConcurrentTest
	void theFirstAnswerAfterALongOutageIsWaitedForAndEndsIt() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port(), Duration.ofMillis(60)));
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(proxy.port()));
		Attempts.untilTaken("before", node::publish);
		redis.pause();
		// while nothing is on its way whose answer would tell that it is over
		TestRedis.await().until(() -> node.log.unreachableFor().toMillis() > 1600);
		redis.resume();
		assertThat(node.publish("after")).isNotNull();
		assertThat(node.log.unreachableFor()).isZero();
	}

	@ConcurrentTest
	void aServerThatHasTakenNothingForLongIsNotAskedAgainAndAgain() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing
			.add(RedisNode.thatOnlyPublishes(redis.port(), RedisNode.settings(1000, 0, Duration.ofSeconds(4))));
		node.publish("before");
		redis.command("CONFIG", "SET", "maxmemory", "1");
		TestRedis.await().until(() -> node.log.link().isAway());
		long start = System.nanoTime();
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("failed"));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 10 })
	void aLogThatHasStoppedTakesNothingAndSaysSoAtOnce(int bufferEvents) {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(redis.port(),
				RedisNode.settings(1000, bufferEvents, Duration.ofSeconds(10))));
		node.publish("before");
		node.log.stop();
		long start = System.nanoTime();
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> node.publish("failed"))
			.withMessageContaining("is stopped");
		assertThatExceptionOfType(NoReplyException.class)
			.isThrownBy(() -> node.log.link().awaitCommands(Duration.ofSeconds(10).toNanos()));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		node.log.start();
		assertThat(node.publish("after")).isNotNull();
	}

}
