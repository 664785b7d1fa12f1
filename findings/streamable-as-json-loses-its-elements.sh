#!/usr/bin/env bash
# Shows that Jackson writes a Streamable of Spring Data as {"empty":false}: all of
# its elements are lost, without an error, also where Spring MVC writes what a
# controller returns.
#
# Streamable is what Spring Data documents as a return type of repository methods
# ("an alternative to Iterable or any collection type"). It extends Iterable, and
# Jackson writes an Iterable as an array, but only if it has no other properties:
# Streamable has isEmpty(), which is taken for a getter, so it is written as an
# object with that one property. A Page, which extends it, has its own getters and
# content and is written as expected. toList() of the same Streamable is an array.
#
# Seen with spring-data-commons 4.1.2, jackson-databind 3.1.7 and Java 17:
#
#     Streamable.of(1, 2): {"empty":false}
#     the same with map(): {"empty":false,"stream":{}}
#     as a property of a record: {"numbers":{"empty":false}}
#     toList(): [1,2]
#     an Iterable of one method: [1,2]
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
			<groupId>org.springframework.data</groupId>
			<artifactId>spring-data-commons</artifactId>
			<version>4.1.2</version>
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
import java.util.List;

import org.springframework.data.util.Streamable;
import tools.jackson.databind.json.JsonMapper;

public class Show {

	record Holder(Streamable<Integer> numbers) {
	}

	public static void main(String[] args) {
		JsonMapper mapper = JsonMapper.builder().build();
		Streamable<Integer> numbers = Streamable.of(1, 2);
		Iterable<Integer> iterable = List.of(1, 2)::iterator;
		System.out.println("Streamable.of(1, 2): " + mapper.writeValueAsString(numbers));
		System.out.println("the same with map(): " + mapper.writeValueAsString(numbers.map((number) -> number + 1)));
		System.out.println("as a property of a record: " + mapper.writeValueAsString(new Holder(numbers)));
		System.out.println("toList(): " + mapper.writeValueAsString(numbers.toList()));
		System.out.println("an Iterable of one method: " + mapper.writeValueAsString(iterable));
	}

}
END
javac -cp 'lib/*' Show.java
java -cp 'lib/*:.' Show 2>/dev/null | tee output
diff output - <<'END'
Streamable.of(1, 2): {"empty":false}
the same with map(): {"empty":false,"stream":{}}
as a property of a record: {"numbers":{"empty":false}}
toList(): [1,2]
an Iterable of one method: [1,2]
END
