#!/usr/bin/env bash
# Shows that the Flux of a unicast sink of Reactor is an Iterable, a Collection and a
# java.util.Queue, none of which can be read: iterator() throws
# UnsupportedOperationException, though isEmpty() tells that elements wait.
#
# Code that takes "many values" of any kind commonly asks instanceof Iterable, or
# Collection, before it asks for a Publisher. With most Fluxes that goes well, also
# with other operators on the same sink; with
# Sinks.many().unicast().onBackpressureBuffer().asFlux(), the usual bridge from a
# callback to a Flux, and with what groupBy() and window() give, such code fails,
# and the Flux would have worked. So ask for a Publisher first.
#
# Seen with reactor-core 3.8.8 and Java 17:
#
#     unicast sink: Iterable true, Queue true, isEmpty false, iterator UnsupportedOperationException, as a Flux [1, 2]
#     unicast sink, mapped: Iterable false
#     multicast sink: Iterable false
#     Flux.just: Iterable false
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
			<groupId>io.projectreactor</groupId>
			<artifactId>reactor-core</artifactId>
			<version>3.8.8</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import java.util.Collection;
import java.util.Queue;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

public class Show {

	public static void main(String[] args) {
		show("unicast sink", filled(Sinks.many().unicast().onBackpressureBuffer()));
		show("unicast sink, mapped", filled(Sinks.many().unicast().onBackpressureBuffer()).map((number) -> number));
		show("multicast sink", filled(Sinks.many().multicast().onBackpressureBuffer()));
		show("Flux.just", Flux.just(1, 2));
	}

	private static Flux<Object> filled(Sinks.Many<Object> sink) {
		sink.tryEmitNext(1).orThrow();
		sink.tryEmitNext(2).orThrow();
		sink.tryEmitComplete().orThrow();
		return sink.asFlux();
	}

	private static void show(String name, Object values) {
		String text = name + ": Iterable " + (values instanceof Iterable);
		if (values instanceof Collection<?> collection) {
			text += ", Queue " + (values instanceof Queue) + ", isEmpty " + collection.isEmpty() + ", iterator ";
			try {
				text += collection.iterator();
			}
			catch (RuntimeException ex) {
				text += ex.getClass().getSimpleName();
			}
			text += ", as a Flux " + ((Flux<?>) values).collectList().block();
		}
		System.out.println(text);
	}

}
END
javac -cp 'lib/*' Show.java
java -cp 'lib/*:.' Show 2>/dev/null | tee output
diff output - <<'END'
unicast sink: Iterable true, Queue true, isEmpty false, iterator UnsupportedOperationException, as a Flux [1, 2]
unicast sink, mapped: Iterable false
multicast sink: Iterable false
Flux.just: Iterable false
END
