#!/usr/bin/env bash
# Shows that one event with empty data stops a Spring WebClient for good, if it
# reads events as JSON and resumes with the id of the last one.
#
# By the HTML standard (WHATWG) the lines "data:" and "data" mean the same: a
# field with an empty value. WebClient treats them differently. Given
#
#     id: 2
#     event: x
#     data:
#
# bodyToFlux with ServerSentEvent<Map> decodes the empty text as JSON. That
# fails, and the flux ends with a DecodingException in place of the event. The
# application never sees the id 2, even if it has no use for this event's data.
# A client that resumes asks for what follows 1, gets the same event again, and
# so on. With the line "data", which has no colon, WebClient sees no data at
# all: the event arrives with its id, its name and null as data. With
# ServerSentEvent<String> both lines do no harm.
#
# Seen with spring-webflux 7.0.10, jackson-databind 3.1.7 and the connector for
# the JDK's client on Java 17. The server has the events 1, 2 (with empty data)
# and 3; the client resumes at most four times:
#
#     "data:", Map:    events [1], Last-Event-ID [none, 1, 1, 1, 1],
#                      5 DecodingExceptions
#     "data", Map:     events [1, 2, 3], Last-Event-ID [none]
#     "data:", String: events [1, 2, 3], Last-Event-ID [none]
#
# Needs java (17 or later) and mvn. Exits with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>finding</groupId>
	<artifactId>finding</artifactId>
	<version>1</version>
	<dependencies>
		<dependency>
			<groupId>org.springframework</groupId>
			<artifactId>spring-webflux</artifactId>
			<version>7.0.10</version>
		</dependency>
		<dependency>
			<groupId>tools.jackson.core</groupId>
			<artifactId>jackson-databind</artifactId>
			<version>3.1.7</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.codec.DecodingException;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

public class Show {

	static final ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>> MAP =
			new ParameterizedTypeReference<>() {
			};

	static final ParameterizedTypeReference<ServerSentEvent<String>> STRING = new ParameterizedTypeReference<>() {
	};

	public static void main(String[] args) throws Exception {
		Seen colon = read("data:", MAP);
		Seen bare = read("data", MAP);
		Seen string = read("data:", STRING);
		System.out.println("\"data:\", Map:    " + colon);
		System.out.println("\"data\", Map:     " + bare);
		System.out.println("\"data:\", String: " + string);
		boolean asStated = colon.equals(new Seen(List.of("1 {n=1}"), List.of("none", "1", "1", "1", "1"), 5))
				&& bare.equals(new Seen(List.of("1 {n=1}", "2 null", "3 {n=3}"), List.of("none"), 0))
				&& string.equals(new Seen(List.of("1 {\"n\":1}", "2 ", "3 {\"n\":3}"), List.of("none"), 0));
		System.out.println(asStated ? "As stated." : "CHANGED: see the lines above.");
		System.exit(asStated ? 0 : 1);
	}

	record Seen(List<String> events, List<String> asked, int decodingExceptions) {
	}

	/** Reads events until event 3 has come, and resumes up to four times. */
	static <T> Seen read(String emptyData, ParameterizedTypeReference<ServerSentEvent<T>> type) throws Exception {
		String[] stream = { "id: 1\ndata: {\"n\":1}\n\n", "id: 2\nevent: x\n" + emptyData + "\n\n",
				"id: 3\ndata: {\"n\":3}\n\n" };
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
		server.createContext("/", exchange -> {
			String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.sendResponseHeaders(200, 0);
			for (int i = (last == null) ? 0 : Integer.parseInt(last); i < stream.length; i++) {
				exchange.getResponseBody().write(stream[i].getBytes(StandardCharsets.US_ASCII));
				exchange.getResponseBody().flush();
			}
			exchange.close();
		});
		server.start();
		WebClient client = WebClient.builder().clientConnector(new JdkClientHttpConnector())
				.baseUrl("http://127.0.0.1:" + server.getAddress().getPort()).build();
		List<String> events = new ArrayList<>();
		List<String> asked = new ArrayList<>();
		String[] last = { null };
		int failures = 0;
		while (asked.size() < 5 && !"3".equals(last[0])) {
			asked.add((last[0] == null) ? "none" : last[0]);
			try {
				client.get().uri("/").headers(headers -> {
					if (last[0] != null) {
						headers.set("Last-Event-ID", last[0]);
					}
				}).retrieve().bodyToFlux(type).doOnNext(event -> {
					last[0] = event.id();
					events.add(event.id() + " " + event.data());
				}).blockLast(Duration.ofSeconds(10));
			}
			catch (DecodingException ex) {
				failures++;
			}
		}
		server.stop(0);
		return new Seen(events, asked, failures);
	}

}
END
timeout 90 java -XX:TieredStopAtLevel=1 -cp 'lib/*' Show.java
