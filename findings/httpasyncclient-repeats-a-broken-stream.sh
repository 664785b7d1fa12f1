#!/usr/bin/env bash
# Shows that Apache HttpAsyncClient sends a GET again by itself when the
# connection breaks in the middle of the response, and hands the body of the
# second response to the same consumer as if it continued the first.
#
# That a client repeats a GET that has failed is well known. The surprise is
# that this one still does so when the consumer has got a part of the body:
# after one second, with the original headers, and without a call of the
# consumer's "failed". So whoever reads an event stream with it cannot resume
# with the id of the last event: the second response follows the torn event of
# the first one, and both look like one stream.
#
# Seen with httpclient5 5.6.5 (and 5.6.4) on Java 17. The server resets the
# connection inside a chunk, after one event and a part of the next
# (| is a line feed):
#
#     the server gets two requests, both with "Last-Event-ID: 7"
#     the consumer gets "id: 8|data: first||id: 9|da" + "id: 8|data: again||"
#     "failed" is not called, and the future completes normally
#
# With disableAutomaticRetries() there is one request, and "failed" is called.
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
			<groupId>org.apache.httpcomponents.client5</groupId>
			<artifactId>httpclient5</artifactId>
			<version>5.6.5</version>
		</dependency>
		<dependency>
			<groupId>org.slf4j</groupId>
			<artifactId>slf4j-nop</artifactId>
			<version>1.7.36</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.async.methods.AbstractCharResponseConsumer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;

public class Show {

	public static void main(String[] args) throws Exception {
		Seen usual = get(HttpAsyncClients.createDefault());
		Seen without = get(HttpAsyncClients.custom().disableAutomaticRetries().build());
		System.out.println("By default:      " + usual);
		System.out.println("Without retries: " + without);
		String first = "id: 8|data: first||id: 9|da";
		boolean asStated = usual.equals(new Seen(List.of("Last-Event-ID: 7", "Last-Event-ID: 7"),
				first + "id: 8|data: again||", false, true))
				&& without.equals(new Seen(List.of("Last-Event-ID: 7"), first, true, false));
		System.out.println(asStated ? "As stated." : "CHANGED: see the lines above.");
		System.exit(asStated ? 0 : 1);
	}

	record Seen(List<String> requests, String body, boolean failed, boolean completed) {
	}

	static Seen get(CloseableHttpAsyncClient client) throws Exception {
		List<String> requests = new CopyOnWriteArrayList<>();
		Consumer consumer = new Consumer();
		boolean completed = false;
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress()); client) {
			Thread thread = new Thread(() -> serve(server, requests, consumer));
			thread.setDaemon(true);
			thread.start();
			client.start();
			String uri = "http://127.0.0.1:" + server.getLocalPort() + "/";
			try {
				client.execute(AsyncRequestBuilder.get(uri).addHeader("Last-Event-ID", "7").build(), consumer, null)
						.get(15, TimeUnit.SECONDS);
				completed = true;
			}
			catch (ExecutionException told) {
				// The client said that the stream has broken
			}
		}
		return new Seen(requests, consumer.body.toString().replace('\n', '|'), consumer.failed, completed);
	}

	/** Breaks the first response inside its second chunk, and gives the second one whole. */
	static void serve(ServerSocket server, List<String> requests, Consumer consumer) {
		try {
			while (true) {
				try (Socket socket = server.accept()) {
					requests.add(lastEventId(socket.getInputStream()));
					OutputStream out = socket.getOutputStream();
					String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
					if (requests.size() > 1) {
						write(out, head + "13\r\nid: 8\ndata: again\n\n\r\n0\r\n\r\n");
						Thread.sleep(500);
						continue;
					}
					write(out, head + "13\r\nid: 8\ndata: first\n\n\r\n14\r\nid: 9\nda");
					// A reset may overtake what has not been read yet
					for (int i = 0; i < 500 && !consumer.body.toString().endsWith("da"); i++) {
						Thread.sleep(10);
					}
					socket.setSoLinger(true, 0);
				}
			}
		}
		catch (Exception closed) {
			// The server socket was closed
		}
	}

	static void write(OutputStream out, String text) throws Exception {
		out.write(text.getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	static String lastEventId(InputStream in) throws Exception {
		StringBuilder head = new StringBuilder();
		for (int c = in.read(); c >= 0; c = in.read()) {
			head.append((char) c);
			if (head.toString().endsWith("\r\n\r\n")) {
				break;
			}
		}
		return head.toString().lines().filter(line -> line.startsWith("Last-Event-ID")).findFirst().orElse("none");
	}

	static class Consumer extends AbstractCharResponseConsumer<String> {

		final StringBuffer body = new StringBuffer();

		volatile boolean failed;

		@Override
		protected void start(HttpResponse response, ContentType contentType) {
		}

		@Override
		protected int capacityIncrement() {
			return Integer.MAX_VALUE;
		}

		@Override
		protected void data(CharBuffer source, boolean endOfStream) {
			body.append(source);
			source.position(source.limit());
		}

		@Override
		protected String buildResult() {
			return "";
		}

		@Override
		public void failed(Exception cause) {
			failed = true;
		}

		@Override
		public void releaseResources() {
		}

	}

}
END
timeout 90 java -XX:TieredStopAtLevel=1 -cp 'lib/*' Show.java
