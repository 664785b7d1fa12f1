#!/usr/bin/env bash
# Shows that Chromium 150 cannot read an event stream with "Content-Encoding: dcz"
# that was compressed with a trained zstd dictionary in the usual way, and that it
# reads one for which the same dictionary was used as raw content.
#
# A trained dictionary, as ZDICT and "zstd --train" write it, begins with the magic
# number 0xEC30A437, an id and entropy tables. "zstd -D" and the load functions of
# zstd recognize the magic number, and use the tables. Chromium does not: by RFC
# 9842, section 5, the dictionary of dcz is of the type "raw", and all of its bytes
# are content. So Chromium is right. But a server that trains a dictionary and loads
# it sends a stream that zstd reads with the same file, and Chromium does not.
# EventSource reports an error instead of the first event, connects again, and offers
# the same dictionary again. Frames without the id of the dictionary fail, too.
# Issue 4389 of facebook/zstd asks for a way to train raw dictionaries, or for a note
# in the documentation.
#
# A server should compress dcz with ZSTD_CCtx_refPrefix, which takes raw content and
# applies to one frame, or load the dictionary as ZSTD_dct_rawContent. A trained
# dictionary can be used as raw content, too. Here this costs one byte an event.
#
# Seen with chromium 150.0.7871.100-1~deb12u1 of Debian 12, zstd-jni 1.5.7-9 and a
# dictionary of 4 KB. Each of 10 events is flushed, and sent when the one before has
# arrived. With the dictionary loaded, zstd reads the first two completely:
#
#     dictionary of the server   bytes an event   zstd, raw content         Chromium
#     loaded                     25               Dictionary mismatch       0 events, 2 errors
#     loaded, frame without id   24               Dictionary is corrupted   0 events, 2 errors
#     raw content                26               10 events                 10 events
#
# (The page waits for the second error, which follows the second request.)
#
# Needs chromium (apt-get install chromium), java (17 or later) and mvn. Exits with
# 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

command -v chromium >/dev/null || { echo "No chromium on the path. Debian: apt-get install chromium" >&2; exit 2; }

cat >pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>finding</groupId>
	<artifactId>finding</artifactId>
	<version>1</version>
	<dependencies>
		<dependency>
			<groupId>com.github.luben</groupId>
			<artifactId>zstd-jni</artifactId>
			<version>1.5.7-9</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >page.html <<'END'
<!doctype html>
<title>dcz</title>
<script>
const post = (path, text) => fetch(path, { method: 'POST', body: text })

/** Reads the stream until all events have arrived or the second error. */
function read(mode) {
	return new Promise(resolve => {
		const source = new EventSource(`/${mode}/events`)
		let events = 0
		let errors = 0
		const end = () => {
			source.close()
			resolve(`${events} events, ${errors} errors`)
		}
		const timer = setTimeout(end, 15_000)
		source.onmessage = () => {
			if (++events === 10) {
				clearTimeout(timer)
				end()
			}
			post(`/${mode}/arrived`, '')
		}
		source.onerror = () => {
			if (++errors === 2) {
				clearTimeout(timer)
				end()
			}
		}
	})
}

/** Waits until the browser offers the dictionary that it has just fetched. */
async function offered(mode) {
	for (let i = 0; i < 100; i++) {
		if (await (await fetch(`/${mode}/probe`)).text() === 'true') {
			return
		}
		await new Promise(resolve => setTimeout(resolve, 100))
	}
}

async function run() {
	for (const mode of ['loaded', 'loaded-without-id', 'raw']) {
		await (await fetch(`/${mode}/dictionary`)).arrayBuffer()
		await offered(mode)
		await post(`/${mode}/seen`, await read(mode))
	}
	await post('/done', navigator.userAgent)
}
run()
</script>
END

cat >Show.java <<'END'
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

public class Show {

	static final List<String> MODES = List.of("loaded", "loaded-without-id", "raw");

	static final int EVENTS = 10;

	static final Random random = new Random(42);

	static final List<byte[]> events = Stream.generate(Show::event).limit(EVENTS).toList();

	static final byte[] dictionary = train();

	static final Map<String, Seen> seen = new ConcurrentHashMap<>();

	static final CompletableFuture<String> done = new CompletableFuture<>();

	/** What the server and the page have seen of one kind of stream. */
	static class Seen {

		/** One permit for each event that the page has received. */
		final Semaphore arrived = new Semaphore(0);

		volatile int requests;

		volatile String acceptEncoding;

		volatile String page;

	}

