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

package io.github.springsse.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.SocketFactory;

import io.github.springsse.bench.LibraryEvents.Kind;
import io.github.springsse.testsupport.SelfSignedCertificate;

/**
 * Measures compressed streams of one topic: the bytes that clients receive, the processor
 * time of the server, and the memory of idle streams. The starter compresses each event
 * once; beside it are Tomcat, which compresses each stream, and Nchan behind nginx, which
 * does as well. {@code -Dbench.program=Compression}, and {@code -Dbench.options} with some
 * of {@code rounds=}, {@code seconds=} of a measurement, {@code warm-up=} (seconds for each
 * server), {@code streams=}, and {@code idle=} and {@code idle-tls=} streams, and the names
 * of some of the servers.
 * <p>
 * An event is published when all streams have received the one before, but not sooner
 * than 20 ms after it: servers that are fast enough have the same load.
 */
public final class Compression {

	private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(20);

	/** As many as are referred to, and more. */
	private static final int FIRST_EVENTS = 20;

	private static final int FIRST_IDLE_STREAMS = 300;

	private static final int EVENTS_OF_IDLE_STREAMS = 10;

	private final Map<String, Integer> options = new TreeMap<>(
			Map.of("rounds", 5, "seconds", 10, "warm-up", 30, "streams", 1000, "idle", 5000, "idle-tls", 2000));

	private final List<Site> sites;

	private final Map<Site, Subject> subjects = new EnumMap<>(Site.class);

	private final LibraryEvents events = new LibraryEvents();

	private Compression(String[] arguments) throws IOException {
		List<String> names = new ArrayList<>();
		for (String argument : arguments) {
			String[] parts = argument.split("=", 2);
			if (parts.length == 1) {
				names.add(argument.toUpperCase(Locale.ROOT));
			}
			else if (this.options.replace(parts[0], Integer.valueOf(parts[1])) == null) {
				throw new IllegalArgumentException(
						"'" + argument + "' is no option. These are the options: " + this.options);
			}
		}
		this.sites = names.isEmpty() ? List.of(Site.values()) : names.stream().map(Site::valueOf).toList();
	}

	/**
	 * Measure.
	 * @param arguments options as {@code name=number}
	 * @throws Exception if a server cannot be started, or does not deliver
	 */
	public static void main(String[] arguments) throws Exception {
		System.out.print(Machine.describe(arguments));
		Machine.pinThisProgram();
		Compression compression = new Compression(arguments);
		if (compression.options.get("rounds") > 0) {
			compression.measureDeliveries();
		}
		compression.measureIdleStreams();
	}

	private void measureDeliveries() throws IOException, InterruptedException {
		try {
			for (Site site : this.sites) {
				try {
					this.subjects.put(site, new Subject(site));
				}
				catch (Launcher.UnavailableException ex) {
					System.err.println("Without " + site.title + ": " + ex.getMessage());
				}
			}
			for (Subject subject : this.subjects.values()) {
				warmUp(subject);
			}
			for (int round = 1; round <= this.options.get("rounds"); round++) {
				for (Kind kind : Kind.values()) {
					for (Subject subject : this.subjects.values()) {
						Sample sample = measure(subject, kind, this.options.get("seconds"));
						subject.samples.get(kind).add(sample);
						System.err.println("round " + round + ": " + subject.site.title + ", " + kind.title() + ": " + sample);
					}
				}
			}
			print();
		}
		finally {
			for (Subject subject : this.subjects.values()) {
				subject.close();
			}
		}
	}

	private void warmUp(Subject subject) throws IOException, InterruptedException {
		System.err.println("warm-up: " + subject.site.title);
		for (Kind kind : Kind.values()) {
			measure(subject, kind, this.options.get("warm-up") / Kind.values().length);
		}
		subject.program.awaitIdle();
	}

	private Sample measure(Subject subject, Kind kind, int seconds) throws IOException, InterruptedException {
		Sample sample;
		EventPublisher publisher = subject.publisher;
		try (CountedStreams streams = new CountedStreams(subject.program.httpPort(), this.options.get("streams"),
				publisher, subject.site.compressed)) {
			for (int i = 0; i < FIRST_EVENTS; i++) {
				publisher.publish(this.events.next(kind));
				streams.awaitEvent();
			}
			sample = measure(subject, kind, streams, TimeUnit.SECONDS.toNanos(seconds));
			streams.check();
		}
		publisher.awaitNoStreams();
		return sample;
	}

