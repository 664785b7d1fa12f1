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

import io.github.springsse.webmvc.transport.TransportMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DefaultLimits}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DefaultLimitsTests {

	private static final int MB = 1024 * 1024;

	private final SseProperties properties = new SseProperties();

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@CsvSource({ "128,1000000,12288,by the heap of 128 MB", "512,1000000,30720,by the heap of 512 MB",
			"600,1000000,35840,by the heap of 600 MB", "4096,1000000,393216,by the heap of 4096 MB",
			"4096,20000,11608,by the 20000 files that the process may open", "4096,10240,6144,by the 10240 files",
			"4096,4096,3072,by the 4096 files", "4096,300,150,by the 300 files" })
	void streamsAreBoundedByWhatThereIsLeastOf(int heap, long files, int streams, String reason,
			CapturedOutput output) {
		assertThat(limits(heap, files).streams()).isEqualTo(streams);
		assertThat(output).contains("Up to " + streams + " streams may be open at once, limited " + reason);
	}

	@ParameterizedTest
	@CsvSource({ "50,25", "300,150", "1000,750", "20000,4266" })
	void connectionsAreLeftForOthersWhereStreamsCountForThem(int connections, int streams) {
		this.properties.setTransport(TransportMode.ASYNC);
		this.environment.setProperty("server.tomcat.max-connections", Integer.toString(connections));
		assertThat(limits(1200, 1_000_000).streams()).isEqualTo(streams);
	}

	@ParameterizedTest
	@CsvSource({ "1,98304,1", "50,98304,25", "1000,98304,750", "10000,81065,7500", "50000,98304,37500" })
	void streamsThatAreHandedOverHaveConnectionsOfTheirOwn(int connections, int streams, int counted) {
		this.environment.setProperty("server.tomcat.max-connections", Integer.toString(connections));
		assertThat(limits(1024, 1_000_000).streams()).isEqualTo(streams);
		assertThat(limits(1024, 1_000_000).streamsOfConnections()).as("of those that are not").isEqualTo(counted);
	}

	@ParameterizedTest
	@CsvSource({ "128,1000000,1019", "512,1000000,7162", "4096,4096,824", "4096,300,75" })
	void connectionsAreFewerWhereStreamsLeaveNoRoom(int heap, long files, int connections) {
		assertThat(limits(heap, files).connections()).isEqualTo(connections);
		assertThat(limits(heap, files).streamsOfConnections())
			.isEqualTo(Math.max(connections / 2, connections - Math.max(200, connections / 4)));
	}

	@ParameterizedTest
	@CsvSource({ "600,1000000", "1024,1000000", "4096,1000000", "4096,20000" })
	void connectionsAreThoseOfTomcatWhereThereIsRoom(int heap, long files) {
		assertThat(limits(heap, files).connections()).isGreaterThanOrEqualTo(8192);
	}

	@ParameterizedTest
	@CsvSource({ "10,3474", "2000000,1019", "0,3476" })
	void connectionsAreWhatTheStreamsOfTheApplicationLeave(int streams, int connections) {
		this.properties.getLimits().setStreams(streams);
		assertThat(limits(128, 1_000_000).connections()).isEqualTo(connections);
		assertThat(limits(128, 1_000_000).streamsOfConnections()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void nothingLeftForStreamsIsAnError() {
		this.properties.setTransport(TransportMode.ASYNC);
		this.environment.setProperty("server.tomcat.max-connections", "1");
		assertThatIllegalStateException().isThrownBy(() -> limits(4096, 1_000_000).streams())
			.withMessageContaining("other requests need all of the 1 connections of the web server")
			.withMessageContaining("set sse.limits.streams");
		this.properties.getLimits().setStreams(1);
		assertThat(limits(4096, 1_000_000).streams()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1" })
	void whatSpringBootIgnoresIsTheDefault(String connections) {
		this.environment.setProperty("server.tomcat.max-connections", connections);
		DefaultLimits limits = limits(4096, 20_000);
		assertThat(limits.streams()).isEqualTo(11_608);
		assertThat(limits.areConnectionsSet()).isFalse();
	}

	@Test
	void streamsAreHandedOverWhereTheyAreCompressedOnce() {
		this.environment.setProperty("server.compression.enabled", "true");
		this.environment.setProperty("server.compression.mime-types", "text/event-stream");
		this.properties.getCompression().setEnabled(true);
		assertThat(limits(128, 1_000_000).streams()).isEqualTo(12_288);
	}

	@Test
	void zeroIsNoLimit(CapturedOutput output) {
		this.properties.getLimits().setStreams(0);
		assertThat(limits(128, 300).streams()).isEqualTo(Integer.MAX_VALUE);
		assertThat(output).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "server.ssl.bundle,web,3072", "server.ssl.key-store,file,3072", "sse.ignored,x,12288" })
	void streamsWithTlsCostMore(String property, String value, int streams) {
		this.environment.setProperty(property, value);
		assertThat(limits(128, 1_000_000).streams()).isEqualTo(streams);
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.http2.enabled=true",
			"server.compression.enabled=true server.compression.mime-types=text/html,text/event-stream" })
	void streamsThatKeepTheirRequestsCostMore(String settings) {
		for (String setting : settings.split(" ")) {
			this.environment.setProperty(setting.split("=")[0], setting.split("=")[1]);
		}
		assertThat(limits(128, 1_000_000).streams()).isEqualTo(455);
		assertThat(limits(128, 1_000_000).connections()).as("of which one may have many streams").isEqualTo(3476);
	}

	@Test
	void whatTheApplicationSetsCounts(CapturedOutput output) {
		this.properties.getLimits().setStreams(7000);
		this.properties.getLimits().setSnapshotBytesInFlight(DataSize.ofMegabytes(3));
		this.properties.getReplay().setMaxSize(DataSize.ofMegabytes(5));
		DefaultLimits limits = limits(4096, 4096);
		assertThat(limits.snapshots()).isEqualTo(DataSize.ofMegabytes(3));
		assertThat(limits.history()).isEqualTo(DataSize.ofMegabytes(5));
		assertThat(output).isEmpty();
		assertThat(limits.streams()).isEqualTo(7000);
		assertThat(output).contains(
				"sse.limits.streams=7000 is more than the 3072 that there is room for, limited by the 4096 files");
	}

	@Test
	void historyAndSnapshotsFollowTheHeap(CapturedOutput output) {
		assertThat(limits(128, 1000).history()).isEqualTo(DataSize.ofMegabytes(16));
		assertThat(limits(128, 1000).snapshots()).isEqualTo(DataSize.ofMegabytes(16));
		assertThat(limits(4096, 1000).history()).isEqualTo(DataSize.ofMegabytes(64));
		assertThat(limits(4096, 1000).snapshots()).isEqualTo(DataSize.ofMegabytes(512));
		assertThat(output).isEmpty();
		this.properties.getReplay().setMaxSize(DataSize.ofMegabytes(65));
		assertThat(limits(128, 1000).history()).isEqualTo(DataSize.ofMegabytes(65));
		assertThat(output).contains("sse.replay.max-size", "more than half of the heap of 128 MB");
	}

	private DefaultLimits limits(long megabytes, long files) {
		return new DefaultLimits(this.properties, this.environment, megabytes * MB, files);
	}

}
