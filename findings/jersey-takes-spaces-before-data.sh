#!/usr/bin/env bash
# Shows that Jersey's SseEventSource takes away all spaces before data, of which
# the standard has it take one.
#
# By the HTML standard (WHATWG) one space after the colon belongs to the syntax,
# and everything else to the value: of the line "data:  upon", which has two, the
# value is " upon". Where events are the pieces of a text, such as the tokens of a
# language model, most pieces begin with a space, and in Jersey the words run
# together. Text has to be sent to it as JSON.
#
# Seen with Jersey 4.0.2 on Java 17, the data in brackets:
#
#     line              Jersey         the standard
#     "data:  upon"     [upon]         [ upon]
#     "data: upon "     [upon ]        [upon ]
#     "data:    "       []             [   ]
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
			<groupId>org.glassfish.jersey.core</groupId>
			<artifactId>jersey-client</artifactId>
			<version>4.0.2</version>
		</dependency>
		<dependency>
			<groupId>org.glassfish.jersey.inject</groupId>
			<artifactId>jersey-hk2</artifactId>
			<version>4.0.2</version>
		</dependency>
		<dependency>
			<groupId>org.glassfish.jersey.media</groupId>
			<artifactId>jersey-media-sse</artifactId>
			<version>4.0.2</version>
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.SseEventSource;

public class Show {

	public static void main(String[] args) throws Exception {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
		server.createContext("/", exchange -> {
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("data:  upon\n\ndata: upon \n\ndata:    \n\ndata: last\n\n"
				.getBytes(StandardCharsets.US_ASCII));
			exchange.getResponseBody().flush();
		});
		server.start();
		List<String> data = new CopyOnWriteArrayList<>();
		CountDownLatch last = new CountDownLatch(1);
		SseEventSource source = SseEventSource.target(ClientBuilder.newClient()
			.target("http://127.0.0.1:" + server.getAddress().getPort())).build();
		source.register(event -> {
			data.add("[" + event.readData() + "]");
			if (event.readData().equals("last")) {
				last.countDown();
			}
		});
		source.open();
		last.await(20, TimeUnit.SECONDS);
		System.out.println(data);
		boolean asStated = data.equals(List.of("[upon]", "[upon ]", "[]", "[last]"));
		System.out.println(asStated ? "As stated." : "CHANGED: see the line above.");
		System.exit(asStated ? 0 : 1);
	}

}
END
timeout 90 java -XX:TieredStopAtLevel=1 -cp 'lib/*' Show.java