	private Sample measure(Subject subject, Kind kind, CountedStreams streams, long nanos) throws IOException {
		Duration processorTime = subject.program.processorTime();
		long bytes = streams.bytes();
		long deliveries = streams.deliveries();
		long size = 0;
		int count = 0;
		long start = System.nanoTime();
		long due = start;
		while (due - start < nanos) {
			streams.readUntil(due);
			String data = this.events.next(kind);
			size += data.length();
			count++;
			subject.publisher.publish(data);
			streams.awaitEvent();
			due = Math.max(due + PERIOD, System.nanoTime());
		}
		deliveries = streams.deliveries() - deliveries;
		return new Sample(subject.program.processorTime().minus(processorTime).toNanos() / 1e3 / deliveries,
				(double) (streams.bytes() - bytes) / deliveries, (double) size / count,
				count / ((System.nanoTime() - start) / 1e9));
	}

	private void print() {
		List<Subject> all = List.copyOf(this.subjects.values());
		System.out.printf("%d streams, medians of %d rounds [minimum–maximum].%n", this.options.get("streams"),
				this.options.get("rounds"));
		table("Bytes on the wire for a delivery", all, (subject, kind) -> values(subject, kind, Sample::bytes), "%.0f");
		for (Subject base : all) {
			if (base.site == Site.UNCOMPRESSED) {
				table("The same, times " + base.site.title, all, (subject, kind) -> ratios(subject, base, kind, Sample::bytes),
						"%.3f");
			}
		}
		table("Microseconds of processor time of the server for a delivery", all,
				(subject, kind) -> values(subject, kind, Sample::micros), "%.2f");
		for (Subject base : all) {
			table("The same, times " + base.site.title, all, (subject, kind) -> ratios(subject, base, kind, Sample::micros),
					"%.3f");
		}
		table("Condition: bytes of the JSON of an event", all, (subject, kind) -> values(subject, kind, Sample::size), "%.0f");
		table("Condition: events a second", all, (subject, kind) -> values(subject, kind, Sample::rate), "%.0f");
	}

	private static void table(String title, List<Subject> subjects, Cell cell, String format) {
		System.out.println("\n| " + title + " | "
				+ Stream.of(Kind.values()).map(Kind::title).collect(Collectors.joining(" | ")) + " |");
		System.out.println("| --- ".repeat(1 + Kind.values().length) + "|");
		for (Subject subject : subjects) {
			System.out.println("| " + subject.site.title + " | "
					+ Stream.of(Kind.values()).map((kind) -> spread(cell.values(subject, kind), format)).collect(Collectors.joining(" | "))
					+ " |");
		}
	}

	private static String spread(double[] values, String format) {
		Arrays.sort(values);
		return String.format(Locale.ROOT, format + " [" + format + "–" + format + "]", values[values.length / 2], values[0],
				values[values.length - 1]);
	}

	private static double[] values(Subject subject, Kind kind, Figure figure) {
		return subject.samples.get(kind).stream().mapToDouble(figure::of).toArray();
	}

	/** Those of the same round. */
	private static double[] ratios(Subject subject, Subject base, Kind kind, Figure figure) {
		double[] result = values(subject, kind, figure);
		double[] ofBase = values(base, kind, figure);
		for (int i = 0; i < result.length; i++) {
			result[i] /= ofBase[i];
		}
		return result;
	}

	private void measureIdleStreams() throws IOException, InterruptedException, Launcher.UnavailableException {
		int plain = this.options.get("idle");
		int secure = this.options.get("idle-tls");
		SelfSignedCertificate certificate = new SelfSignedCertificate(Files.createTempDirectory(Program.DIRECTORY.toAbsolutePath(), "tls"));
		String[] properties = Stream.of(certificate.properties()).map((property) -> "--" + property).toArray(String[]::new);
		SocketFactory tls = certificate.clientContext().getSocketFactory();
		System.out.println("\n| KB of live heap for an idle stream on Tomcat | uncompressed | compressed | difference, bytes |");
		System.out.println("| --- | --- | --- | --- |");
		if (plain > 0) {
			idle("without TLS, " + plain + " streams", SocketFactory.getDefault(), plain);
		}
		if (secure > 0) {
			idle("with TLS, " + secure + " streams", tls, secure, properties);
		}
	}