	public static void main(String[] args) throws Exception {
		System.out.println("Dictionary: " + dictionary.length + " bytes, begins with "
				+ HexFormat.ofDelimiter(" ").formatHex(dictionary, 0, 4));
		boolean asStated = true;
		for (String mode : MODES) {
			seen.put(mode, new Seen());
			byte[] stream = compressed(mode);
			String loaded = decompress(stream, dictionary);
			String raw = decompress(stream, rawContent());
			System.out.printf("%-18s %d bytes an event; zstd, dictionary loaded: %s; zstd, raw content: %s%n", mode,
					stream.length / EVENTS, loaded, raw);
			asStated &= mode.equals("raw") ? raw.equals("10 events")
					: loaded.equals("10 events") && raw.startsWith("Dictionary ");
		}
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", Show::handle);
		server.start();
		List<String> command = new ArrayList<>(List.of(args));
		command.add("http://localhost:" + server.getAddress().getPort() + "/");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(new File("chromium.log"));
		builder.environment().put("HOME", Path.of("").toAbsolutePath().toString());
		Process browser = builder.start();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			browser.destroy();
			try {
				if (!browser.waitFor(10, TimeUnit.SECONDS)) {
					browser.destroyForcibly().waitFor();
				}
			}
			catch (InterruptedException ex) {
				browser.destroyForcibly();
			}
		}));
		System.out.println(done.get(90, TimeUnit.SECONDS));
		System.out.println("Accept-Encoding: " + seen.get("raw").acceptEncoding);
		for (String mode : MODES) {
			Seen one = seen.get(mode);
			String expected = mode.equals("raw") ? "10 events, 0 errors" : "0 events, 2 errors";
			System.out.printf("%-18s Chromium: %s, %d requests%n", mode, one.page, one.requests);
			asStated &= one.page.equals(expected) && one.requests == (mode.equals("raw") ? 1 : 2);
		}
		System.out.println(asStated ? "As stated." : "CHANGED: see the lines above.");
		System.exit(asStated ? 0 : 1);
	}

	static byte[] event() {
		return ("data: {\"station\":\"s-%d\",\"kind\":\"%s\",\"celsius\":%.1f,\"humidity\":%d,\"battery\":\"%s\"}\n\n")
				.formatted(random.nextInt(1000), List.of("roof", "cellar", "yard").get(random.nextInt(3)),
						random.nextDouble() * 40, random.nextInt(100),
						List.of("full", "low", "unknown").get(random.nextInt(3)))
				.getBytes(StandardCharsets.US_ASCII);
	}

	static byte[] train() {
		ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 4096, 3);
		for (int i = 0; i < 5000; i++) {
			trainer.addSample(event());
		}
		return trainer.trainSamples();
	}

	/**
	 * Gives the dictionary without its first byte. zstd-jni has no refPrefix, but zstd
	 * takes a dictionary without the magic number for raw content. Offsets count back
	 * from the end of the dictionary, so the client reads the same with its first byte.
	 */
	static byte[] rawContent() {
		return Arrays.copyOfRange(dictionary, 1, dictionary.length);
	}

	static ZstdCompressCtx compressor(String mode) {
		ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(3);
		compressor.setDictID(!mode.equals("loaded-without-id"));
		compressor.loadDict(mode.equals("raw") ? rawContent() : dictionary);
		return compressor;
	}

	/** Compresses one part of a stream, and flushes it or ends the stream. */
	static byte[] compress(ZstdCompressCtx compressor, byte[] bytes, EndDirective directive) {
		ByteBuffer source = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
		ByteBuffer target = ByteBuffer.allocateDirect(1 << 16);
		while (!compressor.compressDirectByteBufferStream(target, source, directive)) {
			// until all is written
		}
		byte[] result = new byte[target.flip().remaining()];
		target.get(result);
		return result;
	}

	static byte[] compressed(String mode) throws IOException {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		try (ZstdCompressCtx compressor = compressor(mode)) {
			for (byte[] event : events) {
				stream.write(compress(compressor, event, EndDirective.FLUSH));
			}
			stream.write(compress(compressor, new byte[0], EndDirective.END));
		}
		return stream.toByteArray();
	}

	/** Tells what zstd makes of a stream. */
	static String decompress(byte[] stream, byte[] dictionary) {
		ByteBuffer source = ByteBuffer.allocateDirect(stream.length).put(stream).flip();
		ByteBuffer target = ByteBuffer.allocateDirect(1 << 16);
		try (ZstdDecompressCtx decompressor = new ZstdDecompressCtx()) {
			decompressor.loadDict(dictionary);
			while (!decompressor.decompressDirectByteBufferStream(target, source)) {
				// until the frame ends
			}
		}
		catch (ZstdException ex) {
			return ex.getMessage();
		}
		ByteBuffer all = ByteBuffer.allocate(1 << 16);
		events.forEach(all::put);
		return target.flip().equals(all.flip()) ? EVENTS + " events" : "other text";
	}

	static void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String[] path = exchange.getRequestURI().getPath().split("/");
			if (path.length == 0) {
				respond(exchange, "text/html", Files.readAllBytes(Path.of("page.html")));
			}
			else if (path[1].equals("done")) {
				String agent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
				respond(exchange, "text/plain", new byte[0]);
				done.complete(agent.replaceAll(".*(HeadlessChrome\\S*).*", "$1"));
			}
			else if (!seen.containsKey(path[1])) {
				exchange.sendResponseHeaders(404, -1);
			}
			else {
				handle(exchange, path[1], path[2]);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	static void handle(HttpExchange exchange, String mode, String action) throws IOException, InterruptedException {
		switch (action) {
			case "dictionary" -> {
				exchange.getResponseHeaders().set("Use-As-Dictionary", "match=\"/" + mode + "/*\"");
				exchange.getResponseHeaders().set("Cache-Control", "max-age=3600");
				respond(exchange, "application/octet-stream", dictionary);
			}
			case "probe" -> respond(exchange, "text/plain", String.valueOf(offers(exchange)).getBytes());
			case "arrived" -> {
				seen.get(mode).arrived.release();
				respond(exchange, "text/plain", new byte[0]);
			}
			case "seen" -> {
				seen.get(mode).page = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
				respond(exchange, "text/plain", new byte[0]);
			}
			case "events" -> stream(exchange, mode);
			default -> exchange.sendResponseHeaders(404, -1);
		}
	}

	/** Sends each event when the one before has arrived. */
	static void stream(HttpExchange exchange, String mode) throws IOException, InterruptedException {
		if (!offers(exchange)) {
			exchange.sendResponseHeaders(406, -1);
			return;
		}
		Seen one = seen.get(mode);
		one.requests++;
		one.acceptEncoding = exchange.getRequestHeaders().getFirst("Accept-Encoding");
		exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
		exchange.getResponseHeaders().set("Cache-Control", "no-store");
		exchange.getResponseHeaders().set("Vary", "Accept-Encoding, Available-Dictionary");
		exchange.getResponseHeaders().set("Content-Encoding", "dcz");
		exchange.sendResponseHeaders(200, 0);
		OutputStream body = exchange.getResponseBody();
		body.write(HexFormat.of().parseHex("5e2a4d1820000000"));
		body.write(hash());
		try (ZstdCompressCtx compressor = compressor(mode)) {
			for (byte[] event : events) {
				body.write(compress(compressor, event, EndDirective.FLUSH));
				body.flush();
				// Longer than the page waits: an error in the page is not the end of the stream.
				if (!one.arrived.tryAcquire(30, TimeUnit.SECONDS)) {
					return;
				}
			}
			body.write(compress(compressor, new byte[0], EndDirective.END));
		}
	}

	/** Tells whether the browser has the dictionary and accepts dcz. */
	static boolean offers(HttpExchange exchange) {
		String available = exchange.getRequestHeaders().getFirst("Available-Dictionary");
		String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
		return (":" + Base64.getEncoder().encodeToString(hash()) + ":").equals(available) && accepted.contains("dcz");
	}

	static byte[] hash() {
		try {
			return MessageDigest.getInstance("SHA-256").digest(dictionary);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	static void respond(HttpExchange exchange, String type, byte[] body) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", type);
		exchange.sendResponseHeaders(200, (body.length == 0) ? -1 : body.length);
		exchange.getResponseBody().write(body);
	}

}
END
sandbox=()
[ "$(id -u)" -ne 0 ] || sandbox=(--no-sandbox) # Chromium does not start for root otherwise.
chromium --version 2>/dev/null
timeout 120 java -XX:TieredStopAtLevel=1 -cp 'lib/*' Show.java chromium "${sandbox[@]}" --headless=new --disable-gpu \
	--disable-dev-shm-usage --disable-breakpad --no-first-run --disable-background-networking \
	--disable-component-update --disable-sync --user-data-dir="$folder/profile" || {
	status=$?
	grep -v dbus chromium.log >&2 || true
	exit "$status"
}
