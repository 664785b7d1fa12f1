#!/usr/bin/env bash
# Shows that Lettuce, where a connection is lost in the middle of an answer, sends
# the command again and adds the new answer to what it has decoded of the first: a
# list has elements twice, or lists within itself.
#
# By default Lettuce reconnects by itself and sends commands again that were not
# answered ("at least once"), which is safe for commands that may be repeated, such
# as LRANGE. But the object that takes the answer is not emptied before. So a future
# completes, without an error, with what no server has answered. It takes a
# connection that breaks between two packets of one answer, as large answers have;
# here a server that sends half of an answer, closes, and answers properly when it
# is asked again. Check the shape of what comes, or turn off repetition
# (ClientOptions.autoReconnect(false)) where that matters.
#
# Seen with lettuce-core 7.5.2.RELEASE and Java 17, of a list of a and b:
#
#     LRANGE: [a, a, b], asked 2 times
#     EVAL with ScriptOutputType.MULTI: [a, [a], b], asked 2 times
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
			<groupId>io.lettuce</groupId>
			<artifactId>lettuce-core</artifactId>
			<version>7.5.2.RELEASE</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.lettuce.core.*;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.protocol.ProtocolVersion;

public class Show {

	private static final String WHOLE = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";

	private static final String HALF = "*2\r\n$1\r\na\r\n";

	public static void main(String[] args) throws Exception {
		show("LRANGE", (commands) -> commands.lrange("list", 0, -1));
		show("EVAL with ScriptOutputType.MULTI",
				(commands) -> commands.eval("return {'a', 'b'}", ScriptOutputType.MULTI, new String[0]));
		System.exit(0);
	}

	private static void show(String name, Function<RedisAsyncCommands<String, String>, RedisFuture<?>> command)
			throws Exception {
		AtomicInteger asked = new AtomicInteger();
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread thread = new Thread(() -> serve(server, asked));
			thread.setDaemon(true);
			thread.start();
			RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.getLocalPort()));
			client.setOptions(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build());
			Object answer = command.apply(client.connect().async()).get(20, TimeUnit.SECONDS);
			System.out.println(name + ": " + answer + ", asked " + asked + " times");
		}
	}

	/** A server that is asked for the list once on each connection. */
	private static void serve(ServerSocket server, AtomicInteger asked) {
		try {
			while (true) {
				Socket socket = server.accept();
				BufferedReader reader = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
				String line;
				while ((line = reader.readLine()) != null) {
					if (line.startsWith("*")) {
						int words = Integer.parseInt(line.substring(1));
						String name = "";
						for (int i = 0; i < words; i++) {
							reader.readLine();
							String word = reader.readLine();
							name = (i == 0) ? word : name;
						}
						boolean list = name.equals("LRANGE") || name.equals("EVAL");
						String reply = !list ? "+OK\r\n" : (asked.incrementAndGet() == 1) ? HALF : WHOLE;
						socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
						if (reply == HALF) {
							Thread.sleep(200);
							socket.close();
							break;
						}
					}
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			// closed
		}
	}

}
END
javac -cp 'lib/*' Show.java
java -cp 'lib/*:.' Show 2>/dev/null | tee output
diff output - <<'END'
LRANGE: [a, a, b], asked 2 times
EVAL with ScriptOutputType.MULTI: [a, [a], b], asked 2 times
END
