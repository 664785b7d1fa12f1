#!/usr/bin/env bash
# Shows that a Tomcat of Spring Boot without MBeans takes them from every Tomcat
# that the same JVM starts later, also where server.tomcat.mbeanregistry.enabled
# is true, and so the meters of its connections and threads.
#
# By default Spring Boot turns Tomcat's MBeans off, as setDisableMBeanRegistry of
# the factory does. It calls Registry.disableRegistry() of Tomcat for that, which
# is static: it is for the JVM, not for the server, and nothing turns it on again.
# Micrometer reads tomcat.connections.* and tomcat.threads.* from those MBeans. So
# a test that looks at these meters passes alone, and fails in a run where another
# application was started before; and of two applications in one JVM the one that
# was started first decides for both. Nothing is logged.
#
# Seen with spring-boot-tomcat 4.1.2, tomcat-embed-core 11.0.27 on Java 17, where
# each line is a JVM, and a number is how many MBeans tell of the server's
# connector after its start:
#
#     with MBeans alone              1
#     without, then with MBeans      0
#     with, then without MBeans      1
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
			<groupId>org.springframework.boot</groupId>
			<artifactId>spring-boot-tomcat</artifactId>
			<version>4.1.2</version>
		</dependency>
		<dependency>
			<groupId>org.apache.tomcat.embed</groupId>
			<artifactId>tomcat-embed-core</artifactId>
			<version>11.0.27</version>
		</dependency>
		<dependency>
			<groupId>org.springframework</groupId>
			<artifactId>spring-web</artifactId>
			<version>7.0.10</version>
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
import java.lang.management.ManagementFactory;

import javax.management.ObjectName;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

public class Show {

	public static void main(String[] kinds) throws Exception {
		int count = 0;
		for (String kind : kinds) {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
			factory.setDisableMBeanRegistry(kind.equals("without"));
			WebServer server = factory.getWebServer();
			server.start();
			if (kind.equals("with")) {
				ObjectName name = new ObjectName("*:type=ThreadPool,name=\"http-nio-auto-*\"");
				count = ManagementFactory.getPlatformMBeanServer().queryNames(name, null).size();
			}
		}
		System.out.println(count);
		System.exit(0);
	}

}
END

show() {
	timeout 120 java -cp "lib/*" Show.java "$@" 2>/dev/null | tail -1
}

alone=$(show with)
after=$(show without with)
before=$(show with without)
echo "with MBeans alone              $alone"
echo "without, then with MBeans      $after"
echo "with, then without MBeans      $before"
[ "$alone $after $before" = "1 0 1" ]