	private void idle(String title, SocketFactory factory, int count, String... properties)
			throws IOException, InterruptedException, Launcher.UnavailableException {
		double uncompressed = idle(factory, count, Site.UNCOMPRESSED, properties);
		double compressed = idle(factory, count, Site.ONCE, properties);
		System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %.0f |%n", title, uncompressed / 1024, compressed / 1024,
				compressed - uncompressed);
	}

	/**
	 * Return the live heap of a stream that has received some events.
	 */
	private double idle(SocketFactory factory, int count, Site site, String... properties)
			throws IOException, InterruptedException, Launcher.UnavailableException {
		List<String> command = new ArrayList<>(site.launcher.prepare());
		command.addAll(List.of(properties));
		try (Program program = Program.server("compression-idle", command);
				EventPublisher publisher = new EventPublisher(program.controlPort(), false)) {
			// NOTE: the first streams stay open, since Tomcat keeps the buffers of connections
			// that are closed, and others would use them
			try (IdleStreams first = new IdleStreams(factory, program.httpPort(), FIRST_IDLE_STREAMS,
					site.compressed)) {
				long before = heap(program, publisher, FIRST_IDLE_STREAMS);
				try (IdleStreams further = new IdleStreams(factory, program.httpPort(), count, site.compressed)) {
					return (double) (heap(program, publisher, FIRST_IDLE_STREAMS + count) - before) / count;
				}
			}
		}
	}

	private long heap(Program program, EventPublisher publisher, int streams) throws IOException, InterruptedException {
		publisher.awaitStreams(streams, () -> {
		});
		publish(publisher);
		program.awaitIdle();
		return publisher.ask("heap");
	}

	private void publish(EventPublisher publisher) throws IOException {
		for (int i = 0; i < EVENTS_OF_IDLE_STREAMS; i++) {
			publisher.publish(this.events.next(Kind.LOAN));
		}
	}

	/**
	 * The servers.
	 */
	private enum Site {

		UNCOMPRESSED("starter, uncompressed", starter(), false),

		ONCE("starter, `sse.compression`", starter("--sse.compression.enabled=true"), true),

		EACH("starter, `server.compression`",
				starter("--server.compression.enabled=true", "--server.compression.mime-types=text/event-stream"), true),

		NCHAN("Nchan behind nginx with gzip", Launcher.nchanBehindGzip(), true);

		private final String title;

		private final Launcher launcher;

		private final boolean compressed;

		Site(String title, Launcher launcher, boolean compressed) {
			this.title = title;
			this.launcher = launcher;
			this.compressed = compressed;
		}

		private static Launcher starter(String... properties) {
			List<String> arguments = new ArrayList<>(List.of("tomcat", "--sse.transport=auto"));
			arguments.addAll(List.of(properties));
			return Launcher.java(ClassPath.STARTER, "StarterServer", arguments.toArray(String[]::new));
		}

	}

	/**
	 * A server that runs, and what was measured of it.
	 */
	private static final class Subject implements Closeable {

		private final Site site;

		private final Program program;

		private final EventPublisher publisher;

		private final Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);

		Subject(Site site) throws IOException, InterruptedException, Launcher.UnavailableException {
			this.site = site;
			this.program = Program.server("compression-" + site.name().toLowerCase(Locale.ROOT),
					site.launcher.prepare());
			try {
				this.publisher = new EventPublisher(this.program.controlPort(), site == Site.NCHAN);
			}
			catch (IOException | InterruptedException ex) {
				this.program.close();
				throw ex;
			}
			for (Kind kind : Kind.values()) {
				this.samples.put(kind, new ArrayList<>());
			}
		}

		@Override
		public void close() throws IOException {
			this.publisher.close();
			this.program.close();
		}

	}

	/**
	 * What was measured.
	 *
	 * @param micros processor time of the server for a delivery
	 * @param bytes bytes that a client receives for a delivery
	 * @param size bytes of the JSON of an event
	 * @param rate events a second
	 */
	private record Sample(double micros, double bytes, double size, double rate) {

	}

	private interface Figure {

		double of(Sample sample);

	}

	private interface Cell {

		double[] values(Subject subject, Kind kind);

	}

}
