#!/usr/bin/env bash
# Shows that Tomcat promises chunks and sends none, if an application sets both
# "Connection: close" and "Transfer-Encoding: chunked".
#
# With "Connection: close" Tomcat sends a body of unknown length without chunks;
# it ends with the connection. An application that wants its clients to be able
# to tell the end of an event stream from a lost connection may try to ask for
# chunks. Tomcat passes that header on as it is and still sends the body without
# chunks, so that no client can read the response. One would expect a container
# to be in charge of the framing, and either to drop the header or to follow it.
#
# Seen on Java 17 through a plain socket, with a servlet that sets both headers
# and writes and flushes one event, "data: hello" and an empty line:
#
#     tomcat-embed-core 11.0.27:
#         HTTP/1.1 200
#         Connection: close
#         Transfer-Encoding: chunked
#         Content-Type: text/event-stream
#         Date: ...
#
#         data: hello
#
#     jetty-ee11-servlet 12.1.14: a head with the same two headers, and
#         D
#         data: hello
#         (two line feeds, and the end of the chunk)
#         0
#
# Where the application does not set "Transfer-Encoding", Tomcat sends the same
# body under a head without that header, which is right.
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
			<groupId>org.eclipse.jetty.ee11</groupId>
			<artifactId>jetty-ee11-servlet</artifactId>
			<version>12.1.14</version>
		</dependency>
		<dependency>
			<groupId>org.apache.tomcat.embed</groupId>
			<artifactId>tomcat-embed-core</artifactId>
			<version>11.0.27</version>
		</dependency>
		<dependency>
			<groupId>org.slf4j</groupId>
			<artifactId>slf4j-nop</artifactId>
			<version>2.0.17</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

public class Show {

	static final String BODY = "data: hello\n\n";

	static final String CHUNKS = "d\r\n" + BODY + "\r\n0\r\n\r\n";

	public static void main(String[] args) throws Exception {
		Logger root = Logger.getLogger("");
		root.setLevel(Level.SEVERE);

		Tomcat tomcat = new Tomcat();
		tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
		tomcat.setHostname("localhost");
		tomcat.setPort(0);
		tomcat.getConnector().setProperty("address", "127.0.0.1");
		Context context = tomcat.addContext("", null);
		Tomcat.addServlet(context, "stream", new Stream()).addMapping("/*");
		tomcat.start();
		String both = get("Tomcat, both headers", tomcat.getConnector().getLocalPort(), "/chunked");
		String close = get("Tomcat, without Transfer-Encoding", tomcat.getConnector().getLocalPort(), "/");
		tomcat.stop();
		tomcat.destroy();

		Server jetty = new Server();
		ServerConnector connector = new ServerConnector(jetty);
		connector.setHost("127.0.0.1");
		jetty.addConnector(connector);
		ServletContextHandler handler = new ServletContextHandler();
		handler.addServlet(new ServletHolder(new Stream()), "/*");
		jetty.setHandler(handler);
		jetty.start();
		String other = get("Jetty, both headers", connector.getLocalPort(), "/chunked");
		jetty.stop();

		boolean asStated = closes(both) && promisesChunks(both) && body(both).equals(BODY)
				&& closes(close) && !promisesChunks(close) && body(close).equals(BODY)
				&& closes(other) && promisesChunks(other) && body(other).equalsIgnoreCase(CHUNKS);
		System.out.println(asStated ? "As stated." : "CHANGED: see the lines above.");
		System.exit(asStated ? 0 : 1);
	}

	static String get(String name, int port, String path) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(10_000);
			String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			System.out.println("--- " + name + "\n" + response.stripTrailing());
			return response;
		}
	}

	static boolean closes(String response) {
		return head(response).contains("\r\nconnection: close\r\n");
	}

	static boolean promisesChunks(String response) {
		return head(response).contains("\r\ntransfer-encoding: chunked\r\n");
	}

	static String head(String response) {
		return response.substring(0, response.indexOf("\r\n\r\n") + 2).toLowerCase();
	}

	static String body(String response) {
		return response.substring(response.indexOf("\r\n\r\n") + 4);
	}

	public static class Stream extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentType("text/event-stream");
			response.setHeader("Connection", "close");
			if (request.getRequestURI().equals("/chunked")) {
				response.setHeader("Transfer-Encoding", "chunked");
			}
			response.getOutputStream().write(BODY.getBytes(StandardCharsets.US_ASCII));
			response.flushBuffer();
		}

	}

}
END
mkdir work
timeout 90 java -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="$folder/work" -cp 'lib/*' Show.java
